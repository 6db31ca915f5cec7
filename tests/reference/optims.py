# SPDX-License-Identifier: GPL-3.0-or-later
"""Optimizers by torch.optim over ten steps, and where full-batch minimisers end. Where the definitions differ,
nets.py says how, beside the arguments that make PyTorch's that of fns:
  weight decay  fns decays weights alone (no biases), apart from the gradient, whatever the optimizer;
  rmsprop       fns keeps 0.9 of the mean of squares, PyTorch 0.99;
  nadam         beta1 is constant in fns, and rises over the steps in PyTorch;
  adam          Keras scales the moments otherwise, so that its epsilon is another: not compared;
  lbfgs, cg     GSL's ways differ from PyTorch's: the minimum of a convex objective is compared.

usage: python3 optims.py > optims.txt; python3 optims.py --check
"""
from nets import Case, main

def net(optimizer, lr):
    return Case((3,), ("dense 5 tanh", "dense 1 sigmoid"), loss="bce", target="b", levels=2, optimizer=optimizer, lr=lr)

def convex(optimizer, loss, last, target, levels, outputs=1):
    return Case((3,), (f"dense {outputs} {last} l2=0.1",), rows=12, loss=loss, target=target, levels=levels,
                optimizer=optimizer, lr=0.1, epochs=1, within=1e-6)

CASES = [
    net("adam", 0.05), net("adam(beta1=0.5,beta2=0.9,epsilon=0.001)", 0.05), net("adamw", 0.05),
    net("adamw(weight_decay=0.5)", 0.05), net("nadam", 0.05), net("sgd", 0.3), net("sgd(momentum=0.9)", 0.1),
    net("sgd(momentum=0.9,nesterov=on)", 0.1), net("rmsprop", 0.01), net("rmsprop(rho=0.5,momentum=0.5)", 0.01),
    net("adagrad", 0.1), net("adagrad(start=0.3)", 0.1),
]
for name in ("lbfgs", "cg"):
    CASES += [convex(name, "bce", "sigmoid", "b", 2), convex(name, "mse", "linear", "n", 0)]

main(CASES, __file__)
