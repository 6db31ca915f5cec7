#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs demos/first.fns and demos/second.fns as a user of PyTorch or Keras would write them.

usage: peers_programs.py torch|keras first|second [--threads N] [--epochs N] [--plain]

Prints microseconds a training step in the best and the middle epoch, warm-up left out (one epoch, two in Keras, which
compiles in the first). --plain leaves out the accuracy. PyTorch runs eagerly, and since its LSTM knows no other
activation than tanh, the second program has a loop over the steps; Keras trains with `fit` in a compiled graph.
"""
import argparse
import os
import statistics
import time

ROWS, BATCH = 1000, 32
SHAPES = {"first": (10,), "second": (10, 5)}


def data(program):
    import numpy as np

    rng = np.random.default_rng(1)
    x = rng.random((ROWS, *SHAPES[program]), dtype="float32")
    return x, rng.integers(0, 2, (ROWS, 1)).astype("float32")


def train_torch(program, threads, epochs, accuracy):
    import torch
    from torch import nn

    class ReluLstm(nn.Module):
        """Input (batch, steps, features), the state after the last step (batch, units)."""

        def __init__(self, features, units):
            super().__init__()
            self.units = units
            self.inputs = nn.Linear(features, 4 * units)
            self.state = nn.Linear(units, 4 * units, bias=False)

        def forward(self, x):
            h = c = x.new_zeros(len(x), self.units)
            for gates in self.inputs(x).unbind(1):
                i, f, o, g = (gates + self.state(h)).chunk(4, 1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.relu(g)
                h = torch.sigmoid(o) * torch.relu(c)
            return h

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    head = [nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1)]
    body = [nn.Linear(10, 64), nn.ReLU()] if program == "first" else [ReluLstm(5, 64)]
    model = nn.Sequential(*body, *head)
    loss, optimizer = nn.BCEWithLogitsLoss(), torch.optim.Adam(model.parameters(), lr=0.001)
    x, y = map(torch.as_tensor, data(program))
    times = []
    for _ in range(epochs):
        begin, steps, right = time.perf_counter(), 0, 0
        order = torch.randperm(ROWS)
        for i in range(0, ROWS, BATCH):
            rows = order[i : i + BATCH]
            optimizer.zero_grad()
            out = model(x[rows])
            loss(out, y[rows]).backward()
            optimizer.step()
            if accuracy:
                right += ((out > 0) == (y[rows] > 0.5)).sum().item()
            steps += 1
        times.append((time.perf_counter() - begin) / steps)
    return "torch " + torch.__version__, times[1:]


def train_keras(program, threads, epochs, accuracy):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf
    from tensorflow import keras

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    layers = keras.layers
    body = layers.Dense(64, activation="relu") if program == "first" else layers.LSTM(64, activation="relu")
    head = [layers.Dense(32, activation="relu"), layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([layers.Input(SHAPES[program]), body, *head])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"] if accuracy else [])

    class Clock(keras.callbacks.Callback):
        times = []

        def on_epoch_begin(self, epoch, logs=None):
            self.begin = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            self.times.append((time.perf_counter() - self.begin) / -(-ROWS // BATCH))

    clock = Clock()
    x, y = data(program)
    model.fit(x, y, epochs=epochs, batch_size=BATCH, verbose=0, callbacks=[clock])
    return "keras tf-" + tf.__version__, clock.times[2:]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("framework", choices=["torch", "keras"])
    parser.add_argument("program", choices=list(SHAPES))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--plain", action="store_true")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(args.threads)
    train = train_torch if args.framework == "torch" else train_keras
    name, times = train(args.program, args.threads, args.epochs, not args.plain)
    best, middle = 1e6 * min(times), 1e6 * statistics.median(times)
    print("%-22s %-12s %10.1f us best %10.1f us median" % (name, args.program, best, middle))


if __name__ == "__main__":
    main()
