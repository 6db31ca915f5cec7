# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a model file of fns with the standard library and NumPy alone and checks the predictions that fns wrote.

usage: python3 read_model.py MODEL.fnm DATA.csv PREDICTIONS.csv [--no-header] [--blanks]

A model file is a safetensors file: 8 bytes little-endian length, a JSON header with texts under __metadata__ and
an entry for each tensor, then the tensors, float32, row by row. The metadata hold the preparation (what each
step learned from the training rows) and the definition of the net. Here raw rows go through both in float64.
Prints the largest difference and the AUC over the rows, each beside scikit-learn's figure where it is installed.
Exit status 1: a prediction differs by more than 1e-6.
"""
import csv
import json
import struct
import sys

import numpy as np

MISSING = {"", "NA", "NaN", "?", "null", "."}
TOLERANCE = 1e-6


def read_model(path):
    """(texts, tensors) of a model file."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    texts = header.pop("__metadata__")
    body, tensors = data[8 + length:], {}
    for name, entry in header.items():
        kind = {"F32": "<f4", "F64": "<f8", "U8": "u1"}[entry["dtype"]]
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(body[begin:end], kind).reshape(entry["shape"])
    return texts, tensors


def read_rows(path, header, blanks):
    """(names, rows of texts) of a data file; without a header the columns are x1, x2, ..."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [line.split() for line in file] if blanks else list(csv.reader(file))
    rows = [row for row in rows if row]
    names = rows.pop(0) if header else ["x%d" % (i + 1) for i in range(len(rows[0]))]
    return names, rows


# ---- the preparation: features are (name, raw column, values), values numbers or texts with None for missing

def raw_features(inputs, names, rows):
    for column in inputs:
        cells = [row[names.index(column["name"])].strip() for row in rows]
        cells = [None if cell in MISSING else cell for cell in cells]
        if column["type"] not in ("category", "text"):
            cells = np.array([np.nan if cell is None else float(cell) for cell in cells])
        yield column["name"], cells


def impute(name, x, learned):
    flag = np.array([v is None for v in x]) if isinstance(x, list) else np.isnan(x)
    if isinstance(x, list):
        yield name, [learned["level"] if v is None else v for v in x]
    else:
        yield name, np.where(flag, learned["value"], x)
    if learned.get("flag"):
        yield name + "=missing", flag.astype(float)


def winsorize(name, x, learned):
    yield name, np.clip(x, learned["low"], learned["high"])


def encode(name, x, learned):
    levels = learned["levels"]
    if learned["method"] == "onehot":
        for level in levels:
            yield name + "=" + level, np.array([v == level for v in x], float)
        if learned.get("other"):
            yield name + "=other", np.array([v is not None and v not in levels for v in x], float)
        if learned.get("missing"):
            yield name + "=missing", np.array([v is None for v in x], float)
    elif learned["method"] == "ordinal":
        yield name, np.array([np.nan if v is None else levels.index(v) + 1 if v in levels else learned["mean"]
                              for v in x])
    else:
        shares = dict(zip(levels, learned["shares"]))
        yield name, np.array([learned["missing"] if v is None else shares.get(v, 0) for v in x], float)


def scale(name, x, learned):
    if learned.get("log"):
        x = np.copysign(np.log1p(np.abs(x)), x)
    spread = learned["spread"]
    yield name, (x - learned["center"]) / spread if spread else np.zeros_like(x)


STEPS = {"impute": impute, "winsorize": winsorize, "encode": encode, "scale": scale}


def prepare(preparation, names, rows):
    """The matrix that the net sees, its columns in the order of the file's list of features."""
    features = list(raw_features(preparation["inputs"], names, rows))
    for step in preparation["steps"]:
        learned, after = step["state"], []
        for name, x in features:
            after += STEPS[step["step"]](name, x, learned[name]) if name in learned else [(name, x)]
        features = after
    columns = dict(features)
    return np.column_stack([columns[name] for name in preparation["features"]])


# ---- the net

def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": softmax,
}


def forward(definition, tensors, x):
    for layer in definition["layers"]:
        if layer["kind"] == "dropout":  # not at work when predicting
            continue
        assert layer["kind"] == "dense", "this reader knows dense and dropout, not " + layer["kind"]
        x = x @ tensors[layer["name"] + ".weight"].astype(float)
        if layer["name"] + ".bias" in tensors:
            x = x + tensors[layer["name"] + ".bias"]
        x = ACTIVATIONS[layer["options"].get("activation", "linear")](x)
    return x


# ---- judging

def auc(target, score):
    """Share of pairs (event, no event) in which the event scores higher, ties half."""
    order = np.argsort(score, kind="stable")
    _, first, count = np.unique(score[order], return_index=True, return_counts=True)
    ranks = np.empty(len(score))
    ranks[order] = np.repeat(first + (count + 1) / 2, count)
    events = target.sum()
    return (ranks[target].sum() - events * (events + 1) / 2) / (events * (len(target) - events))


def main(model, data, predictions, *flags):
    texts, tensors = read_model(model)
    preparation, definition = json.loads(texts["preparation"]), json.loads(texts["definition"])
    names, rows = read_rows(data, "--no-header" not in flags, "--blanks" in flags)
    with open(predictions, encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    rows = [rows[int(line["row"]) - 1] for line in written]
    ours = forward(definition, tensors, prepare(preparation, names, rows))[:, -1]
    theirs = np.array([float(line["score"]) for line in written])
    difference = np.abs(ours - theirs).max()
    print("%d rows, largest difference %.2g" % (len(rows), difference))
    target = preparation["target"]
    if target.get("event") is not None:
        y = np.array([line[target["name"]] == str(target["event"]) for line in written])
        print("auc %.16g" % auc(y, theirs))
        try:
            from sklearn.metrics import roc_auc_score
            print("scikit-learn's %.16g" % roc_auc_score(y, theirs))
        except ImportError:
            pass
    return 0 if difference <= TOLERANCE else 1


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
