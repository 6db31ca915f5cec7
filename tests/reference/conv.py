# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference vectors for convolution and pooling: forward, loss, gradients, in float64 with plain NumPy loops.

usage: python3 conv.py > conv.txt

A case is a net, written as in fns, over 4 rows, with mean squared error; its layers are computed here window by
window. Gradients come from the formulas below and are checked here against central differences. Padding is
Keras's: `same` has the smaller half of the zeros first, `causal` has all of them first.
"""
import numpy as np

ROWS = 4
ACTIVATIONS = {
    "linear": (lambda x: x, lambda x: np.ones_like(x)),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
}

def windows(size, kernel, stride, dilation, padding):
    """For each output the places that it sees, -1 for a zero; along one dimension."""
    reach = (kernel - 1) * dilation + 1
    if padding == "valid":
        out, before = (size - reach) // stride + 1, 0
    else:
        out = -(-size // stride)
        zeros = max((out - 1) * stride + reach - size, 0)
        before = zeros // 2 if padding == "same" else reach - 1
    places = [[o * stride + k * dilation - before for k in range(kernel)] for o in range(out)]
    return [[p if 0 <= p < size else -1 for p in row] for row in places]

class Conv:
    def __init__(self, shape, filters, activation, kernel, stride=(1, 1), dilation=(1, 1), padding="valid", bias=True):
        self.ys = windows(shape[0], kernel[0], stride[0], dilation[0], "valid" if shape[0] == 1 else padding)
        self.xs = windows(shape[1], kernel[1], stride[1], dilation[1], padding)
        self.f, self.df = ACTIVATIONS[activation]
        self.kernel, self.bias = kernel, bias
        self.shapes = [(*kernel, shape[2], filters)] + ([(filters,)] if bias else [])
        self.out = (len(self.ys), len(self.xs), filters)

    def seen(self):
        for oy, row in enumerate(self.ys):
            for ox, column in enumerate(self.xs):
                for i, y in enumerate(row):
                    for j, x in enumerate(column):
                        if y >= 0 and x >= 0:
                            yield oy, ox, i, j, y, x

    def forward(self, x, w):
        self.x, self.w = x, w
        z = np.zeros((len(x), *self.out)) + (w[1] if self.bias else 0)
        for oy, ox, i, j, y, c in self.seen():
            z[:, oy, ox] += x[:, y, c] @ w[0][i, j]
        self.z = z
        return self.f(z)

    def backward(self, dy):
        dz = dy * self.df(self.z)
        dx, dw = np.zeros_like(self.x), np.zeros_like(self.w[0])
        for oy, ox, i, j, y, c in self.seen():
            dx[:, y, c] += dz[:, oy, ox] @ self.w[0][i, j].T
            dw[i, j] += self.x[:, y, c].T @ dz[:, oy, ox]
        return dx, [dw] + ([dz.sum((0, 1, 2))] if self.bias else [])

class Pool:
    shapes = []

    def __init__(self, shape, how, size, stride):
        self.ys = windows(shape[0], size[0], stride[0], 1, "valid")
        self.xs = windows(shape[1], size[1], stride[1], 1, "valid")
        self.how, self.out = how, (len(self.ys), len(self.xs), shape[2])

    def forward(self, x, w):
        self.x, y = x, np.zeros((len(x), *self.out))
        for oy, row in enumerate(self.ys):
            for ox, column in enumerate(self.xs):
                part = x[:, row][:, :, column]
                y[:, oy, ox] = part.max((1, 2)) if self.how == "max" else part.mean((1, 2))
        self.y = y
        return y

    def backward(self, dy):
        dx = np.zeros_like(self.x)
        for oy, row in enumerate(self.ys):
            for ox, column in enumerate(self.xs):
                for n, c in np.ndindex(len(dx), self.out[2]):
                    if self.how == "mean":
                        dx[n, row[0]:row[-1] + 1, column[0]:column[-1] + 1, c] += dy[n, oy, ox, c] / (len(row) * len(column))
                        continue
                    part = self.x[n][np.ix_(row, column)][:, :, c]
                    i, j = np.unravel_index(part.argmax(), part.shape)  # the first of equals
                    dx[n, row[i], column[j], c] += dy[n, oy, ox, c]
        return dx, []

class Dense:
    def __init__(self, shape):
        self.shapes, self.out = [(int(np.prod(shape)), 1), (1,)], (1,)

    def forward(self, x, w):
        self.shape, self.x, self.w = x.shape, x.reshape(len(x), -1), w
        return self.x @ w[0] + w[1]

    def backward(self, dy):
        return (dy @ self.w[0].T).reshape(self.shape), [self.x.T @ dy, dy.sum(0)]

def pair(text, dims):
    numbers = [int(n) for n in text.split(",")]
    return (1, numbers[0]) if dims == 1 else (numbers[0], numbers[-1])

def layer(words, shape, dims):
    options = dict(w.split("=") for w in words[1:] if "=" in w)
    plain = [w for w in words[1:] if "=" not in w]
    if words[0].startswith("conv"):
        stride, dilation = pair(options.get("stride", "1"), dims), pair(options.get("dilation", "1"), dims)
        return Conv(shape, int(plain[0]), plain[1], pair(options.get("kernel", "3"), dims), stride, dilation,
                    options.get("padding", "valid"), options.get("bias", "on") == "on")
    if words[0] == "globalpool":
        return Pool(shape, "max" if "max" in plain else "mean", shape[:2], (1, 1))
    if words[0] in ("maxpool", "avgpool"):
        size = pair(",".join(plain), dims)
        stride = pair(options["stride"], dims) if "stride" in options else size
        return Pool(shape, "max" if words[0] == "maxpool" else "mean", size, stride)
    return Dense(shape)

class Net:
    def __init__(self, sizes, lines):
        dims = 2 if any("conv2d" in line for line in lines) else 1
        shape = tuple(sizes) if len(sizes) == dims + 1 else (*sizes, 1)
        self.shape = shape = shape if dims == 2 else (1, *shape)
        self.layers = []
        for line in lines:
            if line != "flatten":
                self.layers.append(layer(line.split(), shape, dims))
                shape = self.layers[-1].out

    def size(self):
        return sum(int(np.prod(s)) for l in self.layers for s in l.shapes)

    def output(self, w, x):
        at = 0
        for l in self.layers:
            parts = []
            for shape in l.shapes:
                n = int(np.prod(shape))
                parts.append(w[at:at + n].reshape(shape))
                at += n
            x = l.forward(x, parts)
        return x[:, 0]

    def loss(self, w, x, y):
        return ((self.output(w, x) - y) ** 2).mean()

    def gradient(self, w, x, y):
        dy, parts = (2 * (self.output(w, x) - y) / len(y))[:, None], []
        for l in reversed(self.layers):
            dy, gradients = l.backward(dy)
            parts = gradients + parts
        return np.concatenate([g.ravel() for g in parts])

def show(word, values):
    print(word, len(values), *("%.10g" % v for v in values))

def case(number, sizes, lines):
    rng = np.random.default_rng(number)
    net = Net(sizes, lines)
    w = rng.uniform(-0.5, 0.5, net.size()).round(4)
    x = rng.uniform(-1, 1, (ROWS, *net.shape)).round(4)
    y = rng.uniform(-1, 1, ROWS).round(4)
    gradient = net.gradient(w, x, y)
    for i in rng.choice(len(w), 25):
        h = np.zeros_like(w)
        h[i] = 1e-6
        slope = (net.loss(w + h, x, y) - net.loss(w - h, x, y)) / 2e-6
        assert abs(slope - gradient[i]) < 1e-7 * max(1, abs(slope)), (lines, i, slope, gradient[i])
    print("net", len(sizes), *sizes, len(lines))
    for line in lines:
        print(line)
    show("x", x.ravel())
    show("y", y)
    show("weights", w)
    show("output", net.output(w, x))
    show("loss", [net.loss(w, x, y)])
    show("gradient", gradient)

CASES = [
    ((12, 3), ["conv1d 5 relu kernel=3", "maxpool 2", "conv1d 7 relu kernel=2", "globalpool average", "dense 1"]),
    ((14,), ["conv1d 4 tanh kernel=5 padding=same", "avgpool 3 stride=2", "globalpool max", "dense 1"]),
    ((11, 2), ["conv1d 6 tanh kernel=3 dilation=2 padding=causal", "conv1d 3 relu kernel=2 dilation=3 padding=causal",
               "flatten", "dense 1"]),
    ((10, 4), ["conv1d 18 relu kernel=4 stride=2 padding=same", "conv1d 2 linear kernel=2 stride=3 bias=off", "flatten",
               "dense 1"]),
    ((11, 10, 1), ["conv2d 6 relu kernel=3", "maxpool 2", "conv2d 19 relu kernel=3", "maxpool 2", "flatten", "dense 1"]),
    ((9, 8, 1), ["conv2d 8 relu kernel=2", "conv2d 18 relu kernel=2", "maxpool 3", "conv2d 2 tanh kernel=1", "flatten",
                 "dense 1"]),
    ((8, 7), ["conv2d 6 tanh kernel=2,3 padding=same", "conv2d 5 relu kernel=3 padding=same", "avgpool 2 3",
              "flatten", "dense 1"]),
    ((7, 9, 2), ["conv2d 8 relu kernel=3,2 stride=2,1 padding=same", "conv2d 3 tanh kernel=2 dilation=2,1", "maxpool 2 stride=1",
                 "flatten", "dense 1"]),
    ((9, 8, 3), ["conv2d 4 tanh kernel=1", "conv2d 6 relu kernel=3 stride=2", "globalpool max", "dense 1"]),
    ((6, 9, 9), ["conv2d 5 tanh kernel=3,2 dilation=1,2 padding=same", "conv2d 4 relu kernel=2 dilation=2", "globalpool average",
                 "dense 1"]),
]

for number, arguments in enumerate(CASES):
    case(number, *arguments)
