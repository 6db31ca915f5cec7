# SPDX-License-Identifier: GPL-3.0-or-later
"""Nets written as in fns, computed by PyTorch or by Keras in float64, and the vectors that the tests read.

A family of cases is a Python file beside this one: it lists cases and calls `main`.
usage: python3 FAMILY.py > FAMILY.txt    forward, loss, gradients and ten steps by PyTorch
       python3 FAMILY.py --check         that FAMILY.txt is what PyTorch gives now, and what Keras gives

All weights of a net are one list of tensors in the order and layout of fns: channels last, a kernel is
(height, width, channels, filters), a matrix (in, out). Gradients are PyTorch's own, by these tensors.
"""
import io
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
TOLERANCE = 1e-9  # of each tensor's largest magnitude: the same file on another machine, or another framework
BLOCKS = ("residual", "parallel", "bidirectional")

ACTIVATIONS = {
    "linear": lambda x: x, "relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "elu": F.elu, "selu": F.selu,
    "softmax": lambda x: torch.softmax(x, -1), "leaky_relu": lambda x: F.leaky_relu(x, 0.01), "gelu": F.gelu,
    "swish": F.silu, "softplus": F.softplus,
}
KERAS_ACTIVATIONS = {"swish": "silu"}  # where its name differs; leaky_relu has another slope

# ---- the text of a net

class Layer:
    def __init__(self, text):
        words = text.split()
        self.kind = words[0]
        self.options = dict(word.split("=") for word in words[1:] if "=" in word)
        self.plain = [word for word in words[1:] if "=" not in word]

    def get(self, option, default):
        return self.options.get(option, default)

    def units(self):
        return int(self.plain[0])

    def activation(self, default="linear"):
        given = [word for word in self.plain if word in ACTIVATIONS]
        return given[0] if given else self.get("activation", default)

    def pair(self, option, dims, default="1"):
        numbers = [int(n) for n in self.get(option, default).split(",")]
        return [numbers[0], numbers[-1]][2 - dims:] if dims == 1 else [numbers[0], numbers[-1]]

def parse(lines):
    """Layers, and blocks as (word of the block, options, parts); the parts of `parallel` are its branches."""
    def block(at):
        parts = []
        while at < len(lines):
            words = lines[at].split()
            if words[0] in ("end", "branch"):
                break
            if words[0] not in BLOCKS:
                parts.append(Layer(lines[at]))
                at += 1
                continue
            options, inner, at = dict(word.split("=") for word in words[1:]), [], at + 1
            if words[0] == "parallel":
                while lines[at].split()[0] == "branch":
                    own = lines[at].split()[1:]
                    branch, at = block(at + 1)
                    inner.append((int(own[0]) if own else 0, branch))
            else:
                inner, at = block(at)
            parts.append((words[0], options, inner))
            at += 1
        return parts, at
    return block(0)[0]

def zeros(size, kernel, stride, dilation, padding):
    """What is put before and behind one dimension: `same` as in Keras, the smaller half first."""
    reach = (kernel - 1) * dilation + 1
    if padding == "valid":
        return [0, 0]
    missing = max((-(-size // stride) - 1) * stride + reach - size, 0)
    return [missing // 2, missing - missing // 2] if padding == "same" else [reach - 1, 0]

# ---- PyTorch

class Torch:
    """One way through a net: takes tensors from `w` in order, or makes them where w is None."""

    def __init__(self, w=None, rng=None, training=False, bare=False, stats=None):
        self.w, self.rng, self.training, self.bare, self.stats = w, rng, training, bare, stats
        self.at, self.made, self.decays, self.moments = 0, [], [], []

    def tensor(self, shape, decays=False):
        if self.w is None:
            self.made.append(torch.tensor(self.rng.uniform(-0.7, 0.7, shape).round(4)))
            self.decays.append(decays)
            return self.made[-1]
        self.at += 1
        return self.w[self.at - 1]

    def ends(self, layer, x, last, default="linear"):
        return x if last and self.bare else ACTIVATIONS[layer.activation(default)](x)

    def dense(self, layer, x, last):
        weight = self.tensor((x.shape[-1], layer.units()), True)
        y = x @ weight
        if layer.get("bias", "on") == "on":
            y = y + self.tensor((layer.units(),))
        return self.ends(layer, y, last)

    def conv(self, layer, x, last, dims):
        kernel, padding = layer.pair("kernel", dims, "3"), layer.get("padding", "valid")
        stride, dilation = layer.pair("stride", dims), layer.pair("dilation", dims)
        if x.dim() == dims + 1:
            x = x.unsqueeze(-1)
        weight = self.tensor((*kernel, x.shape[-1], layer.units()), True)
        bias = self.tensor((layer.units(),)) if layer.get("bias", "on") == "on" else None
        x = x.movedim(-1, 1)
        ends = [zeros(x.shape[2 + i], kernel[i], stride[i], dilation[i], padding) for i in range(dims)]
        x = F.pad(x, [n for pair in reversed(ends) for n in pair])
        call = F.conv1d if dims == 1 else F.conv2d
        y = call(x, weight.movedim(-1, 0).movedim(-1, 1), bias, stride=stride, dilation=dilation)
        return self.ends(layer, y.movedim(1, -1), last)

    def pool(self, layer, x, how):
        dims = x.dim() - 2
        sizes = [int(n) for n in layer.plain] or [2]
        size = [sizes[0], sizes[-1]][:dims]
        stride = layer.pair("stride", dims) if "stride" in layer.options else size
        calls = {"max": (F.max_pool1d, F.max_pool2d), "avg": (F.avg_pool1d, F.avg_pool2d)}
        return calls[how][dims - 1](x.movedim(-1, 1), size, stride).movedim(1, -1)

    def globalpool(self, layer, x):
        over = tuple(range(1, x.dim() - 1))
        return x.amax(over) if "max" in layer.plain else x.mean(over)

    def embedding(self, layer, x):
        levels, columns = int(layer.options["levels"]) + 1, x.shape[-1]
        table = self.tensor((columns * levels, layer.units()))
        codes = x.long() + torch.arange(columns) * levels
        return F.embedding(codes, table).flatten(-2)

    def batchnorm(self, layer, x):
        n, epsilon = x.shape[-1], float(layer.get("epsilon", 1e-5))
        scale, shift = self.tensor((n,)), self.tensor((n,))
        over = tuple(range(x.dim() - 1))
        mean, variance = torch.zeros(n), torch.ones(n)
        if self.training:
            self.moments.append((x.mean(over).detach(), x.var(over, unbiased=False).detach(),
                                 float(layer.get("momentum", 0.9))))
        y = F.batch_norm(x.movedim(-1, 1), mean, variance, scale, shift, training=self.training, eps=epsilon)
        return y.movedim(1, -1)

    def layernorm(self, layer, x):
        n = x.shape[-1]
        return F.layer_norm(x, (n,), self.tensor((n,)), self.tensor((n,)), float(layer.get("epsilon", 1e-5)))

    def recurrent(self, layer, x, reverse=False):
        units, kind = layer.units(), layer.kind
        columns = units * {"rnn": 1, "lstm": 4, "gru": 3}[kind]
        recurrent, weight = self.tensor((units, columns), True), self.tensor((x.shape[-1], columns), True)
        bias = self.tensor((columns,))
        second = torch.zeros(columns)
        if kind == "gru":  # reset after: the second bias of the candidate alone
            second = torch.cat([second[units:], self.tensor((units,))])
            recurrent, weight, bias, second = (torch.cat([part[..., g * units:(g + 1) * units] for g in order], -1)
                                               for order in [(1, 0, 2)] for part in (recurrent, weight, bias, second))
        module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](
            x.shape[-1], units, batch_first=True)
        w = {"weight_ih_l0": weight.T, "weight_hh_l0": recurrent.T, "bias_ih_l0": bias, "bias_hh_l0": second}
        backwards = reverse != (layer.get("reverse", "off") == "on")
        states = torch.func.functional_call(module, w, (x.flip(1) if backwards else x,))[0]
        if layer.get("sequences", "off") != "on":
            return states[:, -1]
        return states.flip(1) if backwards else states

    def layer(self, layer, x, last, reverse=False):
        kind = layer.kind
        if kind in ("rnn", "lstm", "gru"):
            return self.recurrent(layer, x, reverse)
        if kind.startswith("conv"):
            return self.conv(layer, x, last, int(kind[4]))
        if kind in ("maxpool", "avgpool"):
            return self.pool(layer, x, kind[:3])
        if kind == "flatten":
            return x.flatten(1)
        if kind == "activation":
            return self.ends(layer, x, last)
        own = getattr(self, kind)
        return own(layer, x, last) if kind == "dense" else own(layer, x)

    def join(self, merge, parts):
        if merge == "concat":
            return torch.cat(parts, -1)
        stacked = torch.stack(parts)
        return {"sum": stacked.sum, "mean": stacked.mean, "product": stacked.prod, "max": stacked.amax}[merge](0)

    def slice(self, x, first, n):
        return x[:, first:first + n]

    def run(self, parts, x, top=True):
        for number, part in enumerate(parts):
            last = top and number == len(parts) - 1
            if isinstance(part, Layer):
                x = self.layer(part, x, last)
            elif part[0] == "residual":
                x = x + self.run(part[2], x, False)
            elif part[0] == "bidirectional":
                x = self.join(part[1].get("merge", "concat"),
                              [self.layer(part[2][0], x, False, reverse) for reverse in (False, True)])
            else:
                results, first = [], 0
                for own, branch in part[2]:
                    results.append(self.run(branch, self.slice(x, first, own) if own else x, False))
                    first += own
                x = self.join(part[1].get("merge", "concat"), results)
        return x

# ---- losses: of each row, from the outputs (of fused ones the logits)

def shares(y, smoothing):
    return y * (1 - smoothing) + smoothing / 2

def focal(z, y, smoothing, gamma=2, alpha=0.25):
    up, down = F.logsigmoid(z), F.logsigmoid(-z)
    return -(alpha * y * torch.sigmoid(-z) ** gamma * up + (1 - alpha) * (1 - y) * torch.sigmoid(z) ** gamma * down)

def pinball(z, y, smoothing, *quantiles):
    q = torch.tensor(quantiles or (0.5,))
    return torch.maximum(q * (y - z), (q - 1) * (y - z)).mean(1, keepdim=True)

def gaussian(z, y, smoothing):
    return F.gaussian_nll_loss(z[:, :1], y, z[:, 1:].exp(), full=True, eps=1e-300, reduction="none")

LOSSES = {
    "bce": lambda z, y, s: F.binary_cross_entropy_with_logits(z, shares(y, s), reduction="none"),
    "cce": lambda z, y, s: F.cross_entropy(z, y[:, 0].long(), label_smoothing=s, reduction="none")[:, None],
    "mse": lambda z, y, s: F.mse_loss(z, y.expand_as(z), reduction="none"),
    "mae": lambda z, y, s: F.l1_loss(z, y.expand_as(z), reduction="none"),
    "huber": lambda z, y, s, delta=1: F.huber_loss(z, y.expand_as(z), delta=delta, reduction="none"),
    "focal": focal, "pinball": pinball, "gaussian": gaussian,
}
FUSED = ("bce", "cce", "focal")

def arguments(text):
    """`huber(0.5)` as its word, places and keys."""
    word, _, rest = text.rstrip(")").partition("(")
    places, keys = [], {}
    for item in filter(None, (part.strip() for part in rest.split(","))):
        key, _, value = item.rpartition("=")
        value = value if value in ("on", "off") else float(value)
        if key:
            keys[key] = value
        else:
            places.append(value)
    return word, places, keys

# ---- a case

class Case:
    """One net with its data; fields that are not given keep the reader's defaults."""

    def __init__(self, sizes, lines, rows=6, target="n", levels=0, loss="mse", optimizer="adam", lr=0.01, smoothing=0.0,
                 epochs=10, within=0.0, weights=False, codes=0, steps=True, spread=1.0, keras=False):
        self.__dict__.update(vars())
        self.parts = parse(lines)

    def begin(self, number):
        rng = np.random.default_rng(number)
        size = (self.rows, *self.sizes)
        self.x = rng.integers(0, self.codes + 1, size) * 1.0 if self.codes else rng.uniform(-1, 1, size).round(4)
        self.y = {"n": rng.uniform(-1, 1, self.rows).round(4) * self.spread, "b": rng.integers(0, 2, self.rows) * 1.0,
                  "c": rng.permutation(np.arange(self.rows) % max(self.levels, 1)) * 1.0}[self.target]
        if self.loss.startswith("bce") and self.target == "n":
            self.y = rng.uniform(0, 1, self.rows).round(4)
        self.row_weights = rng.uniform(0.5, 2, self.rows).round(4) if self.weights else np.ones(self.rows)
        maker = Torch(rng=rng)
        maker.run(self.parts, torch.tensor(self.x))
        self.w = [w.clone().requires_grad_() for w in maker.made]
        self.decays = maker.decays
        return self

    def penalties(self):
        layers = [layer for layer in self.parts if isinstance(layer, Layer)]
        assert all("l2" not in str(part) for part in self.parts if not isinstance(part, Layer))
        given = [float(layer.get("l2", 0)) for layer in layers if layer.kind in ("dense", "conv1d", "conv2d")]
        matrices = [w for w, decays in zip(self.w, self.decays) if decays]
        return sum(l2 / 2 * (w * w).sum() for l2, w in zip(given, matrices)) if any(given) else 0

    def objective(self, runner=None):
        word, places, keys = arguments(self.loss)
        runner = runner or Torch(self.w, training=True, bare=word in FUSED)
        z, y = runner.run(self.parts, torch.tensor(self.x)), torch.tensor(self.y)[:, None]
        if word not in FUSED and self.target == "c":
            y = F.one_hot(y[:, 0].long(), self.levels) * 1.0
        rows = LOSSES[word](z, y, self.smoothing, *places, **keys).mean(1)
        w = torch.tensor(self.row_weights)
        return (w / w.mean() * rows).mean() + self.penalties()

    def gradient(self):
        for w in self.w:
            w.grad = None
        value = self.objective()
        value.backward()
        return float(value.detach()), flat([w.grad if w.grad is not None else torch.zeros_like(w) for w in self.w])

    def output(self):
        with torch.no_grad():
            return Torch(self.w).run(self.parts, torch.tensor(self.x)).numpy().ravel()

    def train(self):
        """The weights, and running means, after `epochs` steps."""
        statistics = None
        optimizer = OPTIMIZERS[arguments(self.optimizer)[0]](self, *arguments(self.optimizer)[1:])
        def closure():
            optimizer.zero_grad()
            value = self.objective()
            value.backward()
            return value
        for _ in range(self.epochs):
            runner = Torch(self.w, training=True)
            with torch.no_grad():
                runner.run(self.parts, torch.tensor(self.x))
            statistics = follow(statistics, runner.moments)
            optimizer.step(closure)
        return flat(self.w), [] if not statistics else np.concatenate([np.ravel(s) for s in statistics])

def follow(statistics, moments):
    """Running means: PyTorch's divide the variance by n - 1, those of fns (and Keras) by n."""
    if statistics is None:
        statistics = [np.stack([np.zeros(len(m)), np.ones(len(m))]) for m, _, _ in moments]
    return [momentum * old + (1 - momentum) * np.stack([m.numpy(), v.numpy()])
            for old, (m, v, momentum) in zip(statistics, moments)]

def flat(tensors):
    return np.concatenate([t.detach().numpy().ravel() for t in tensors])

# ---- optimizers, where PyTorch's definition is that of fns with these arguments

def decoupled(case, decay):
    """fns decays weights, not biases, and for every optimizer apart from the gradient."""
    return [{"params": [w for w, d in zip(case.w, case.decays) if d], "weight_decay": decay},
            {"params": [w for w, d in zip(case.w, case.decays) if not d], "weight_decay": 0.0}]

def torch_adam(case, places, keys, kind=torch.optim.Adam, **more):
    betas = (keys.get("beta1", 0.9), keys.get("beta2", 0.999))
    return kind(case.w, lr=case.lr, betas=betas, eps=keys.get("epsilon", 1e-8), **more)

def torch_adamw(case, places, keys):
    return torch.optim.AdamW(decoupled(case, keys.get("weight_decay", 0.01)), lr=case.lr, eps=1e-8)

def torch_nadam(case, places, keys):
    """PyTorch lets beta1 rise, b1 (1 - 0.96^(t d) / 2); in fns it stays: a large d does the same."""
    return torch_adam(case, places, keys, torch.optim.NAdam, momentum_decay=1e9)

def torch_sgd(case, places, keys):
    return torch.optim.SGD(case.w, lr=case.lr, momentum=keys.get("momentum", 0), nesterov=keys.get("nesterov") == "on")

def torch_rmsprop(case, places, keys):
    """The share that is kept is 0.9 in fns, as in the lecture; 0.99 in PyTorch."""
    return torch.optim.RMSprop(case.w, lr=case.lr, alpha=keys.get("rho", 0.9), momentum=keys.get("momentum", 0),
                               eps=keys.get("epsilon", 1e-8))

def torch_adagrad(case, places, keys):
    return torch.optim.Adagrad(case.w, lr=case.lr, initial_accumulator_value=keys.get("start", 0), eps=1e-10)

def torch_minimum(case, places, keys):
    """PyTorch's L-BFGS takes other ways than GSL's minimisers: what must agree is where they end."""
    return torch.optim.LBFGS(case.w, max_iter=500, tolerance_grad=1e-12, tolerance_change=1e-16,
                             line_search_fn="strong_wolfe")

OPTIMIZERS = {"adam": torch_adam, "adamw": torch_adamw, "nadam": torch_nadam, "sgd": torch_sgd,
              "rmsprop": torch_rmsprop, "adagrad": torch_adagrad, "lbfgs": torch_minimum, "cg": torch_minimum}

# ---- Keras: its own layers, with the same weights

class Keras(Torch):
    def __init__(self, w, training=False):
        super().__init__(w, training=training)
        import keras
        import tensorflow as tf
        keras.backend.set_floatx("float64")
        self.keras, self.tf, self.variables, self.statistics = keras, tf, [], []

    def call(self, layer, x, n, arrange=lambda w: w, back=lambda g: g, call=None, training=None):
        """Takes n tensors, in the order of fns, for a layer whose own order is arrange(them)."""
        layer.build(x.shape)
        own = arrange([self.tensor(None).detach().numpy() for _ in range(n)])
        frozen = [v.numpy() for v in layer.weights[len(own):]]
        layer.set_weights(own + frozen)
        y = layer(x, training=training) if training is not None else layer(x)
        self.variables.append((layer, back))
        return y

    def name(self, layer, default="linear"):
        name = layer.activation(default)
        return KERAS_ACTIVATIONS.get(name, name)

    def dense(self, layer, x, last):
        bias = layer.get("bias", "on") == "on"
        return self.call(self.keras.layers.Dense(layer.units(), self.name(layer), use_bias=bias), x, 1 + bias)

    def conv(self, layer, x, last, dims):
        bias = layer.get("bias", "on") == "on"
        if len(x.shape) == dims + 1:
            x = self.tf.expand_dims(x, -1)
        kind = self.keras.layers.Conv1D if dims == 1 else self.keras.layers.Conv2D
        own = kind(layer.units(), layer.pair("kernel", dims, "3"), strides=layer.pair("stride", dims),
                   dilation_rate=layer.pair("dilation", dims), padding=layer.get("padding", "valid"),
                   activation=self.name(layer), use_bias=bias)
        return self.call(own, x, 1 + bias)

    def pool(self, layer, x, how):
        dims = len(x.shape) - 2
        sizes = [int(n) for n in layer.plain] or [2]
        size = [sizes[0], sizes[-1]][:dims]
        stride = layer.pair("stride", dims) if "stride" in layer.options else size
        layers = self.keras.layers
        kind = {"max": (layers.MaxPooling1D, layers.MaxPooling2D),
                "avg": (layers.AveragePooling1D, layers.AveragePooling2D)}[how][dims - 1]
        one = (lambda pair: pair[0]) if dims == 1 else tuple
        return kind(one(size), one(stride))(x)

    def globalpool(self, layer, x):
        over = list(range(1, len(x.shape) - 1))
        return self.tf.reduce_max(x, over) if "max" in layer.plain else self.tf.reduce_mean(x, over)

    def embedding(self, layer, x):
        levels, columns = int(layer.options["levels"]) + 1, x.shape[-1]
        codes = self.tf.cast(x, "int64") + np.arange(columns) * levels
        y = self.call(self.keras.layers.Embedding(columns * levels, layer.units()), codes, 1)
        return self.tf.reshape(y, (*x.shape[:-1], columns * layer.units()))

    def batchnorm(self, layer, x):
        own = self.keras.layers.BatchNormalization(momentum=float(layer.get("momentum", 0.9)),
                                                   epsilon=float(layer.get("epsilon", 1e-5)))
        y = self.call(own, x, 2, training=self.training)
        self.statistics += [v.numpy() for v in own.non_trainable_variables if len(v.shape)]
        return y

    def layernorm(self, layer, x):
        return self.call(self.keras.layers.LayerNormalization(epsilon=float(layer.get("epsilon", 1e-5))), x, 2)

    def recurrent(self, layer, x, reverse=False):
        units, layers = layer.units(), self.keras.layers
        kind = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}[layer.kind]
        sequences = layer.get("sequences", "off") == "on"
        backwards = reverse != (layer.get("reverse", "off") == "on")
        own = kind(units, return_sequences=sequences, go_backwards=backwards)
        if layer.kind == "gru":
            def arrange(w):
                return [w[1], w[0], np.stack([w[2], np.concatenate([np.zeros(2 * units), w[3]])])]
            def back(g):
                return [g[1], g[0], g[2][0], g[2][1][2 * units:]]
            y = self.call(own, x, 4, arrange, back)
        else:
            y = self.call(own, x, 3, lambda w: [w[1], w[0], w[2]], lambda g: [g[1], g[0], g[2]])
        return self.tf.reverse(y, [1]) if sequences and backwards else y

    def layer(self, layer, x, last, reverse=False):
        if layer.kind == "flatten":
            return self.tf.reshape(x, (x.shape[0], -1))
        if layer.kind == "activation":
            return self.keras.activations.get(self.name(layer))(x)
        return super().layer(layer, x, last, reverse)

    def join(self, merge, parts):
        if merge == "concat":
            return self.tf.concat(parts, -1)
        over = {"sum": "reduce_sum", "mean": "reduce_mean", "product": "reduce_prod", "max": "reduce_max"}[merge]
        return getattr(self.tf, over)(self.tf.stack(parts), 0)

def keras_gradient(case, w):
    """Loss and gradient of mse by Keras's layers."""
    runner = Keras(w, True)
    tf = runner.tf
    with tf.GradientTape() as tape:
        output = runner.run(case.parts, tf.constant(case.x))
        loss = tf.reduce_mean((output - case.y[:, None]) ** 2)
    found = tape.gradient(loss, [own.trainable_variables for own, _ in runner.variables])
    parts = [part for (_, back), g in zip(runner.variables, found) for part in back([np.asarray(tf.convert_to_tensor(v)) for v in g])]
    return float(loss), np.concatenate([np.ravel(part) for part in parts])

def keras_values(case):
    """What PyTorch's values are compared with; ten steps of Adam by its formula on Keras's gradients."""
    output = np.ravel(Keras(case.w).run(case.parts, Keras(case.w).tf.constant(case.x)))
    loss, gradient = keras_gradient(case, case.w)
    sizes, w = [x.numel() for x in case.w], flat(case.w)
    m = v = 0
    for t in range(1, 11):
        now = [torch.tensor(part.reshape(x.shape)) for part, x in zip(np.split(w, np.cumsum(sizes)[:-1]), case.w)]
        g = keras_gradient(case, now)[1]
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w = w - case.lr * (m / (1 - 0.9 ** t)) / (np.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
    return {"output": output, "loss": [loss], "gradient": gradient, "after": w}

# ---- files

def numbers(word, values, digits=12):
    return word + " " + str(len(values)) + " " + " ".join(f"{v:.{digits}g}" for v in values)

def values_of(case, number):
    case.begin(number)
    found = {"x": case.x.ravel(), "y": case.y, "weights": flat(case.w), "output": case.output()}
    value, found["gradient"] = case.gradient()
    found["loss"] = [value]
    if case.steps:
        w = [part.detach().clone() for part in case.w]
        found["after"], found["stats"] = case.train()
        for own, part in zip(case.w, w):
            own.data.copy_(part)
    return found

def write(out, case, found):
    name = "Keras, PyTorch" if case.keras else "PyTorch"
    print("peer " + name, file=out)
    given = {"target": f"{case.target} {case.levels}", "loss": case.loss, "optimizer": case.optimizer,
             "lr": f"{case.lr:g}", "smoothing": f"{case.smoothing:g}", "epochs": case.epochs, "within": f"{case.within:g}"}
    usual = {"target": "n 0", "loss": "mse", "optimizer": "adam", "lr": "0.01", "smoothing": "0", "epochs": 10,
             "within": "0"}
    epochs = 300 if case.optimizer in ("lbfgs", "cg") else case.epochs
    for word, text in (given | {"epochs": epochs}).items():
        if text != usual[word]:
            print(word, text, file=out)
    if case.weights:
        print(numbers("w", case.row_weights), file=out)
    print("net", len(case.sizes), *case.sizes, len(case.lines), file=out)
    print(*case.lines, sep="\n", file=out)
    for word in ("x", "y", "weights", "output", "loss", "gradient", "after", "stats"):
        if word in found and len(found[word]):
            print(numbers(word, found[word]), file=out)
    print("end", file=out)

def far(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return np.abs(a - b).max() / max(np.abs(a).max(), 1e-300) if len(a) == len(b) else np.inf

def compare_files(made, path):
    """Words must be equal, numbers to TOLERANCE of the largest of their line."""
    worst = 0.0
    with open(path, encoding="ascii") as file:
        kept = file.read().splitlines()
    made = made.splitlines()
    assert len(made) == len(kept), f"{path}: {len(kept)} lines, now {len(made)}"
    for number, (a, b) in enumerate(zip(kept, made), 1):
        if a == b:
            continue
        a, b = a.split(), b.split()
        assert a[:2] == b[:2] and len(a) > 2, f"{path}:{number}: {a[:2]} is now {b[:2]}"
        difference = far([float(v) for v in a[2:]], [float(v) for v in b[2:]])
        assert difference < TOLERANCE, f"{path}:{number}: {a[0]} differs by {difference:.1e}"
        worst = max(worst, difference)
    return worst

def check_keras(case, found):
    other = keras_values(case)
    if len(found.get("stats", [])):
        runner, own = Keras(case.w, True), Torch(case.w, training=True)
        runner.run(case.parts, runner.tf.constant(case.x))
        own.run(case.parts, torch.tensor(case.x))
        other["running"] = np.concatenate(runner.statistics)
        found = found | {"running": np.concatenate([np.ravel(s) for s in follow(None, own.moments)])}
    worst = {word: far(found[word], other[word]) for word in other if word in found}
    print("Keras:", "; ".join(case.lines), *(f"{word} {error:.1e}" for word, error in worst.items()))
    assert max(worst.values()) < TOLERANCE, worst

def show_or_check(text, n, path):
    """Prints the vectors, or with --check compares them with the file beside the Python."""
    if "--check" not in sys.argv:
        sys.stdout.write(text)
        return
    path = path[:-3] + ".txt"
    print(f"{os.path.basename(path)}: {n} cases by PyTorch {torch.__version__}, "
          f"worst difference {compare_files(text, path):.1e}")

def main(cases, path):
    out = io.StringIO()
    for number, case in enumerate(cases):
        found = values_of(case, number)
        write(out, case, found)
        if case.keras and "--check" in sys.argv:
            check_keras(case, found)
    show_or_check(out.getvalue(), len(cases), path)
