# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference vectors for attention, upsampling and truncated back-propagation, by PyTorch in float64: output,
loss, gradients by its autograd, and the weights after ten Adam steps.

usage: python3 sequence.py > sequence.txt

Each case is a net in words, as in fns, under the mean squared error of 6 rows. The weights are one vector in
the order of fns, of which PyTorch's modules get what they need.
"""
import numpy as np
import torch
import torch.nn.functional as F

ROWS = 6
SHARES = [1, 0.2, 0.7, 0.45, 1, 0.6]  # of the steps that ragged samples have

class Call:
    """One pass: the weights are taken from the front, layer by layer."""
    def __init__(self, weights, lengths):
        self.weights, self.lengths, self.at = weights, lengths, 0

    def take(self, *shape):
        size = int(np.prod(shape))
        self.at += size
        return self.weights[self.at - size:self.at].reshape(shape)

    def clear(self, x):
        """0 beyond the length of each sample."""
        if self.lengths is None:
            return x
        steps = torch.arange(x.shape[1])[None, :] < torch.tensor(self.lengths)[:, None]
        return torch.where(steps.reshape(steps.shape + (1,) * (x.dim() - 2)), x, 0.0)

def waves(steps, features):
    t, j = np.arange(steps)[:, None], np.arange(features)[None, :]
    angle = t / 10000.0 ** (j // 2 * 2 / features)
    return torch.tensor(np.where(j % 2, np.cos(angle), np.sin(angle)))

def hidden(call, rows, steps, causal):
    """(rows, steps, steps): True where a step may be looked at."""
    seen = torch.ones(rows, steps, steps, dtype=torch.bool)
    if causal:
        seen = seen.tril()
    if call.lengths is not None:
        seen = seen & (torch.arange(steps)[None, None, :] < torch.tensor(call.lengths)[:, None, None])
    return seen

def attention(call, x, words, options):
    rows, steps, features = x.shape
    units, heads = int(words[0]), int(options.get("heads", 4))
    w, b = call.take(features, 3 * units), call.take(3 * units)
    wo, bo = call.take(units, units), call.take(units)
    positions = options.get("positions", "none")
    if positions == "learned":
        x = x + call.take(steps, features)
    if positions == "sinusoidal":
        x = x + waves(steps, features)
    seen = hidden(call, rows, steps, options.get("mask") == "causal")
    if features == units:
        masked = ~seen.repeat_interleave(heads, dim=0)
        y = F.multi_head_attention_forward(
            *[x.transpose(0, 1)] * 3, units, heads, w.T, b, None, None, False, 0.0, wo.T, bo,
            need_weights=False, attn_mask=masked)[0].transpose(0, 1)
    else:
        q, k, v = [(part.reshape(rows, steps, heads, -1).transpose(1, 2)) for part in (x @ w + b).split(units, 2)]
        o = F.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None])
        y = o.transpose(1, 2).reshape(rows, steps, units) @ wo + bo
    return call.clear(y)

def upsample(call, x, words, options):
    factors = [int(word) for word in words] * (x.dim() - 2 if len(words) == 1 else 1)
    linear = options.get("method") == "linear"
    mode = ("nearest", "linear" if x.dim() == 3 else "bilinear")[linear]
    aligned = {"align_corners": False} if linear else {}
    def enlarge(part):
        return F.interpolate(part.movedim(-1, 1), scale_factor=tuple(map(float, factors)), mode=mode,
                             **aligned).movedim(1, -1)
    if call.lengths is None:
        return enlarge(x)
    parts = [enlarge(x[i:i + 1, :n]) for i, n in enumerate(call.lengths)]
    call.lengths = [n * factors[0] for n in call.lengths]
    steps = x.shape[1] * factors[0]
    return torch.cat([F.pad(part, (0, 0, 0, steps - part.shape[1])) for part in parts])

def recurrent(kind):
    gates = {"rnn": [0], "lstm": [0, 1, 2, 3], "gru": [1, 0, 2]}[kind]
    module_of = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind]

    def order(part, units):
        return torch.cat([part[..., g * units:(g + 1) * units] for g in gates], dim=-1)

    def layer(call, x, words, options):
        units, features = int(words[0]), x.shape[2]
        columns, every = units * len(gates), int(options["truncate"])
        u, w, b = (order(call.take(*shape), units)
                   for shape in ((units, columns), (features, columns), (columns,)))
        second = torch.zeros_like(b)
        if kind == "gru":
            second = torch.cat([second[:2 * units], call.take(units)])
        module = module_of(features, units, batch_first=True, dtype=torch.float64)
        named = {"weight_ih_l0": w.T, "weight_hh_l0": u.T, "bias_ih_l0": b, "bias_hh_l0": second}
        rows = []
        for i in range(len(x)):
            length = x.shape[1] if call.lengths is None else call.lengths[i]
            own, state, outputs = x[i:i + 1, :length], None, []
            if options.get("reverse") == "on":
                own = own.flip(1)
            for piece in own.split(every, dim=1):
                if state is not None:
                    state = tuple(s.detach() for s in state) if kind == "lstm" else state.detach()
                out, state = torch.func.functional_call(module, named, (piece, state))
                outputs.append(out)
            h = torch.cat(outputs, dim=1)
            if options.get("sequences") != "on":
                rows.append(h[:, -1])
                continue
            if options.get("reverse") == "on":
                h = h.flip(1)
            rows.append(F.pad(h, (0, 0, 0, x.shape[1] - length)))
        return torch.cat(rows)
    return layer

def dense(call, x, words, options):
    return x @ call.take(x.shape[-1], int(words[0])) + call.take(int(words[0]))

def conv1d(call, x, words, options):
    assert options == {"kernel": "1"}
    y = call.clear(dense(call, x, words, options))
    return F.gelu(y) if "gelu" in words else y

def layernorm(call, x, words, options):
    scale, shift = call.take(x.shape[-1]), call.take(x.shape[-1])
    return call.clear(F.layer_norm(x, scale.shape, scale, shift))

def globalpool(call, x, words, options):
    if call.lengths is None:
        return x.mean(dim=1)
    return x.sum(dim=1) / torch.tensor(call.lengths, dtype=x.dtype)[:, None]

LAYERS = {"attention": attention, "upsample": upsample, "rnn": recurrent("rnn"), "lstm": recurrent("lstm"),
          "gru": recurrent("gru"), "dense": dense, "conv1d": conv1d, "layernorm": layernorm,
          "globalpool": globalpool, "flatten": lambda call, x, words, options: x.flatten(1)}

def output(call, x, text):
    kept = []
    for line in text.split(";")[1:]:
        words = line.split()
        options = dict(word.split("=") for word in words if "=" in word)
        operands = [word for word in words[1:] if "=" not in word]
        if words[0] == "residual":
            kept.append(x)
        elif words[0] == "end":
            x = x + kept.pop()
        else:
            x = LAYERS[words[0]](call, x, operands, options)
    return x[:, 0]

def forward(w, x, y, text, lengths):
    call = Call(w, list(lengths) if lengths else None)
    out = output(call, x, text)
    return call, out, ((out - y) ** 2).mean()

BLOCK = ("residual; layernorm; attention 4 heads=2 mask=causal positions=learned; end; "
         "residual; layernorm; conv1d 6 gelu kernel=1; conv1d 4 kernel=1; end; globalpool; dense 1")
CASES = [  # ragged, net
    (0, "input 5 4; attention 4; flatten; dense 1"),
    (0, "input 5 4; attention 4 heads=1 mask=causal; flatten; dense 1"),
    (0, "input 5 3; attention 6 heads=2; flatten; dense 1"),
    (0, "input 5 3; attention 6 heads=3 mask=causal positions=sinusoidal; flatten; dense 1"),
    (0, "input 5 4; attention 4 heads=2 positions=learned; flatten; dense 1"),
    (1, "input 5 4; attention 4 heads=2; globalpool; dense 1"),
    (1, "input 5 3; attention 4 heads=2 mask=causal positions=sinusoidal; globalpool; dense 1"),
    (1, "input 5 3; attention 4 heads=2 positions=learned; attention 6 heads=3; globalpool; dense 1"),
    (0, "input 1 3; attention 4 heads=2; flatten; dense 1"),
    (0, "input 70 2; attention 4 heads=2 mask=causal; globalpool; dense 1"),
    (1, "input 70 2; attention 4 heads=2; globalpool; dense 1"),
    (0, "input 6 4; " + BLOCK),
    (1, "input 6 4; " + BLOCK),
    (0, "input 4 2; conv1d 3 kernel=1; upsample 2; flatten; dense 1"),
    (0, "input 4 2; conv1d 3 kernel=1; upsample 3 method=linear; flatten; dense 1"),
    (1, "input 4 2; conv1d 3 kernel=1; upsample 3 method=linear; globalpool; dense 1"),
    (0, "input 3 4 2; layernorm; upsample 2 3; flatten; dense 1"),
    (0, "input 3 4 2; layernorm; upsample 3 2 method=linear; flatten; dense 1"),
]
CASES += [(ragged, f"input 7 2; {kind} 3 truncate={every}{rest}; {head}dense 1")
          for kind in ("rnn", "lstm", "gru")
          for ragged, every, rest, head in ((0, 3, "", ""), (0, 1, "", ""), (1, 2, "", ""),
                                            (1, 2, " reverse=on", ""), (1, 3, " sequences=on", "globalpool; "),
                                            (1, 2, " sequences=on reverse=on", "globalpool; "))]

def show(word, values):
    values = np.asarray(values.detach()).ravel()
    print(word, len(values), *(repr(float(v)) for v in values))

def make(number, ragged, text):
    rng = np.random.default_rng(300 + number)
    shape = [int(word) for word in text.split(";")[0].split()[1:]]
    x, y = rng.uniform(-1, 1, [ROWS] + shape).round(3), torch.tensor(rng.uniform(-1, 1, ROWS).round(3))
    lengths = [max(1, round(shape[0] * share)) for share in SHARES] if ragged else None
    for i, n in enumerate(lengths or []):
        x[i, n:] = 0
    x = torch.tensor(x)
    count = forward(torch.zeros(10000, dtype=torch.float64), x, y, text, lengths)[0].at
    w = torch.tensor(rng.uniform(-1, 1, count).round(3), requires_grad=True)
    print("case", *(lengths or [shape[0]] * ROWS), text)
    show("x", x)
    show("y", y)
    show("weights", w)
    _, out, loss = forward(w, x, y, text, lengths)
    loss.backward()
    show("output", out)
    show("loss", loss)
    show("gradient", w.grad)
    # the bias of K has no gradient but rounding, which a smaller eps would show
    adam = torch.optim.Adam([w], lr=0.02, eps=1e-6)
    for _ in range(10):
        adam.zero_grad()
        forward(w, x, y, text, lengths)[2].backward()
        adam.step()
    show("after", w)

if __name__ == "__main__":
    for number, case in enumerate(CASES):
        make(number, *case)
