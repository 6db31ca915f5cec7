# SPDX-License-Identifier: GPL-3.0-or-later
"""Losses with row weights and smoothing, and activations, by PyTorch's functions; focal and pinball, which it has
not, by their formulas in nets.py and PyTorch's gradients. Weights of rows are scaled to mean 1, as fns does.

usage: python3 losses.py > losses.txt; python3 losses.py --check
"""
from nets import ACTIVATIONS, Case, main

def net(loss, last, outputs=1, **more):
    return Case((3,), ("dense 5 tanh", f"dense {outputs} {last}"), loss=loss, **more)

CASES = [
    net("bce", "sigmoid", target="b", levels=2), net("bce", "sigmoid"), net("bce", "sigmoid", target="b", levels=2, weights=True, smoothing=0.1),
    net("cce", "softmax", 3, target="c", levels=3), net("cce", "softmax", 3, target="c", levels=3, weights=True, smoothing=0.2),
    net("mse", "linear"), net("mse", "softmax", 3, target="c", levels=3), net("mse", "tanh", weights=True),
    net("mae", "linear", optimizer="sgd", weights=True), net("mae", "softmax", 3, target="c", levels=3, optimizer="sgd"),
    net("huber", "linear", spread=4), net("huber(0.3)", "linear", spread=4, weights=True),
    net("huber(0.2)", "softmax", 3, target="c", levels=3),
    net("focal", "sigmoid", target="b", levels=2), net("focal(0.5,0.6)", "sigmoid", target="b", levels=2, weights=True),
    net("pinball", "linear", optimizer="sgd"), net("pinball(0.05,0.5,0.95)", "linear", 3, optimizer="sgd", weights=True),
    net("gaussian", "linear", 2), net("gaussian", "linear", 2, weights=True, spread=2),
    Case((3,), ("dense 5 tanh l2=0.1", "dense 3 softmax l2=0.3"), loss="cce", target="c", levels=3, weights=True),
]
CASES += [Case((3,), (f"dense 5 {name}", f"dense 4 {name}", "dense 1")) for name in ACTIVATIONS]

main(CASES, __file__)
