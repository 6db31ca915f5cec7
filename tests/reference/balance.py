# SPDX-License-Identifier: GPL-3.0-or-later
"""Balancing by imbalanced-learn and scikit-learn, given what is drawn at random.
  smote    imblearn's SMOTE makes the rows from our neighbours (scikit-learn's) and our u; its docstring prints
           the difference with the sign turned, its code is right;
  adasyn   r, g and their sum as imblearn.over_sampling.ADASYN computes them, whose total it confirms;
  tomek    the rows that imblearn.under_sampling.TomekLinks leaves out, for two and for three classes;
  nc       distances of Chawla and others 2002, section 6.1 (imblearn's SMOTENC counts a category that differs
           half; its median of standard deviations is the same), the most frequent category of k neighbours;
  prior    by logits, by odds, and for several classes by Bayes' rule.

usage: python3 balance.py > balance.txt
       python3 balance.py --check    compares with balance.txt"""
import contextlib
import io
import pathlib
import sys
from collections import Counter

import numpy as np
from imblearn.over_sampling import ADASYN, SMOTE, SMOTENC
from imblearn.under_sampling import TomekLinks
from sklearn.neighbors import NearestNeighbors

K = 5
rng = np.random.default_rng(9)


def write(name, values):
    print(name, *(f"{x:.9g}" for x in np.asarray(values, float).ravel()))


def single(x):
    """Values that float32 holds, so that both sides see the same."""
    return np.round(x, 3).astype(np.float32).astype(float)


def nearest(among, rows, k):
    order = NearestNeighbors(n_neighbors=k + 1).fit(among).kneighbors(rows, return_distance=False)
    return order[:, 1:]


def smote(x, y):
    own = np.flatnonzero(y == 1)
    near = nearest(x[own], x[own], K)
    rows, columns = rng.integers(0, len(own), 25), rng.integers(0, K, 25)
    u = rng.random((25, 1))
    made = SMOTE()._generate_samples(x[own], x[own], near, rows, columns, u)
    write("smote_near", own[near])
    write("smote_begin", own[rows])
    write("smote_end", own[near[rows, columns]])
    write("smote_u", u)
    write("smote_made", made)


def adasyn(x, y):
    own = np.flatnonzero(y == 1)
    r = np.mean(y[nearest(x, x[own], K)] != 1, axis=1)
    total = (y == 0).sum() - len(own)
    g = np.rint(r / r.sum() * total)
    made = ADASYN(n_neighbors=K, random_state=0).fit_resample(x, y)[0]
    assert len(made) - len(x) == g.sum()
    write("adasyn_r", r)
    write("adasyn_total", [total])
    write("adasyn_g", g)


def tomek(name, x, y):
    kept = TomekLinks()
    kept.fit_resample(x, y)
    write(f"{name}_level", y)
    write(f"{name}_gone", np.setdiff1d(np.arange(len(x)), kept.sample_indices_))


def mixed(x, y):
    """Numbers 1 to 3, a category of three levels as 0/1 columns, and a flag."""
    purpose, flag = rng.integers(0, 3, len(x)), rng.integers(0, 2, len(x))
    own = np.flatnonzero(y == 1)
    median = np.median(x[own].std(axis=0))
    both = np.column_stack([x, purpose, flag])
    fitted = SMOTENC(categorical_features=[3, 4], k_neighbors=K, random_state=0)
    fitted.fit_resample(both, y)
    assert np.isclose(fitted.median_std_[1], median)
    d = ((x[own, None] - x[None, own]) ** 2).sum(axis=2)
    for category in (purpose, flag):
        d = d + median ** 2 * (category[own, None] != category[None, own])
    np.fill_diagonal(d, np.inf)
    near = np.argsort(d, axis=1, kind="stable")[:, :K]

    def mode(category, i):
        counts = Counter(category[own[near[i]]])
        best = [level for level, count in counts.items() if count == max(counts.values())]
        if category[own[i]] in best:
            return category[own[i]]
        return next(level for level in category[own[near[i]]] if level in best)

    write("nc_x", np.column_stack([x, np.eye(3)[purpose], flag]))
    write("nc_penalty", [median ** 2])
    write("nc_near", own[near])
    write("nc_mode", [np.append(np.eye(3)[mode(purpose, i)], mode(flag, i)) for i in range(len(own))])


def prior():
    p = np.array([0.01, 0.2, 0.5, 0.83, 0.999])
    share, seen = 0.054, 0.5
    logit = np.log(p / (1 - p)) - np.log((1 - share) / share * seen / (1 - seen))
    by_odds = p / (1 - p) * (share / (1 - share)) / (seen / (1 - seen))
    assert np.allclose(1 / (1 + np.exp(-logit)), by_odds / (1 + by_odds))
    write("prior_p", p)
    write("prior_shares", [1 - share, share, 1 - seen, seen])
    write("prior_corrected", 1 / (1 + np.exp(-logit)))
    shares, seen = np.array([0.7, 0.2, 0.1]), np.array([0.4, 0.4, 0.2])
    q = rng.dirichlet([1, 1, 1], 6)
    posterior = q * shares / seen
    write("prior_q", q)
    write("prior_q_shares", [shares, seen])
    write("prior_q_corrected", posterior / posterior.sum(axis=1, keepdims=True))


def make():
    print("# SPDX-License-Identifier: GPL-3.0-or-later")
    print("# written by balance.py: a name and its numbers on each line")
    y = np.repeat([0, 1], [48, 14])
    x = single(rng.normal(size=(62, 3)) + np.outer(y, [1, 0.5, 0]))
    write("x", x)
    write("y", y)
    smote(x, y)
    adasyn(x, y)
    tomek("tomek", x, y)
    tomek("three", x, np.where(x[:, 1] > 0.6, 2, y))
    mixed(x, y)
    prior()


if "--check" in sys.argv:
    made = io.StringIO()
    with contextlib.redirect_stdout(made):
        make()
    if made.getvalue() != pathlib.Path(__file__).with_suffix(".txt").read_text():
        sys.exit("balance.txt is not what imbalanced-learn gives now")
    print("balance: the same")
else:
    make()
