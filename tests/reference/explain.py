# SPDX-License-Identifier: GPL-3.0-or-later
"""Explanations, importance and fairness of a fixed logistic regression, by other means.

Writes tests/golden/explain_truth.fns (which explain_reference.fns there includes) and the rows that both are
about, tests/golden/explain.csv. Shapley values by enumeration of all 2^8 coalitions, integrated gradients by a
fine trapezoid rule, permutation importance by scikit-learn, fairness by counting. Run in tests/reference:
python3 explain.py (numpy, pandas, scikit-learn)."""
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

N, K, REPEATS, ROW, CUTOFF = 600, 8, 100, 7, 0.3


def rows():
    rng = np.random.default_rng(20)
    common = rng.normal(size=(N, 1))
    x = np.round(0.5 * common + rng.normal(size=(N, K)) * np.linspace(0.5, 2, K), 4)
    eta = -1.2 + x @ np.array([1.2, -0.8, 0.6, 0, 0.3, -0.2, 0.1, 0.25])
    y = (rng.uniform(size=N) < 1 / (1 + np.exp(-eta))).astype(int)
    frame = pd.DataFrame(x, columns=[f"x{k + 1}" for k in range(K)])
    frame["sex"] = np.where(rng.uniform(size=N) + 0.1 * x[:, 0] > 0.6, "f", "m")
    frame["y"] = y
    return frame


def coalition_value(score, x, reference, own):
    z = reference.copy()
    z[list(own)] = x[list(own)]
    return score(z)


def shapley(score, x, reference):
    phi = np.zeros(K)
    for j in range(K):
        others = [k for k in range(K) if k != j]
        for size in range(K):
            weight = factorial(size) * factorial(K - size - 1) / factorial(K)
            for own in combinations(others, size):
                gain = coalition_value(score, x, reference, own + (j,)) - coalition_value(score, x, reference, own)
                phi[j] += weight * gain
    return phi


def gradients(score, slope, x, reference, points=20001):
    t = np.linspace(0, 1, points)
    path = reference + t[:, None] * (x - reference)
    values = np.array([slope(z) for z in path])
    return (x - reference) * np.trapezoid(values, t, axis=0)


def main():
    frame = rows()
    frame.to_csv("../golden/explain.csv", index=False)
    x, y = frame[[f"x{k + 1}" for k in range(K)]].to_numpy(), frame["y"].to_numpy()
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, y)
    b = model.coef_[0]

    def score(z):
        return 1 / (1 + np.exp(-(model.intercept_[0] + b @ z)))

    def slope(z):
        p = score(z)
        return p * (1 - p) * b

    lines = ["# Written by tests/reference/explain.py."]

    def put(name, value):
        lines.append(f"let {name} = {value:.10g}")

    reference, row = x.mean(axis=0), x[ROW - 1]
    put("score", score(row))
    put("baseline", roc_auc_score(y, model.predict_proba(x)[:, 1]))
    phi, parts = shapley(score, row, reference), gradients(score, slope, row, reference)
    lost = permutation_importance(model, x, y, scoring="roc_auc", n_repeats=REPEATS, random_state=1)
    for k in range(K):
        put(f"shapley_x{k + 1}", phi[k])
        put(f"gradient_x{k + 1}", parts[k])
        put(f"linear_x{k + 1}", b[k] * (row[k] - reference[k]))
        put(f"lost_x{k + 1}", lost.importances_mean[k])
        put(f"sd_x{k + 1}", lost.importances[k].std(ddof=1))
    p = model.predict_proba(x)[:, 1]
    declined = p >= CUTOFF
    for sex in ("f", "m"):
        own = (frame["sex"] == sex).to_numpy()
        put(f"{sex}_n", own.sum())
        put(f"{sex}_rate", y[own].mean())
        put(f"{sex}_score", p[own].mean())
        put(f"{sex}_approved", 1 - declined[own].mean())
        put(f"{sex}_tpr", declined[own & (y == 1)].mean())
        put(f"{sex}_fpr", declined[own & (y == 0)].mean())
        put(f"{sex}_auc", roc_auc_score(y[own], p[own]))
    with open("../golden/explain_truth.fns", "w") as out:
        out.write("\n".join(lines) + "\n")


main()
