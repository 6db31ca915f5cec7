# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference figures of the looking verbs, from numpy, scipy and scikit-learn: prints looking.txt.

Data are formulas, so that the test makes the same: x_i, y_i, z_i below, i = 0 .. 199.
"""
import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

i = np.arange(200)
x = np.mod(i * 7919, 211) / 10.0
y = x * 0.5 + np.mod(i * 104729, 97) / 5.0
z = np.where(np.mod(i, 7) == 0, np.nan, np.mod(i * 31, 23).astype(float))
event = (np.mod(i * 13, 29) + x > 24).astype(float)


def show(name, *values):
    print(name, *(repr(float(v)) for v in values))


show("pearson", *stats.pearsonr(x, y))
show("spearman", *stats.spearmanr(x, y))
there = ~np.isnan(z)
show("pearson_missing", *stats.pearsonr(x[there], z[there]))
show("spearman_missing", *stats.spearmanr(x[there], z[there]))

show("auc_x", roc_auc_score(event, x))
show("auc_z", roc_auc_score(event[there], z[there]))


def iv(values, events):
    there = ~np.isnan(values)
    order = np.sort(values[there])
    first = np.searchsorted(order, values[there], side="left")
    bins = np.full(len(values), 10)
    bins[there] = first * 10 // there.sum()
    total, b, g = 0.0, events.sum(), (1 - events).sum()
    for k in range(11):
        e, o = events[bins == k].sum(), (1 - events)[bins == k].sum()
        if e + o == 0:
            continue
        half = 0.0 if e > 0 and o > 0 else 0.5
        p, q = (e + half) / b, (o + half) / g
        total += (p - q) * np.log(p / q)
    return total


show("iv_x", iv(x, event))
show("iv_z", iv(z, event))

table = np.array([[10, 20, 30], [40, 20, 5], [7, 9, 11]])
chi2, p, df, _ = stats.chi2_contingency(table, correction=False)
show("chi2", chi2, p, df, np.sqrt(chi2 / (table.sum() * 2)))

median = np.median(y)
mad = np.median(np.abs(y - median))
show("profile", y.mean(), y.std(ddof=1), y.min(), median, y.max())
spiky = np.where(np.mod(i, 37) == 0, y * 9, y)
m = np.median(spiky)
show("outliers", np.sum(np.abs(0.6745 * (spiky - m) / np.median(np.abs(spiky - m))) > 3.5))

edges = np.histogram_bin_edges(y, bins="fd")
show("fd", len(edges) - 1, edges[0], edges[-1])
show("fd_counts", *np.histogram(y, bins=edges)[0])
q1, q2, q3 = np.percentile(y, [25, 50, 75])
inside = y[(y >= q1 - 1.5 * (q3 - q1)) & (y <= q3 + 1.5 * (q3 - q1))]
show("box", y.min(), inside.min(), q1, q2, q3, inside.max(), y.max())
d = y - y.mean()
show("acf", *((d[k:] * d[: len(d) - k]).sum() / (d * d).sum() for k in range(6)))
large = np.mod(np.arange(100003) * 7919.0, 100003.0) ** 1.5
show("quantiles", *np.percentile(large, [0, 1, 25, 50, 99, 100]))

for name, a, b in (("kendall", x, y), ("kendall_missing", x[there], z[there]), ("kendall_ties", event[there], z[there])):
    show(name, *stats.kendalltau(a, b, method="asymptotic"))

groups = np.mod(i * 13, 3)
show("kruskal", *stats.kruskal(*(y[groups == g] for g in range(3))))
show("kruskal_ties", *stats.kruskal(z[there & (event == 0)], z[there & (event == 1)]))
show("ks_two", stats.ks_2samp(z[there & (event == 0)], z[there & (event == 1)]).statistic,
     roc_auc_score(event[there], z[there]))


def little(data):
    """EM row by row, then Little's statistic (JASA 83, 1988) with the covariance of divisor n."""
    n, p = data.shape
    mean, cov = np.nanmean(data, axis=0), np.diag(np.nanvar(data, axis=0))
    for _ in range(20000):
        total, second = np.zeros(p), np.zeros((p, p))
        for row in data:
            o, m = ~np.isnan(row), np.isnan(row)
            full, extra = row.copy(), np.zeros((p, p))
            b = cov[np.ix_(m, o)] @ np.linalg.inv(cov[np.ix_(o, o)])
            full[m] = mean[m] + b @ (row[o] - mean[o])
            extra[np.ix_(m, m)] = cov[np.ix_(m, m)] - b @ cov[np.ix_(o, m)]
            total += full
            second += np.outer(full, full) + extra
        new = total / n
        moved = np.abs(second / n - np.outer(new, new) - cov).max() + np.abs(new - mean).max()
        mean, cov = new, second / n - np.outer(new, new)
        if moved < 1e-13:
            break
    d2, df = 0.0, -p
    for pattern in {tuple(r) for r in np.isnan(data)}:
        rows = data[(np.isnan(data) == pattern).all(axis=1)]
        o = ~np.array(pattern)
        gap = rows[:, o].mean(axis=0) - mean[o]
        d2 += len(rows) * gap @ np.linalg.inv(cov[np.ix_(o, o)]) @ gap
        df += o.sum()
    return d2, df, stats.chi2.sf(d2, df)


first = np.where(np.mod(i, 5) == 3, np.nan, x)
show("little", *little(np.column_stack([first, y, z])))
show("little_not", *little(np.column_stack([first, np.where(x > 15, np.nan, y), z])))
