# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration and cut-offs by scikit-learn and SciPy.
  platt        scikit-learn's sigmoid calibration (Platt's targets), carried to its optimum by SciPy's Newton;
               with weights too
  isotonic     sklearn.isotonic.IsotonicRegression, out_of_bounds="clip", with ties and weights, at a grid
  temperature  the minimum of the log-loss of softmax(log p / T) by scipy.optimize, of three levels and of two
  shift        the log-odds that bring the mean to 2.1%, by scipy.optimize.brentq
  cuts         every threshold of sklearn.metrics.roc_curve and precision_recall_curve, costs by brute force

usage: python3 calibration.py > calibration.txt
       python3 calibration.py --check    compares with calibration.txt"""
import contextlib
import io
import pathlib
import sys

import numpy as np
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit, log_softmax, logit
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import precision_recall_curve, roc_curve

rng = np.random.default_rng(12)


def write(name, values):
    print(name, *(f"{x:.12g}" for x in np.asarray(values, float).ravel()))


def platt(s, y, w):
    """Slope and intercept: scikit-learn's loss at its optimum."""
    a, b = _sigmoid_calibration(s, y, w)
    n1, n0 = w[y == 1].sum(), w[y == 0].sum()
    t = np.where(y == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))

    def loss(v):
        z = v[0] + v[1] * s
        return np.sum(w * (np.logaddexp(0, z) - t * z))

    def slope(v):
        r = w * (expit(v[0] + v[1] * s) - t)
        return np.array([r.sum(), (r * s).sum()])

    def bend(v):
        p = expit(v[0] + v[1] * s)
        h = w * p * (1 - p)
        return np.array([[h.sum(), (h * s).sum()], [(h * s).sum(), (h * s * s).sum()]])

    best = minimize(loss, [-b, -a], jac=slope, hess=bend, method="trust-exact", options={"gtol": 1e-13}).x
    assert np.allclose(best, [-b, -a], rtol=2e-3, atol=2e-3), (best, -b, -a)
    return best


def isotonic(s, y, w):
    fit = IsotonicRegression(out_of_bounds="clip").fit(s, y, w)
    grid = np.linspace(s.min() - 0.2, s.max() + 0.2, 41)
    return grid, fit.predict(grid)


def temperature(p, y):
    def loss(b):
        return -log_softmax(b * np.log(p), axis=1)[np.arange(len(y)), y].mean()

    best = minimize_scalar(lambda u: loss(np.exp(u)), bounds=(-5, 5), method="bounded", options={"xatol": 1e-12})
    return np.exp(-best.x)


def cuts(p, y):
    fpr, tpr, at = roc_curve(y, p, drop_intermediate=False)
    ks = np.argmax(tpr - fpr)
    precision, recall, where = precision_recall_curve(y, p)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    best = np.argmax(f1[:-1])
    costs = [5 * np.sum((p < t) & (y == 1)) + np.sum((p >= t) & (y == 0)) for t in np.unique(p)]
    amount = np.round(100 * np.exp(rng.normal(0, 0.7, len(p))), 0)
    amounts = [np.sum(amount[(p < t) & (y == 1)]) + 20 * np.sum((p >= t) & (y == 0)) for t in np.unique(p)]
    write("cut_ks", [at[ks], (tpr - fpr)[ks]])
    write("cut_f1", [where[best], f1[best]])
    write("cut_cost", [np.unique(p)[np.argmin(costs)], np.min(costs)])
    write("amount", amount)
    write("cut_amount", [np.unique(p)[np.argmin(amounts)], np.min(amounts)])


def main():
    n = 80
    s = np.round(rng.normal(-1, 1.5, n), 1)
    y = (rng.random(n) < expit(0.4 + 0.7 * s)).astype(int)
    w = np.round(rng.uniform(0.5, 3, n), 2)
    p = expit(s)
    for name, values in (("s", s), ("y", y), ("w", w), ("p", p)):
        write(name, values)
    write("platt", platt(s, y, np.ones(n)))
    write("platt_weighted", platt(s, y, w))
    write("platt_points", platt(600 - 40 * s, y, np.ones(n)))
    for name, of in (("isotonic", np.ones(n)), ("isotonic_weighted", w)):
        grid, value = isotonic(s, y, of)
        write("grid", grid) if name == "isotonic" else None
        write(name, value)
    two = np.column_stack([1 - p, p])
    write("temperature_two", [temperature(two, y)])
    three = rng.dirichlet([1, 1, 1], n)
    level = np.array([rng.choice(3, p=q / q.sum()) for q in three**0.6])
    write("three", three)
    write("level", level)
    write("temperature_three", [temperature(three, level)])
    write("heated", (three**0.5 / (three**0.5).sum(axis=1, keepdims=True))[:5])
    write("shift", [brentq(lambda d: np.average(expit(logit(p) + d), weights=w) - 0.021, -20, 20, xtol=1e-14)])
    cuts(p, y)


if __name__ == "__main__":
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print("# SPDX-License-Identifier: GPL-3.0-or-later")
        print("# written by calibration.py: a name and its numbers on each line")
        main()
    kept = pathlib.Path(__file__).with_suffix(".txt")
    if "--check" in sys.argv:
        sys.exit(0 if kept.read_text() == text.getvalue() else "calibration.txt differs")
    print(text.getvalue(), end="")
