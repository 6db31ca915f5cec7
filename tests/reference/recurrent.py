# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference vectors for recurrent nets: forward, loss, gradients, ten Adam steps, in float64 with NumPy.

usage: python3 recurrent.py > recurrent.txt
       python3 recurrent.py --check    compares with recurrent.txt, and with PyTorch (which has no other
                                       activations, and no reset before) and Keras, whichever can be imported

Each case is a layer of 3 units over 4 steps of 2 features (and, where it gives every step, an rnn of 2
units), then dense 1, under the mean squared error of 6 rows. Gradients are complex-step derivatives of the
formulas below: exact to rounding, and independent of any backward pass.
"""
import contextlib
import io
import sys

import numpy as np

ROWS, STEPS, FEATURES, UNITS = 6, 4, 2, 3
LENGTHS = [4, 1, 3, 2, 4, 3]

def relu(x):
    return np.where(x.real > 0, x, 0)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

FUNCTIONS = {"tanh": np.tanh, "relu": relu, "sigmoid": sigmoid, "linear": lambda x: x,
             "leaky_relu": lambda x: np.where(x.real < 0, 0.01 * x, x),
             "softplus": lambda x: np.log(1 + np.exp(x)), "swish": lambda x: x * sigmoid(x)}

class Layer:
    def __init__(self, kind, units, features, options):
        self.kind, self.units, self.features = kind, units, features
        self.options = dict(option.split("=") for option in options)
        self.a = FUNCTIONS[self.options.get("activation", "tanh")]
        self.s = FUNCTIONS[self.options.get("recurrent", "sigmoid")]
        self.sequences = self.options.get("sequences") == "on"
        self.reverse = self.options.get("reverse") == "on"
        self.before = self.options.get("reset") == "before"
        columns = units * {"rnn": 1, "lstm": 4, "gru": 3}[kind]
        self.shapes = [(units, columns), (features, columns), (columns,)]
        if kind == "gru" and not self.before:
            self.shapes.append((units,))

    def cell(self, w, x, h, c):
        n = self.units
        recurrent, weight, bias = w[:3]
        z = x @ weight + bias
        if self.kind == "rnn":
            return self.a(h @ recurrent + z), c
        if self.kind == "lstm":
            z = z + h @ recurrent
            i, f, o = self.s(z[:, :n]), self.s(z[:, n:2 * n]), self.s(z[:, 3 * n:])
            c = f * c + i * self.a(z[:, 2 * n:3 * n])
            return o * self.a(c), c
        gates = self.s(z[:, :2 * n] + h @ recurrent[:, :2 * n])
        update, reset, last = gates[:, :n], gates[:, n:], recurrent[:, 2 * n:]
        inner = (reset * h) @ last if self.before else reset * (h @ last + w[3])
        return update * h + (1 - update) * self.a(z[:, 2 * n:] + inner), c

    def forward(self, w, x, lengths):
        h = np.zeros((len(x), self.units), dtype=w[0].dtype)
        c, outputs = h, np.zeros((len(x), x.shape[1], self.units), dtype=w[0].dtype)
        for t in reversed(range(x.shape[1])) if self.reverse else range(x.shape[1]):
            alive = (t < lengths)[:, None]
            new_h, new_c = self.cell(w, x[:, t], h, c)
            h, c = np.where(alive, new_h, h), np.where(alive, new_c, c)
            outputs[:, t] = np.where(alive, h, 0)
        return outputs if self.sequences else h

class Net:
    def __init__(self, kind, options, ragged):
        self.layers = [Layer(kind, UNITS, FEATURES, options)]
        if self.layers[0].sequences:
            self.layers.append(Layer("rnn", 2, UNITS, []))
        self.shapes = [shape for layer in self.layers for shape in layer.shapes]
        self.shapes += [(self.layers[-1].units, 1), (1,)]
        self.size = sum(int(np.prod(shape)) for shape in self.shapes)
        self.lengths = np.array(LENGTHS if ragged else [STEPS] * ROWS)

    def parts(self, w):
        at, parts = 0, []
        for shape in self.shapes:
            size = int(np.prod(shape))
            parts.append(w[at:at + size].reshape(shape))
            at += size
        return parts

    def output(self, w, x):
        parts = self.parts(w)
        for layer in self.layers:
            x = layer.forward(parts, x, self.lengths)
            parts = parts[len(layer.shapes):]
        return (x @ parts[0] + parts[1])[:, 0]

    def loss(self, w, x, y):
        return ((self.output(w, x) - y) ** 2).mean()

    def gradient(self, w, x, y):
        gradient = np.zeros(self.size)
        for i in range(self.size):
            shifted = w.astype(complex)
            shifted[i] += 1e-30j
            gradient[i] = self.loss(shifted, x, y).imag / 1e-30
        return gradient

def adam(net, w, x, y, steps=10, lr=0.05):
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, steps + 1):
        g = net.gradient(w, x, y)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w = w - lr * (m / (1 - 0.9 ** t)) / (np.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
    return w

CASES = [  # kind, options, ragged
    ("rnn", [], 0), ("rnn", ["activation=relu"], 1), ("rnn", ["reverse=on"], 1), ("rnn", ["sequences=on"], 0),
    ("lstm", [], 0), ("lstm", ["activation=relu"], 0), ("lstm", ["reverse=on"], 1),
    ("lstm", ["sequences=on"], 1), ("lstm", ["activation=softplus", "recurrent=tanh"], 0),
    ("gru", [], 0), ("gru", ["activation=relu"], 0), ("gru", ["reverse=on"], 1), ("gru", ["sequences=on"], 1),
    ("gru", ["activation=swish", "recurrent=softplus"], 0),
    ("gru", ["reset=before"], 0), ("gru", ["reset=before", "activation=relu"], 1),
    ("gru", ["reset=before", "sequences=on", "reverse=on"], 0),
    ("gru", ["reset=before", "activation=leaky_relu"], 0),
]

def show(word, values):
    print(word, len(values), *(repr(float(v)) for v in values))

def numbers(number, case):
    rng = np.random.default_rng(100 + number)
    net = Net(*case)
    x = rng.uniform(-1, 1, (ROWS, STEPS, FEATURES))
    return net, rng.uniform(-1, 1, net.size), x, rng.uniform(-1, 1, ROWS)

# ---- peers

def per_gate(matrix, order, units):
    return np.concatenate([matrix[..., g * units:(g + 1) * units] for g in order], axis=-1)

def torch_layer(torch, layer, w):
    """The module with our weights; gates of GRU in its order r z n."""
    order = {"rnn": [0], "lstm": [0, 1, 2, 3], "gru": [1, 0, 2]}[layer.kind]
    kinds = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    extra = {"nonlinearity": layer.options.get("activation", "tanh")} if layer.kind == "rnn" else {}
    module = kinds[layer.kind](layer.features, layer.units, batch_first=True, dtype=torch.float64, **extra)
    recurrent, weight, bias = (per_gate(part, order, layer.units) for part in w[:3])
    second = np.zeros_like(bias)
    if layer.kind == "gru":
        second[2 * layer.units:] = w[3]
    with torch.no_grad():
        for name, values in (("weight_ih_l0", weight.T), ("weight_hh_l0", recurrent.T), ("bias_ih_l0", bias),
                             ("bias_hh_l0", second)):
            getattr(module, name).copy_(torch.tensor(values.copy()))
    return module, order

def torch_gradients(layer, module, order):
    back = [order.index(g) for g in range(len(order))]
    values = [per_gate(getattr(module, name).grad.numpy().T, back, layer.units)
              for name in ("weight_hh_l0", "weight_ih_l0", "bias_ih_l0")]
    if layer.kind == "gru":
        values.append(module.bias_hh_l0.grad.numpy()[2 * layer.units:])
    return values

def check_torch(net, w, x, y):
    """Difference of outputs and gradients, or None where PyTorch has no such layer."""
    import torch
    first = net.layers[0]
    if not set(first.options) <= {"sequences", "reverse"} | ({"activation"} if first.kind == "rnn" else set()):
        return None
    forward, lengths = torch.arange(STEPS)[None, :], torch.tensor(net.lengths)[:, None]
    backward = torch.where(forward < lengths, lengths - 1 - forward, forward)
    rows = torch.arange(ROWS)[:, None]
    parts, modules, value = net.parts(w), [], torch.tensor(x)
    for layer in net.layers:
        module, order = torch_layer(torch, layer, parts)
        modules.append((layer, module, order))
        value = value[rows, backward] if layer.reverse else value
        packed = torch.nn.utils.rnn.pack_padded_sequence(value, net.lengths, batch_first=True, enforce_sorted=False)
        states, final = module(packed)
        value = torch.nn.utils.rnn.pad_packed_sequence(states, batch_first=True, total_length=STEPS)[0]
        value = value[rows, backward] if layer.reverse else value
        if not layer.sequences:
            value = (final[0] if layer.kind == "lstm" else final)[0]
        parts = parts[len(layer.shapes):]
    dense = [torch.tensor(part.copy(), requires_grad=True) for part in parts]
    output = (value @ dense[0] + dense[1])[:, 0]
    ((output - torch.tensor(y)) ** 2).mean().backward()
    gradients = [g for entry in modules for g in torch_gradients(*entry)] + [d.grad.numpy() for d in dense]
    return compare(net, w, x, y, output.detach().numpy(), gradients)

def keras_layer(keras, layer):
    activation = layer.options.get("activation", "tanh")
    if activation == "leaky_relu":  # Keras has another slope, and rounds a given one to float
        activation = lambda x: keras.ops.where(x < 0, 0.01 * x, x)
    common = {"units": layer.units, "activation": activation, "return_sequences": layer.sequences,
              "go_backwards": layer.reverse}
    if layer.kind == "rnn":
        return keras.layers.SimpleRNN(**common)
    common["recurrent_activation"] = layer.options.get("recurrent", "sigmoid")
    if layer.kind == "lstm":
        return keras.layers.LSTM(**common)
    return keras.layers.GRU(reset_after=not layer.before, **common)

def keras_weights(layer, w):
    bias = w[2]
    if layer.kind == "gru" and not layer.before:
        bias = np.stack([bias, np.concatenate([np.zeros(2 * layer.units), w[3]])])
    return [w[1], w[0], bias]

def keras_gradients(layer, g):
    if layer.kind == "gru" and not layer.before:
        return [g[1], g[0], g[2][0], g[2][1][2 * layer.units:]]
    return [g[1], g[0], g[2]]

def check_keras(net, w, x, y):
    import tensorflow as tf
    from tensorflow import keras
    keras.backend.set_floatx("float64")
    mask = tf.constant(np.arange(STEPS)[None, :] < net.lengths[:, None])
    parts, layers, value = net.parts(w), [], tf.constant(x)
    for layer in net.layers:
        layers.append((layer, keras_layer(keras, layer), parts))
        parts = parts[len(layer.shapes):]
    dense = [tf.Variable(part) for part in parts]
    for layer, own, own_parts in layers:
        own.build((ROWS, STEPS, layer.features))
        own.set_weights(keras_weights(layer, own_parts))
    with tf.GradientTape() as tape:
        for layer, own, _ in layers:
            value = own(value, mask=mask)
            value = tf.reverse(value, [1]) if layer.sequences and layer.reverse else value
        output = tf.matmul(value, dense[0])[:, 0] + dense[1]
        loss = tf.reduce_mean((output - y) ** 2)
    trained = [own.trainable_variables for _, own, _ in layers] + [dense]
    found = tape.gradient(loss, trained)
    gradients = [part for (layer, _, _), g in zip(layers, found)
                 for part in keras_gradients(layer, [np.asarray(v) for v in g])]
    return compare(net, w, x, y, output.numpy(), gradients + [np.asarray(g) for g in found[-1]])

def compare(net, w, x, y, output, gradients):
    own = net.gradient(w, x, y)
    other = np.concatenate([np.asarray(g).ravel() for g in gradients])
    return max(np.abs(output - net.output(w, x)).max(), np.abs(own - other).max())

def check_all():
    from nets import show_or_check
    for name, check in (("PyTorch", check_torch), ("Keras", check_keras)):
        try:
            found = [(case, check(*numbers(number, case))) for number, case in enumerate(CASES)]
        except ImportError as error:
            print(f"{name}: left out ({error})")
            continue
        for case, difference in found:
            if difference is not None:
                print(f"{name}: {case[0]} {' '.join(case[1])}: {difference:.1e}")
                assert difference < 1e-10
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        make()
    show_or_check(out.getvalue(), len(CASES), __file__)

def make():
    for number, case in enumerate(CASES):
        net, w, x, y = numbers(number, case)
        kind, options, ragged = case
        print("case", kind, ragged, len(options), *options)
        show("x", x.ravel())
        show("y", y)
        show("weights", w)
        show("output", net.output(w, x))
        show("loss", [net.loss(w, x, y)])
        show("gradient", net.gradient(w, x, y))
        show("after", adam(net, w, x, y))

if __name__ == "__main__":
    check_all() if "--check" in sys.argv else make()
