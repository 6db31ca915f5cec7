# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of credit judging by independent implementations: scikit-learn, SciPy, statsmodels, hmeasure (all from
PyPI), and where none is at hand (DeLong, equal-mass bands, partial Gini) by definition, pair by pair.

One case a line group: its name, then lines `name values...`. tests/unit/measures_judging.c reads them.

usage: python3 measures.py > measures.txt      python3 measures.py --check measures.txt"""
import sys
import warnings

import numpy as np
import statsmodels.api as sm
from hmeasure import h_score
from scipy import stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
lines = []


def write(name, values):
    lines.append(" ".join([name] + [f"{x:.16g}" for x in np.asarray(values, float).ravel()]))


def logit(p):
    return np.log(p / (1 - p))


def placements(y, s):
    """Of each event the share of others below, of each other the share of events above: every pair compared."""
    events, others = s[y == 1], s[y == 0]
    pairs = (events[:, None] > others) + 0.5 * (events[:, None] == others)
    return pairs.mean(axis=1), pairs.mean(axis=0)


def delong(y, a, b):
    v10, v01 = zip(placements(y, a), placements(y, b))
    covariance = np.cov(v10) / (y == 1).sum() + np.cov(v01) / (y == 0).sum()
    change = np.array([-1, 1])
    difference = v10[1].mean() - v10[0].mean()
    error = np.sqrt(change @ covariance @ change)
    return np.sqrt(covariance[0, 0]), difference, error, 2 * stats.norm.sf(abs(difference / error))


def partial_gini(y, s):
    low = s <= 0.4
    return 2 * metrics.roc_auc_score(y[low], s[low]) - 1


def bands(y, s, mass):
    """Numbers of ten bands: equal width, or equal mass by the middle of each group of equal scores."""
    if not mass:
        return np.minimum((s * 10).astype(int), 9)
    middle = (stats.rankdata(s, "average") - 0.5) / len(s)
    return np.minimum((middle * 10).astype(int), 9)


def errors(y, s, mass):
    band = bands(y, s, mass)
    apart = [(abs(y[band == k].mean() - s[band == k].mean()), (band == k).mean()) for k in np.unique(band)]
    return sum(a * share for a, share in apart), max(a for a, _ in apart)


def murphy(y, s):
    band, rate = bands(y, s, False), y.mean()
    reliability = sum((band == k).mean() * (y[band == k].mean() - s[band == k].mean()) ** 2 for k in np.unique(band))
    resolution = sum((band == k).mean() * (y[band == k].mean() - rate) ** 2 for k in np.unique(band))
    uncertainty = rate * (1 - rate)
    brier = metrics.brier_score_loss(y, s)
    return reliability, resolution, uncertainty, brier - reliability + resolution - uncertainty


def hosmer(y, s):
    band = bands(y, s, True)
    total = 0
    for k in np.unique(band):
        n, observed, expected = (band == k).sum(), y[band == k].sum(), s[band == k].sum()
        total += (observed - expected) ** 2 / (expected * (1 - expected / n))
    return total, stats.chi2.sf(total, len(np.unique(band)))


def spiegelhalter(y, s):
    z = ((y - s) * (1 - 2 * s)).sum() / np.sqrt(((1 - 2 * s) ** 2 * s * (1 - s)).sum())
    return z, 2 * stats.norm.sf(abs(z))


def two_levels(name, y, s, other):
    lines.append(f"case {name}")
    write("y", y)
    write("s", s)
    write("other", other)
    auc = metrics.roc_auc_score(y, s)
    write("auc", [auc])
    write("delong", delong(y, s, other))
    false, true, _ = metrics.roc_curve(y, s, drop_intermediate=False)
    write("ks", [abs(true - false).max()])
    write("h", [h_score(y, s)] + [h_score(y, s, severity_ratio=r) for r in (0.7, 0.5, 0.1)])
    write("pgini", [partial_gini(y, s)])
    write("prauc", [metrics.average_precision_score(y, s)])
    write("brier", [metrics.brier_score_loss(y, s)])
    write("logloss", [metrics.log_loss(y, s)])
    write("ece", [*errors(y, s, False), errors(y, s, True)[0]])
    write("murphy", murphy(y, s))
    both = sm.Logit(y, np.column_stack([np.ones(len(y)), logit(s)])).fit(disp=0, tol=1e-14, maxiter=100)
    large = sm.GLM(y, np.ones(len(y)), family=sm.families.Binomial(), offset=logit(s)).fit(tol=1e-14)
    write("cox", [*both.params, *both.bse, large.params[0], large.bse[0]])
    write("spiegelhalter", spiegelhalter(y, s))
    write("hosmer", hosmer(y, s))
    said = s >= 0.3
    write("cutoff", [metrics.accuracy_score(y, said), metrics.balanced_accuracy_score(y, said),
                     metrics.recall_score(y, said), metrics.recall_score(y, said, pos_label=0),
                     metrics.precision_score(y, said), metrics.f1_score(y, said), metrics.matthews_corrcoef(y, said)])
    write("wilson", proportion_confint((said == y).sum(), len(y), method="wilson"))
    right, right_other = said == y, (other >= 0.3) == y
    table = [[(right & right_other).sum(), (right & ~right_other).sum()],
             [(~right & right_other).sum(), (~right & ~right_other).sum()]]
    exact, corrected = mcnemar(table, exact=True), mcnemar(table, exact=False, correction=True)
    write("mcnemar", [table[0][1], table[1][0], exact.pvalue, corrected.statistic, corrected.pvalue])


def several_levels(rng):
    y = rng.integers(0, 4, 300)
    z = rng.normal(size=(300, 4))
    z[np.arange(300), y] += 1.2
    p = np.round(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), 6)
    p /= p.sum(axis=1, keepdims=True)
    said = p.argmax(axis=1)
    lines.append("case levels")
    write("y", y)
    write("p", p)
    write("confusion", metrics.confusion_matrix(y, said))
    for name, score in (("precision", metrics.precision_score), ("recall", metrics.recall_score),
                        ("f1", metrics.f1_score)):
        write(name, [score(y, said, average="macro"), *score(y, said, average=None)])
    write("micro", [metrics.f1_score(y, said, average="micro")])
    write("mcc", [metrics.matthews_corrcoef(y, said)])
    write("auc", [metrics.roc_auc_score(y, p, multi_class="ovr", average="macro"),
                  *[metrics.roc_auc_score(y == k, p[:, k]) for k in range(4)]])
    write("logloss", [metrics.log_loss(y, p)])


def grades():
    lines.append("case grades")
    for n, d, pd in ((100, 3, 0.02), (1000, 5, 0.01), (50, 0, 0.03), (2000, 41, 0.015)):
        write("grade", [n, d, pd, stats.binomtest(d, n, pd, alternative="greater").pvalue,
                        stats.beta.cdf(pd, d + 0.5, n - d + 0.5)])


def main():
    rng = np.random.default_rng(5)
    y = np.array([1, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    s = np.array([.84901876, .10282827, .43752488, .46004468, .90878931,
                  .79177719, .5297229, .13803906, .73166264, .22959056])
    two_levels("ten", y, s, s[::-1])
    for name, n, decimals in (("smooth", 400, 6), ("tied", 300, 1)):
        z = rng.normal(size=n)
        y = (rng.random(n) < 1 / (1 + np.exp(1.5 - z))).astype(int)
        s = 1 / (1 + np.exp(1.2 - 1.3 * z - 0.5 * rng.normal(size=n)))
        other = 1 / (1 + np.exp(1.2 - 0.8 * z - 0.9 * rng.normal(size=n)))
        clip = 10.0 ** -decimals / 2
        two_levels(name, y, np.clip(np.round(s, decimals), clip, 1 - clip),
                   np.clip(np.round(other, decimals), clip, 1 - clip))
    several_levels(rng)
    grades()
    if sys.argv[1:2] != ["--check"]:
        print("\n".join(lines))
        return
    stored = open(sys.argv[2]).read().split()
    fresh = " ".join(lines).split()
    same = len(stored) == len(fresh)
    for a, b in zip(stored, fresh):
        try:
            same &= abs(float(a) - float(b)) <= 1e-9 * (1 + abs(float(b)))
        except ValueError:
            same &= a == b
    print("the vectors agree" if same else "the vectors differ")
    sys.exit(not same)


main()
