# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference vectors for dense nets: forward, loss, gradients, ten optimizer steps, in float64 with NumPy.

usage: python3 dense.py > dense.txt
       python3 dense.py --check    compares with dense.txt, and each case with PyTorch

Each case is a net of 3 inputs, 5 hidden units and 1 (or 3) outputs over 6 rows. Gradients come from the
formulas below and are checked here against central differences.
"""
import contextlib
import io
import sys
from math import erf

import numpy as np

ROWS, INPUTS, HIDDEN = 6, 3, 5
SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def normal(x):
    return (1 + np.vectorize(erf)(x / np.sqrt(2))) / 2

ACTIVATIONS = {  # name: (f(x), f'(x))
    "linear": (lambda x: x, lambda x: np.ones_like(x)),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    "leaky_relu": (lambda x: np.where(x < 0, 0.01 * x, x), lambda x: np.where(x < 0, 0.01, 1)),
    "elu": (lambda x: np.where(x < 0, np.exp(x) - 1, x), lambda x: np.where(x < 0, np.exp(x), 1)),
    "selu": (lambda x: SCALE * np.where(x < 0, ALPHA * (np.exp(x) - 1), x),
             lambda x: SCALE * np.where(x < 0, ALPHA * np.exp(x), 1)),
    "gelu": (lambda x: x * normal(x),
             lambda x: normal(x) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)),
    "swish": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
    "softplus": (lambda x: np.log1p(np.exp(x)), sigmoid),
}

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def huber(e):
    size = np.abs(e)
    return np.where(size <= 1, e * e / 2, size - 0.5)

def loss_and_gradient(loss, z, y):
    """Mean over rows and its gradient by the last layer's z (for bce and cce: the logits)."""
    n = len(z)
    if loss == "bce":
        p, t = sigmoid(z), y[:, None]
        return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(), (p - t) / n
    if loss == "cce":
        p, t = softmax(z), np.eye(3)[y.astype(int)]
        return -(t * np.log(p)).sum() / n, (p - t) / n
    e = z - y[:, None]
    if loss == "mse":
        return (e * e).mean(), 2 * e / n
    if loss == "mae":
        return np.abs(e).mean(), np.sign(e) / n
    return huber(e).mean(), np.clip(e, -1, 1) / n

class Net:
    def __init__(self, activation, outputs, loss, rng):
        self.f, self.df = ACTIVATIONS[activation]
        self.loss = loss
        self.shapes = [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, outputs), (outputs,)]
        self.w = rng.uniform(-1, 1, sum(int(np.prod(s)) for s in self.shapes))

    def parts(self, w):
        at, parts = 0, []
        for shape in self.shapes:
            size = int(np.prod(shape))
            parts.append(w[at:at + size].reshape(shape))
            at += size
        return parts

    def forward(self, w, x):
        w1, b1, w2, b2 = self.parts(w)
        a = x @ w1 + b1
        return a, self.f(a) @ w2 + b2

    def evaluate(self, w, x, y):
        w1, b1, w2, b2 = self.parts(w)
        a, z = self.forward(w, x)
        loss, dz = loss_and_gradient(self.loss, z, y)
        da = (dz @ w2.T) * self.df(a)
        return loss, np.concatenate([(x.T @ da).ravel(), da.sum(0), (self.f(a).T @ dz).ravel(), dz.sum(0)])

    def output(self, w, x):
        z = self.forward(w, x)[1]
        return {"bce": sigmoid, "cce": softmax}.get(self.loss, lambda v: v)(z)

def step(kind, w, g, state, t, lr, decays):
    m, v = state
    if kind.startswith("sgd"):
        momentum = 0.9 if "momentum" in kind else 0.0
        m[:] = momentum * m + g
        return w - lr * (g + momentum * m if "nesterov" in kind else m)
    if kind.startswith("rmsprop"):
        v[:] = 0.9 * v + 0.1 * g * g
        m[:] = (0.5 if "momentum" in kind else 0.0) * m + g / (np.sqrt(v) + 1e-8)
        return w - lr * m
    b1, b2 = 0.9, 0.999
    m[:] = b1 * m + (1 - b1) * g
    v[:] = b2 * v + (1 - b2) * g * g
    root = np.sqrt(v / (1 - b2 ** t)) + 1e-8
    if kind == "nadam":
        return w - lr * (b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1 ** t)) / root
    if kind == "adamw":
        w = w - lr * 0.01 * decays * w
    return w - lr * (m / (1 - b1 ** t)) / root

def show(word, values):
    print(word, len(values), *(repr(float(v)) for v in values))

def case(number, activation, last, loss, optimizer, lr):
    rng = np.random.default_rng(number)
    net = Net(activation, 3 if loss == "cce" else 1, loss, rng)
    x = rng.uniform(-1, 1, (ROWS, INPUTS))
    y = rng.integers(0, 3, ROWS).astype(float) if loss == "cce" else rng.uniform(0.1, 0.9, ROWS)
    if loss in ("huber", "mae"):
        y = y * 4 - 2
    value, gradient = net.evaluate(net.w, x, y)
    for i in range(len(net.w)):
        h = np.zeros_like(net.w)
        h[i] = 1e-6
        slope = (net.evaluate(net.w + h, x, y)[0] - net.evaluate(net.w - h, x, y)[0]) / 2e-6
        assert abs(slope - gradient[i]) < 1e-7, (activation, loss, i)
    decays = np.concatenate([np.full(int(np.prod(s)), len(s) - 1.0) for s in net.shapes])
    w, state = net.w.copy(), (np.zeros_like(net.w), np.zeros_like(net.w))
    for t in range(1, 11):
        w = step(optimizer, w, net.evaluate(w, x, y)[1], state, t, lr, decays)
    print("case", activation, last, loss, optimizer, repr(lr))
    found = {"x": x.ravel(), "y": y, "weights": net.w, "output": net.output(net.w, x).ravel(), "loss": [value],
             "gradient": gradient, "after": w}
    for word, values in found.items():
        show(word, values)
    return net, x, y, found

def check_torch(arguments, net, x, y, found):
    import torch

    import nets
    activation, last, loss, optimizer, lr = arguments
    lines = (f"dense {HIDDEN} {activation}", f"dense {3 if loss == 'cce' else 1} {last}")
    other = nets.Case((INPUTS,), lines, loss=loss, optimizer=optimizer, lr=lr, levels=3,
                      target="c" if loss == "cce" else "n").begin(0)
    other.x, other.y = x, y
    other.w = [torch.tensor(part.copy(), requires_grad=True) for part in net.parts(net.w)]
    made = {"output": other.output()}
    made["loss"], made["gradient"] = other.gradient()
    made["after"] = other.train()[0]
    worst = {word: nets.far(found[word], made[word]) for word in made}
    print("PyTorch:", *arguments, *(f"{word} {error:.1e}" for word, error in worst.items()))
    assert max(worst.values()) < nets.TOLERANCE

CASES = [(a, "linear", "mse", "adam", 0.01) for a in ACTIVATIONS]
CASES += [("tanh", "sigmoid", "bce", o, lr) for o, lr in [
    ("adam", 0.05), ("adamw", 0.05), ("nadam", 0.01), ("rmsprop", 0.01), ("rmsprop(momentum=0.5)", 0.01),
    ("sgd", 0.3), ("sgd(momentum=0.9)", 0.1), ("sgd(momentum=0.9,nesterov=on)", 0.1)]]
CASES += [("tanh", "softmax", "cce", "adam", 0.05), ("tanh", "linear", "huber", "sgd", 0.1),
          ("tanh", "linear", "mae", "sgd", 0.01)]

out = io.StringIO()
with contextlib.redirect_stdout(out):
    made = [case(number, *arguments) for number, arguments in enumerate(CASES)]
if "--check" in sys.argv:
    from nets import show_or_check
    for arguments, found in zip(CASES, made):
        check_torch(arguments, *found)
    show_or_check(out.getvalue(), len(CASES), __file__)
else:
    sys.stdout.write(out.getvalue())
