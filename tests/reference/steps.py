# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipe steps by scikit-learn, SciPy and pandas. Where the definitions differ:
  knn        KNNImputer does not scale: it gets columns divided by their standard deviation;
  rankgauss  scipy.stats.rankdata and norm.ppf, numpy.interp for new values;
  pca        sklearn's signs are turned so that the largest loading of a component is positive;
  monotone   the pools are the steps of sklearn's IsotonicRegression over 20 quantile bins;
  target     TargetEncoder(smooth=10); out of fold, one for each fold;
  hampel     a trailing pandas window, with the mean deviation where the median deviation is 0.

usage: python3 steps.py > steps.txt"""
import numpy as np
import pandas as pd
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.impute import KNNImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.preprocessing import TargetEncoder

rng = np.random.default_rng(4)


def write(name, values):
    print(name, *("nan" if np.isnan(x) else f"{x:.16g}" for x in np.asarray(values, float).ravel()))


def knn(n=60):
    common = rng.normal(size=n)
    x = np.column_stack([common + rng.normal(size=n), 100 * common + 30 * rng.normal(size=n),
                         5 - common + 0.3 * rng.normal(size=n), rng.normal(size=n)])
    x[rng.random((n, 4)) < 0.2] = np.nan
    x[7] = np.nan
    spread = np.nanstd(x, axis=0, ddof=1)
    y = KNNImputer(n_neighbors=5).fit_transform(x / spread) * spread
    for j in range(4):
        write(f"knn_x{j + 1}", x[:, j])
        write(f"knn_y{j + 1}", y[:, j])


def rankgauss():
    x = np.round(rng.standard_t(2, size=50), 1)
    ranks = stats.rankdata(x)
    y = stats.norm.ppf((ranks - 0.5) / len(x))
    new = np.concatenate([rng.standard_t(2, size=20), [-1e6, 1e6], x[:3]])
    points, first = np.unique(x, return_index=True)
    write("rank_x", x)
    write("rank_y", y)
    write("rank_new", new)
    write("rank_new_y", np.interp(new, points, y[first]))


def pca(n=80):
    x = rng.normal(size=(n, 4)) @ rng.normal(size=(4, 4)) + [1, 2, 3, 4]
    fitted = PCA().fit(x)
    y = fitted.transform(x)
    for k, loadings in enumerate(fitted.components_):
        if loadings[np.argmax(np.abs(loadings))] < 0:
            y[:, k] = -y[:, k]
    for j in range(4):
        write(f"pca_x{j + 1}", x[:, j])
        write(f"pca_y{j + 1}", y[:, j])
    write("pca_shares", fitted.explained_variance_ratio_)


def evidence(good, bad):
    g, b = good.sum(), bad.sum()
    half = np.where((good == 0) | (bad == 0), 0.5, 0)
    shares = (good + half) / g, (bad + half) / b
    woe = np.log(shares[0] / shares[1])
    return woe, np.sum((shares[0] - shares[1]) * woe)


def weight_of_evidence(n=200):
    codes = rng.integers(0, 5, size=n)  # 0: missing
    y = (rng.random(n) < np.array([0.5, 0.2, 0.4, 0.0, 0.7])[codes]).astype(int)
    table = pd.crosstab(codes, y)
    woe, iv = evidence(table[0].to_numpy(), table[1].to_numpy())
    write("woe_codes", codes)
    write("woe_y", y)
    write("woe_values", woe)
    write("woe_iv", [iv])


def target(n=150):
    codes = rng.integers(0, 5, size=n)
    y = rng.normal(size=n) + codes
    draw = rng.integers(1, 1000, size=n)
    full = TargetEncoder(smooth=10.0, target_type="continuous").fit(codes[:, None], y)
    out_of_fold = np.empty(n)
    for fold in range(5):
        rest = draw % 5 != fold
        encoder = TargetEncoder(smooth=10.0, target_type="continuous").fit(codes[rest, None], y[rest])
        out_of_fold[~rest] = encoder.transform(codes[~rest, None])[:, 0]
    write("target_codes", codes)
    write("target_y", y)
    write("target_draw", draw)
    write("target_values", full.transform(np.arange(5)[:, None])[:, 0])
    write("target_mean", [y.mean()])
    write("target_folds", out_of_fold)


def monotone(name, risk, n=1000, most=10, least=0.05):
    x = np.round(rng.normal(size=n), 4)
    y = (rng.random(n) < risk(x)).astype(float)
    breaks = np.unique(np.quantile(x, np.arange(1, 20) / 20))
    bins = np.searchsorted(breaks, x, side="right")
    count, events = np.bincount(bins, minlength=20).astype(float), np.bincount(bins, y, minlength=20)
    rising = np.cov(bins, y)[0, 1] >= 0
    share = IsotonicRegression(increasing=bool(rising)).fit_transform(np.arange(20), events / count, sample_weight=count)
    starts = [k for k in range(20) if k == 0 or abs(share[k] - share[k - 1]) > 1e-12]
    pools = [[count[a:b].sum(), events[a:b].sum(), a] for a, b in zip(starts, starts[1:] + [20])]

    def join(k):
        pools[k][0] += pools[k + 1][0]
        pools[k][1] += pools[k + 1][1]
        del pools[k + 1]

    def gap(k):
        return abs(pools[k + 1][1] / pools[k + 1][0] - pools[k][1] / pools[k][0])

    def thin():
        return next((k for k, (c, e, _) in enumerate(pools) if c < least * n or e in (0, c)), None)

    while len(pools) > 1 and (k := thin()) is not None:
        join(k if k == 0 or (k + 1 < len(pools) and gap(k) < gap(k - 1)) else k - 1)
    while len(pools) > most:
        join(int(np.argmin([gap(k) for k in range(len(pools) - 1)])))
    write(f"{name}_x", x)
    write(f"{name}_y", y)
    write(f"{name}_most", [most])
    write(f"{name}_breaks", [breaks[a - 1] for _, _, a in pools[1:]])
    write(f"{name}_iv", [evidence(np.array([c - e for c, e, _ in pools]), np.array([e for _, e, _ in pools]))[1]])


def hampel(n=120, length=7, z=3):
    x = np.cumsum(rng.normal(size=n))
    x[[20, 55, 90]] += 40
    x[60:75] = x[60]
    x[70] += 1
    x[[10, 33]] = np.nan

    def last(window):
        own, window = window[-1], window[~np.isnan(window)]
        if np.isnan(own) or len(window) < 3:
            return own
        median = np.median(window)
        scale = stats.median_abs_deviation(window) * 1.4826 or 1.253314 * np.mean(np.abs(window - median))
        return median if abs(own - median) > z * scale else own

    series = pd.Series(x)
    write("hampel_x", x)
    write("hampel_y", [last(series.iloc[max(0, t - length + 1):t + 1].to_numpy()) for t in range(n)])


def limits():
    x = np.concatenate([rng.normal(size=47), [9, -14, 30]])
    median, mad = np.median(x), stats.median_abs_deviation(x)
    q1, q3 = np.quantile(x, [0.25, 0.75])
    write("limits_x", x)
    write("mad_y", np.clip(x, median - 3.5 * mad / 0.6745, median + 3.5 * mad / 0.6745))
    write("iqr_y", np.clip(x, q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)))


print("# SPDX-License-Identifier: GPL-3.0-or-later")
print("# written by steps.py: a name and its numbers on each line")
knn()
rankgauss()
pca()
weight_of_evidence()
target()
monotone("rising", lambda x: 1 / (1 + np.exp(1 - x)))
monotone("falling", lambda x: 1 / (1 + np.exp(2 + 0.5 * x)), most=3)
monotone("hump", lambda x: np.exp(-x * x) / 2, n=400)
hampel()
limits()
