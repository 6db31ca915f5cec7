# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference vectors for nets over trees: forward, loss, gradients, ten Adam steps, in float64 with NumPy.

usage: python3 recursive.py > recursive.txt
       python3 recursive.py --check    compares with PyTorch's modules and automatic derivatives

Each case is a layer of 3 units over trees of up to 9 nodes of 2 features (and, where it gives every node, a
simple recursive layer of 2 units on it), then dense 1, under the mean squared error of 6 trees: a chain, a
star, a single node, and ragged ones. Gradients are complex-step derivatives of the recursive definitions
below: exact to rounding, and independent of any backward pass and of any order of the nodes.
"""
import sys

import numpy as np

ROWS, STEPS, FEATURES, UNITS = 6, 9, 2, 3
UPS = [[1, 1, 1, 1, 1, 1, 1, 1, 0], [8, 7, 6, 5, 4, 3, 2, 1, 0], [0], [2, 1, 4, 1, 1, 1, 0],
       [1, 3, 2, 1, 0], [1, 0]]

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

FUNCTIONS = {"tanh": np.tanh, "relu": lambda x: np.where(x.real > 0, x, 0), "sigmoid": sigmoid,
             "swish": lambda x: x * sigmoid(x), "softplus": lambda x: np.log(1 + np.exp(x))}

def children(ups, node):
    return [k for k in range(node) if k + ups[k] == node]

class Layer:
    def __init__(self, units, features, options):
        self.units, self.features = units, features
        self.options = dict(option.split("=") for option in options)
        self.cell = self.options.get("cell", "lstm")
        self.activation = self.options.get("activation", "tanh")
        self.sequences = self.options.get("sequences") == "on"
        u = units
        recurrent, columns = {"simple": ((u, u), u), "lstm": ((u, 4 * u), 4 * u),
                              "binary": ((2 * u, 5 * u), 4 * u)}[self.cell]
        self.shapes = [recurrent, (features, columns), (columns,)]

    def node(self, w, x, below):
        """h and c of a node from those of its children."""
        u, a = self.units, FUNCTIONS[self.activation]
        recurrent, z, zero = w[0], x @ w[1] + w[2], np.zeros(self.units, dtype=w[0].dtype)
        h = sum((h for h, _ in below), zero)
        if self.cell == "simple":
            return a(z + h @ recurrent), zero
        forget = z[:u]
        if self.cell == "lstm":
            i, g, o = np.split(z[u:] + h @ recurrent[:, u:], 3)
            kept = sum((sigmoid(forget + hk @ recurrent[:, :u]) * ck for hk, ck in below), zero)
        else:
            first, others = below[:1], below[1:]
            h = np.concatenate([sum((h for h, _ in part), zero) for part in (first, others)])
            c1, c2 = (sum((c for _, c in part), zero) for part in (first, others))
            i, g, o = np.split(z[u:] + h @ recurrent[:, :3 * u], 3)
            f1, f2 = np.split(np.concatenate([forget, forget]) + h @ recurrent[:, 3 * u:], 2)
            kept = sigmoid(f1) * c1 + sigmoid(f2) * c2
        c = sigmoid(i) * a(g) + kept
        return sigmoid(o) * a(c), c

    def forward(self, w, x, ups):
        states = []
        for node in range(len(ups)):
            states.append(self.node(w, x[node], [states[k] for k in children(ups, node)]))
        return np.stack([h for h, _ in states])

class Net:
    def __init__(self, options):
        self.layers = [Layer(UNITS, FEATURES, options)]
        if self.layers[0].sequences:
            self.layers.append(Layer(2, UNITS, ["cell=simple"]))
        self.shapes = [shape for layer in self.layers for shape in layer.shapes]
        self.shapes += [(self.layers[-1].units, 1), (1,)]
        self.size = sum(int(np.prod(shape)) for shape in self.shapes)

    def parts(self, w):
        at, parts = 0, []
        for shape in self.shapes:
            size = int(np.prod(shape))
            parts.append(w[at:at + size].reshape(shape))
            at += size
        return parts

    def output(self, w, x):
        parts, outputs = self.parts(w), []
        for ups, states in zip(UPS, x):
            for number, layer in enumerate(self.layers):
                states = layer.forward(parts[3 * number:], states, ups)
            outputs.append(states[-1] @ parts[-2][:, 0] + parts[-1][0])
        return np.stack(outputs)

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

CASES = [["cell=simple"], ["cell=simple", "activation=relu"], ["cell=simple", "activation=swish"],
         ["cell=simple", "sequences=on"], [], ["activation=relu"], ["activation=softplus"], ["sequences=on"],
         ["cell=binary"], ["cell=binary", "activation=relu"], ["cell=binary", "activation=swish"],
         ["cell=binary", "sequences=on"]]

def show(word, values):
    print(word, len(values), *(repr(float(v)) for v in values))

def numbers(number, options):
    rng = np.random.default_rng(200 + number)
    net = Net(options)
    x = rng.uniform(-1, 1, (ROWS, STEPS, FEATURES))
    return net, rng.uniform(-1, 1, net.size), x, rng.uniform(-1, 1, ROWS)

# ---- PyTorch: nn.Linear for each gate, the tree walked from the root

def torch_activation(torch, name):
    return {"tanh": torch.tanh, "relu": torch.relu, "swish": torch.nn.functional.silu,
            "softplus": torch.nn.functional.softplus}[name]

class TorchLayer:
    def __init__(self, torch, layer, parts):
        self.torch, self.layer = torch, layer
        self.w = [torch.tensor(part.copy(), requires_grad=True) for part in parts]

    def linear(self, gate, values):
        u = self.layer.units
        return self.torch.nn.functional.linear(values, self.w[1][:, gate * u:(gate + 1) * u].T,
                                               self.w[2][gate * u:(gate + 1) * u])

    def part(self, gate, slot=0):
        u = self.layer.units
        return self.w[0][slot * u:(slot + 1) * u, gate * u:(gate + 1) * u]

    def state(self, ups, x, node, states):
        torch, layer = self.torch, self.layer
        a, s = torch_activation(torch, layer.activation), torch.sigmoid
        below = [self.state(ups, x, k, states) for k in children(ups, node)]
        zero = torch.zeros(layer.units, dtype=torch.float64)
        total = torch.stack([h for h, _ in below]).sum(0) if below else zero
        if layer.cell == "simple":
            states[node] = (a(self.linear(0, x[node]) + total @ self.part(0)), zero)
        elif layer.cell == "lstm":
            i, g, o = (self.linear(k, x[node]) + total @ self.part(k) for k in (1, 2, 3))
            c = s(i) * a(g)
            for h, ck in below:
                c = c + s(self.linear(0, x[node]) + h @ self.part(0)) * ck
            states[node] = (s(o) * a(c), c)
        else:
            slots = [below[:1], below[1:]]
            hs = [sum((h for h, _ in slot), zero) for slot in slots]
            mix = lambda gate, column: self.linear(gate, x[node]) + sum(
                h @ self.part(column, k) for k, h in enumerate(hs))
            c = s(mix(1, 0)) * a(mix(2, 1))
            for k, slot in enumerate(slots):
                for _, ck in slot:
                    c = c + s(mix(0, 3 + k)) * ck
            states[node] = (s(mix(3, 2)) * a(c), c)
        return states[node]

def check_torch(net, w, x, y):
    import torch
    parts = net.parts(w)
    layers = [TorchLayer(torch, layer, parts[3 * k:3 * k + 3]) for k, layer in enumerate(net.layers)]
    dense = [torch.tensor(part.copy(), requires_grad=True) for part in parts[-2:]]
    outputs = []
    for ups, rows in zip(UPS, torch.tensor(x)):
        for layer in layers:
            states = {}
            layer.state(ups, rows, len(ups) - 1, states)
            rows = torch.stack([states[node][0] for node in range(len(ups))])
        outputs.append((rows[-1] @ dense[0] + dense[1])[0])
    output = torch.stack(outputs)
    ((output - torch.tensor(y)) ** 2).mean().backward()
    gradient = np.concatenate([part.grad.numpy().ravel() for layer in layers for part in layer.w] +
                              [part.grad.numpy().ravel() for part in dense])
    return max(np.abs(output.detach().numpy() - net.output(w, x)).max(),
               np.abs(gradient - net.gradient(w, x, y)).max())

def check_all():
    for number, options in enumerate(CASES):
        difference = check_torch(*numbers(number, options))
        print(f"PyTorch: {' '.join(options)}: {difference:.1e}")
        assert difference < 1e-10

def make():
    for number, options in enumerate(CASES):
        net, w, x, y = numbers(number, options)
        print("case", len(options), *options)
        show("x", x.ravel())
        show("y", y)
        show("weights", w)
        show("output", net.output(w, x))
        show("loss", [net.loss(w, x, y)])
        show("gradient", net.gradient(w, x, y))
        show("after", adam(net, w, x, y))

if __name__ == "__main__":
    check_all() if "--check" in sys.argv else make()
