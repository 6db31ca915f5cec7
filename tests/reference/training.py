# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference vectors for losses and optimizers beyond those of dense.py, in float64 with PyTorch.

usage: python3 training.py > training.txt

Each case is a net of 3 inputs, 5 hidden units and 1 (or 3) outputs over 6 rows, in the form of dense.txt: its
output, the loss, the gradient and the weights after ten steps. PyTorch has PoissonNLLLoss, Adam(amsgrad=True) and
AdamW; the other losses are their formulas, differentiated by it; lion is its authors' algorithm 2.
"""
import torch
from torch.nn.functional import poisson_nll_loss, relu

torch.set_default_dtype(torch.float64)
ROWS, INPUTS, HIDDEN = 6, 3, 5


def cuts(z):
    gaps = torch.nn.functional.softplus(z[:, 2:])
    return torch.cat([z[:, 1:2], z[:, 1:2] + torch.cumsum(gaps, 1)], 1)


def ordinal(z):
    below = torch.sigmoid(cuts(z) - z[:, :1])
    ends = torch.zeros(len(z), 1), torch.ones(len(z), 1)
    return torch.diff(torch.cat([ends[0], below, ends[1]], 1), dim=1)


LAST = {"linear": lambda z: z, "exp": torch.exp, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "ordinal": ordinal}


def loss_of(loss, z, out, y):
    z1, out1 = z[:, 0], out[:, 0]
    if loss == "poisson":
        return poisson_nll_loss(z1, y, log_input=True, full=False)
    if loss.startswith("hinge"):
        short = relu(1 - (2 * y - 1) * z1)
        return (short**2 if "squared" in loss else short).mean()
    if loss == "ordinal":
        return torch.nn.functional.nll_loss(torch.log(out), y.long())
    if loss == "sharpe(epsilon=0.001)":
        earned = out1 * y
        return -earned.mean() / torch.sqrt(earned.var(unbiased=False) + 0.001)
    return ((out1 - y) ** 2).mean()


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, b1=0.9, b2=0.99, decay=0.0):
        super().__init__(params, dict(lr=lr, b1=b1, b2=b2, decay=decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                way = torch.sign(group["b1"] * m + (1 - group["b1"]) * w.grad)
                decay = group["decay"] if w.dim() > 1 else 0  # weights decay, biases do not
                w -= group["lr"] * (way + decay * w)
                m.mul_(group["b2"]).add_(w.grad, alpha=1 - group["b2"])


def optimizer_of(name, params, lr):
    if name == "amsgrad":
        return torch.optim.Adam(params, lr=lr, amsgrad=True)
    if name == "amsgrad(beta2=0.6)":
        return torch.optim.Adam(params, lr=lr, betas=(0.9, 0.6), amsgrad=True)
    if name == "lion":
        return Lion(params, lr)
    if name == "lion(beta1=0.8,beta2=0.7,weight_decay=0.3)":
        return Lion(params, lr, 0.8, 0.7, 0.3)
    return torch.optim.Adam(params, lr=lr)


def targets(loss):
    if loss == "poisson":
        return torch.tensor([0.0, 1, 2, 0, 5, 3])
    if loss == "ordinal":
        return torch.tensor([0.0, 2, 1, 1, 0, 2])
    if loss.startswith("hinge"):
        return torch.tensor([0.0, 1, 1, 0, 1, 0])
    return torch.rand(ROWS) * 2 - (1 if loss.startswith("sharpe") else 0)


def show(word, tensor):
    values = tensor.detach().reshape(-1).tolist()
    print(word, len(values), *values)


def case(last, loss, optimizer, lr):
    units = 3 if loss == "ordinal" else 1
    x, y = torch.rand(ROWS, INPUTS) * 2 - 1, targets(loss)
    shapes = [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, units), (units,)]
    params = [(torch.rand(s) * 2 - 1).requires_grad_() for s in shapes]
    first = torch.cat([p.detach().reshape(-1) for p in params])

    def forward():
        z = torch.tanh(x @ params[0] + params[1]) @ params[2] + params[3]
        return z, LAST[last](z)

    print("case tanh", last, loss, optimizer, lr)
    show("x", x)
    show("y", y)
    show("weights", first)
    stepper = optimizer_of(optimizer, params, lr)
    for step in range(10):
        z, out = forward()
        value = loss_of(loss, z, out, y)
        stepper.zero_grad()
        value.backward()
        if step == 0:
            show("output", out)
            show("loss", value)
            show("gradient", torch.cat([p.grad.reshape(-1) for p in params]))
        stepper.step()
    show("after", torch.cat([p.detach().reshape(-1) for p in params]))


torch.manual_seed(7)
case("exp", "poisson", "adam", 0.01)
case("sigmoid", "hinge", "adam", 0.01)
case("sigmoid", "hinge(squared=on)", "adam", 0.01)
case("ordinal", "ordinal", "adam", 0.01)
case("tanh", "sharpe(epsilon=0.001)", "adam", 0.01)
case("linear", "mse", "amsgrad", 0.05)
case("linear", "mse", "amsgrad(beta2=0.6)", 0.3)
case("linear", "mse", "lion", 0.01)
case("linear", "mse", "lion(beta1=0.8,beta2=0.7,weight_decay=0.3)", 0.05)
