# SPDX-License-Identifier: GPL-3.0-or-later
"""Normalisation, embeddings, blocks and merges, and recurrent layers in both directions, by PyTorch and Keras.
A bias right before batchnorm is left out: its gradient is 0, and Adam would step along the rounding.

usage: python3 blocks.py > blocks.txt; python3 blocks.py --check
"""
from nets import Case, main

def net(sizes, *lines, **more):
    return Case(sizes, lines, keras=True, **more)

def parallel(merge):
    return net((3,), f"parallel merge={merge}", "branch", "dense 4 tanh", "branch", "dense 5 relu", "dense 4 sigmoid",
               "branch", "dense 4", "end", "dense 1")

def both(kind, merge, *after):
    sequences = " sequences=on" if after else ""
    return net((4, 2), f"bidirectional merge={merge}", f"{kind} 3{sequences}", "end", *after, "dense 1")

CASES = [
    net((3,), "dense 5 tanh", "batchnorm", "activation relu", "dense 1"),
    net((3,), "dense 5 tanh", "batchnorm momentum=0.5 epsilon=0.01", "dense 4 tanh", "batchnorm", "dense 1"),
    net((7, 2), "conv1d 4 kernel=3 bias=off", "batchnorm", "activation relu", "globalpool average", "dense 1"),
    net((3,), "dense 5 tanh", "layernorm", "activation swish", "dense 1"),
    net((5, 3), "layernorm epsilon=0.1", "conv1d 3 tanh kernel=2", "layernorm", "flatten", "dense 1"),
    net((2,), "embedding 3 levels=4", "dense 4 tanh", "dense 1", codes=4),
    net((5, 1), "embedding 3 levels=6", "gru 3", "dense 1", codes=6),
    net((3,), "dense 4 relu", "residual", "dense 4 relu", "dense 4", "end", "dense 1"),
    net((3,), "dense 4 relu", "residual", "dense 4 tanh", "residual", "dense 4", "end", "end", "dense 1"),
    net((6, 3), "residual", "conv1d 3 tanh kernel=3 padding=same", "end", "globalpool max", "dense 1"),
    *(parallel(merge) for merge in ("concat", "sum", "mean", "product", "max")),
    net((5,), "parallel", "branch 2", "dense 4 tanh", "branch 3", "dense 3 sigmoid", "end", "dense 1"),
    net((6, 2), "parallel", "branch", "conv1d 3 relu kernel=2", "globalpool max", "branch", "lstm 2", "end", "dense 1"),
    both("rnn", "concat"), both("lstm", "sum"), both("gru", "concat"), both("gru", "mean", "rnn 2"),
    both("lstm", "concat", "globalpool average"), both("rnn", "max", "gru 2"), both("lstm", "product", "lstm 2"),
    net((4, 2), "lstm 3 sequences=on", "gru 3 sequences=on reverse=on", "rnn 3", "dense 1"),
]

main(CASES, __file__)
