# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipe steps by scikit-learn, SciPy and pandas. Where the definitions differ:
  knn        KNNImputer does not scale: it gets columns divided by their standard deviation;
  rankgauss  scipy.stats.rankdata and norm.ppf, numpy.interp for new values;
  pca        sklearn's signs are turned so that the largest loading of a component is positive;
  monotone   the pools are the steps of sklearn's IsotonicRegression over 20 quantile bins;
  target     TargetEncoder(smooth=10); out of fold, one for each fold;
  hampel     a trailing pandas window, with the mean deviation where the median deviation is 0.
  powers     PowerTransformer (Yeo-Johnson), then with the deviation of divisor n - 1;
  hash       FeatureHasher with the token "c=LEVEL" and 8 columns;
  em         own EM; --check also maximises the likelihood of the observed cells by L-BFGS, which knows no EM;
  weighted   weighted shares, means and quantiles (Harrell's wtd.quantile) by their definition, weights scaled to
             a mean of 1; whole weights give what the repeated rows give.

usage: python3 steps.py > steps.txt; python3 steps.py --check"""
import io
import sys

import numpy as np
import pandas as pd
from scipy import stats
from scipy import optimize
from sklearn.decomposition import PCA
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import KNNImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.preprocessing import PowerTransformer, TargetEncoder

rng = np.random.default_rng(4)
out = io.StringIO()


def write(name, values):
    print(name, *("nan" if np.isnan(x) else f"{x:.16g}" for x in np.asarray(values, float).ravel()),
          file=out)


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


def powers(n=80):
    new = np.concatenate([rng.normal(size=5), [-30, 50]])
    for name, x in (("skew", rng.lognormal(1, 0.8, size=n)), ("heavy", 3 * rng.standard_t(3, size=n) - 1),
                    ("low", -rng.gamma(2, 2, size=n))):
        fitted = PowerTransformer(standardize=False).fit(x[:, None])
        y = fitted.transform(x[:, None])[:, 0]
        write(f"power_{name}_x", x)
        write(f"power_{name}_y", (y - y.mean()) / y.std(ddof=1))
        write(f"power_{name}_lambda", fitted.lambdas_)
        write(f"power_{name}_new", new)
        write(f"power_{name}_new_y", (fitted.transform(new[:, None])[:, 0] - y.mean()) / y.std(ddof=1))


def hashes():
    for signed in (False, True):
        hasher = FeatureHasher(n_features=8, input_type="string", alternate_sign=signed)
        write(f"hash_{'signed' if signed else 'plain'}", hasher.transform([[f"c={x}"] for x in "abcd"]).toarray())


def observed_likelihood(x, mean, cov):
    total = 0.0
    for row in x:
        o = ~np.isnan(row)
        if o.any():
            total += stats.multivariate_normal(mean[o], cov[np.ix_(o, o)]).logpdf(row[o])
    return total


def em(n=70, p=4, check=False):
    x = rng.multivariate_normal([1, -20, 300, 0], [[1, 5, 20, 0.1], [5, 50, 100, 1], [20, 100, 900, 3], [0.1, 1, 3, 0.5]],
                                size=n)
    x[rng.random((n, p)) < 0.25] = np.nan
    x[11] = np.nan
    center, spread = np.nanmean(x, axis=0), np.nanstd(x, axis=0, ddof=1)
    z = (x - center) / spread
    mean, cov = np.zeros(p), np.eye(p)

    def expect(row):
        m, o = np.isnan(row), ~np.isnan(row)
        b = np.linalg.solve(cov[np.ix_(o, o)], cov[np.ix_(o, m)]).T
        filled, rest = row.copy(), np.zeros((p, p))
        filled[m] = mean[m] + b @ (row[o] - mean[o])
        rest[np.ix_(m, m)] = cov[np.ix_(m, m)] - b @ cov[np.ix_(o, m)]
        return filled, rest

    for _ in range(3000):
        pairs = [expect(row) for row in z]
        filled = np.array([f for f, _ in pairs])
        mean = filled.mean(axis=0)
        cov = (filled - mean).T @ (filled - mean) / n + sum(r for _, r in pairs) / n
    y = np.array([expect(row)[0] for row in z]) * spread + center
    for j in range(p):
        write(f"em_x{j + 1}", x[:, j])
        write(f"em_y{j + 1}", y[:, j])
    if not check:
        return
    lower = np.tril_indices(p)

    def unpack(theta):
        factor = np.zeros((p, p))
        factor[lower] = theta[p:]
        return theta[:p], factor @ factor.T + 1e-12 * np.eye(p)

    start = np.concatenate([np.zeros(p), np.eye(p)[lower]])
    best = optimize.minimize(lambda t: -observed_likelihood(z, *unpack(t)), start, method="L-BFGS-B",
                             options={"maxiter": 3000, "maxfun": 200000, "ftol": 1e-14, "gtol": 1e-7})
    assert np.allclose(unpack(best.x)[0], mean, atol=1e-3) and np.allclose(unpack(best.x)[1], cov, atol=1e-3)
    assert -best.fun <= observed_likelihood(z, mean, cov) + 1e-6


def weighted_quantiles(x, w, shares):
    order = np.argsort(x, kind="stable")
    x, w = x[order], np.cumsum(w[order] * (len(w) / w.sum()))
    found = []
    for share in shares:
        h = (len(x) - 1) * share
        at = [x[np.argmax(w >= min(rank, len(x)) * (1 - 1e-12))] for rank in (np.floor(h) + 1, np.floor(h) + 2)]
        found.append(at[0] + (at[1] - at[0]) * (h - np.floor(h)))
    return np.array(found)


def weighted(n=240):
    codes, x = rng.integers(0, 5, size=n), np.round(rng.normal(size=n), 2)
    w, y = rng.choice([0.5, 1, 2, 5], size=n), rng.random(n) < 0.2 + 0.1 * codes
    scaled = w / w.mean()
    good, bad = np.bincount(codes, scaled * ~y, 5), np.bincount(codes, scaled * y, 5)
    woe, iv = evidence(good, bad)
    mean = np.sum(scaled * y) / n
    write("weighted_codes", codes)
    write("weighted_x", x)
    write("weighted_y", y)
    write("weighted_w", w)
    write("weighted_woe", woe)
    write("weighted_iv", [iv])
    write("weighted_target", (bad + 10 * mean) / (good + bad + 10))
    breaks = weighted_quantiles(x, w, np.arange(1, 6) / 6)
    whole = np.repeat(x, (2 * w).astype(int))
    for share, value in zip(np.arange(1, 6) / 6, breaks):
        assert abs(np.quantile(whole, share) - value) <= 0.05
    write("weighted_breaks", np.unique(breaks))


def all_steps(check):
    print("# SPDX-License-Identifier: GPL-3.0-or-later", file=out)
    print("# written by steps.py: a name and its numbers on each line", file=out)
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
    powers()
    hashes()
    em(check=check)
    weighted()


def same(line, kept):
    name, *numbers = line.split()
    other, *rest = kept.split()
    if name == "#" or name != other or len(numbers) != len(rest):
        return line == kept
    return np.allclose(np.array(numbers, float), np.array(rest, float), rtol=1e-6, atol=1e-9, equal_nan=True)


check = "--check" in sys.argv
all_steps(check)
if not check:
    print(out.getvalue(), end="")
else:
    made, kept = out.getvalue().splitlines(), open(__file__.replace("steps.py", "steps.txt")).read().splitlines()
    bad = [line.split()[0] for line, old in zip(made, kept) if not same(line, old)]
    print("steps.txt:", "the same" if not bad and len(made) == len(kept) else f"differs in {bad}")
    sys.exit(bool(bad) or len(made) != len(kept))
