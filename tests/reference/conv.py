# SPDX-License-Identifier: GPL-3.0-or-later
"""Convolution and pooling by PyTorch, and by Keras where it can (it has no dilation with a stride). Padding is
Keras's: `same` has the smaller half of the zeros first, where PyTorch takes no stride; `causal` all first.

usage: python3 conv.py > conv.txt; python3 conv.py --check
"""
from nets import Case, main

def net(sizes, *lines, keras=True):
    return Case(sizes, lines, rows=4, keras=keras)

CASES = [
    net((12, 3), "conv1d 5 relu kernel=3", "maxpool 2", "conv1d 7 relu kernel=2", "globalpool average", "dense 1"),
    net((14,), "conv1d 4 tanh kernel=5 padding=same", "avgpool 3 stride=2", "globalpool max", "dense 1"),
    net((11, 2), "conv1d 6 tanh kernel=3 dilation=2 padding=causal", "conv1d 3 relu kernel=2 dilation=3 padding=causal",
        "flatten", "dense 1"),
    net((10, 4), "conv1d 18 relu kernel=4 stride=2 padding=same", "conv1d 2 linear kernel=2 stride=3 bias=off",
        "flatten", "dense 1"),
    net((9, 2), "conv1d 4 softplus kernel=3 stride=2 padding=causal", "conv1d 3 swish kernel=2 padding=causal", "flatten",
        "dense 1"),
    net((10, 2), "conv1d 4 tanh kernel=3 stride=2 dilation=2 padding=same", "flatten", "dense 1", keras=False),
    net((11, 10, 1), "conv2d 6 relu kernel=3", "maxpool 2", "conv2d 9 relu kernel=3", "maxpool 2", "flatten", "dense 1"),
    net((9, 8, 1), "conv2d 8 relu kernel=2", "conv2d 18 relu kernel=2", "maxpool 3", "conv2d 2 tanh kernel=1", "flatten",
        "dense 1"),
    net((8, 7), "conv2d 6 tanh kernel=2,3 padding=same", "conv2d 5 relu kernel=3 padding=same", "avgpool 2 3",
        "flatten", "dense 1"),
    net((7, 9, 2), "conv2d 4 tanh kernel=3 stride=2 padding=same", "conv2d 3 tanh kernel=2 dilation=2,1",
        "maxpool 2 stride=1", "flatten", "dense 1"),
    net((9, 8, 3), "conv2d 4 tanh kernel=1", "conv2d 6 relu kernel=3 stride=2", "globalpool max", "dense 1"),
    net((6, 7, 4), "conv2d 5 tanh kernel=3,2 dilation=1,2 padding=same", "conv2d 4 relu kernel=2 dilation=2",
        "globalpool average", "dense 1"),
    net((7, 6, 2), "conv2d 4 tanh kernel=3,2 stride=2,1 padding=same", "avgpool 2 stride=1", "flatten", "dense 1",
        keras=False),
]

main(CASES, __file__)
