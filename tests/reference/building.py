# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins, groups, calendar periods, long and wide tables by pandas; triple-barrier labels with pandas' ewm, lookups,
uniqueness and fractional differences by their definition in plain loops.

usage: python3 building.py > building.txt; python3 building.py --check
"""
import io
import sys

import numpy as np
import pandas as pd
from scipy import special

NS_DAY = 86400 * 10**9
rng = np.random.default_rng(4)
out = io.StringIO()


def put(name, values):
    """A line: name, how many, the numbers; nan is missing."""
    values = [float(x) for x in values]
    print(name, len(values), *("nan" if np.isnan(x) else repr(x) for x in values), file=out)


def days(series):
    """Days since 1970, nan where missing."""
    return [np.nan if pd.isna(x) else x.value / NS_DAY for x in pd.to_datetime(pd.Series(series))]


def frame(rows, ids, span):
    """id, day, x (a tenth missing); days are unique within an id, so that sorting has no ties."""
    taken = [(i, d) for i in range(1, ids + 1) for d in range(span)]
    chosen = [taken[k] for k in rng.permutation(len(taken))[:rows]]
    x = np.round(rng.normal(size=rows), 3)
    x[rng.random(rows) < 0.1] = np.nan
    start = pd.Timestamp("2020-01-01")
    return pd.DataFrame({"id": [i for i, _ in chosen], "day": [start + pd.Timedelta(days=d) for _, d in chosen],
                         "x": x})


def put_frame(name, f):
    put(name + ".id", f["id"])
    put(name + ".day", days(f["day"]))
    put(name + ".x", f["x"])


a, b = frame(60, 7, 320), frame(200, 8, 300)
b.loc[b["id"] == 7, "id"] = 99  # an id that only a has, one that only b has
put_frame("a", a)
put_frame("b", b)

# joins: row order of a, then of b
left = a.reset_index().merge(b.reset_index(), on="id", how="left", sort=False, suffixes=("", "_b"))
left = left.sort_values(["index", "index_b"], kind="stable")
put("left.row", left["index"] + 1)
put("left.x", left["x_b"])
inner = left.dropna(subset=["index_b"])
put("inner.row", inner["index"] + 1)
put("inner.x", inner["x_b"])

for name, exact, tolerance in (("asof", True, None), ("strict", False, None), ("within", True, 10)):
    more = {"tolerance": pd.Timedelta(days=tolerance)} if tolerance else {}
    met = pd.merge_asof(a.reset_index().sort_values("day"), b.rename(columns={"x": "y"}).sort_values("day"), on="day",
                        by="id", allow_exact_matches=exact, **more)
    put(name + ".x", met.sort_values("index")["y"])

# groups: x where it is there
by = a.groupby("id", sort=True)["x"]
put("group.id", sorted(a["id"].unique()))
for name, of in (("n", by.size()), ("count", by.count())):
    put("group." + name, of)
whole = a.dropna().groupby("id", sort=True)["x"]
for name in ("sum", "mean", "std", "min", "max", "median"):
    put("group." + name, getattr(whole, name)())
timed = a.dropna().sort_values("day").groupby("id", sort=True)["x"]
put("group.first", timed.first())
put("group.last", timed.last())

# calendar periods, labelled by their last day
for name, rule in (("week", "W-SUN"), ("month", "ME"), ("quarter", "QE"), ("year", "YE")):
    ends = a.dropna().sort_values("day").set_index("day").groupby("id")["x"].resample(rule)
    table = ends.agg(["last", "max", "count"]).reset_index()
    table = table[table["count"] > 0]
    put(name + ".id", table["id"])
    put(name + ".day", days(table["day"]))
    put(name + ".close", table["last"])
    put(name + ".high", table["max"])

# long and wide
wide = a[a["day"] < "2020-02-15"].pivot(index="id", columns="day", values="x")
put("wide.id", wide.index)
put("wide.columns", days(wide.columns))
put("wide.cells", wide.to_numpy().ravel())

# triple barriers
price = np.round(100 * np.exp(np.cumsum(rng.normal(scale=0.01, size=150))), 4)
put("price", price)
for name, span, up, down, horizon, sign in (("barrier", 20, 1.5, 1.0, 8, False), ("sign", 100, 2.0, 2.0, 5, True),
                                            ("upper", 30, 1.0, 0.0, 10, False)):
    sigma = pd.Series(price).pct_change().ewm(span=span).std()
    labels = []
    for t in range(len(price)):
        if np.isnan(sigma[t]) or t + horizon >= len(price):
            labels.append(np.nan)
            continue
        path = price[t + 1:t + horizon + 1] / price[t] - 1
        rise = np.flatnonzero(path > up * sigma[t]) if up else np.array([], int)
        fall = np.flatnonzero(path < -down * sigma[t]) if down else np.array([], int)
        first = min([*rise[:1], *fall[:1]], default=None)
        labels.append(np.sign(path[first]) if first is not None else np.sign(path[-1]) if sign else 0)
    put(name, labels)

# lookups: a's rows into b, 20 days after and 15 days up to the row
any_after, mean_before, last_three = [], [], []
end = b["day"].max()
for _, row in a.iterrows():
    own = b[b["id"] == row["id"]].sort_values("day")
    t = row["day"]
    after = own[(own["day"] > t) & (own["day"] <= t + pd.Timedelta(days=20))]["x"]
    known = t + pd.Timedelta(days=20) <= end and len(after) and after.notna().all()
    any_after.append(float((after > 0.5).any()) if known else np.nan)
    before = own[(own["day"] <= t) & (own["day"] > t - pd.Timedelta(days=15))]["x"]
    known = len(own) and own["day"].min() <= t - pd.Timedelta(days=14) and len(before) and before.notna().all()
    mean_before.append(before.mean() if known else np.nan)
    three = own[own["day"] <= t]["x"].tail(3)
    last_three.append(three.max() if len(three) == 3 and three.notna().all() else np.nan)
put("any.after", any_after)
put("mean.before", mean_before)
put("max.three", last_three)

# when each label is decided, and the uniqueness of labels that overlap: closed intervals, by definition
sigma = pd.Series(price).pct_change().ewm(span=20).std()
lives = []  # of the last labels as far as the prices go
for t in range(len(price)):
    path = price[t + 1:t + 9] / price[t] - 1
    hit = np.flatnonzero((path > 1.5 * sigma[t]) | (path < -sigma[t]))
    lives.append(np.nan if np.isnan(sigma[t]) else float(hit[0] + 1) if len(hit) else len(path))
known = [not np.isnan(sigma[t]) and t + 8 < len(price) for t in range(len(price))]
put("touched", [k if ok else np.nan for k, ok in zip(lives, known)])
covers = np.array([[not np.isnan(k) and t <= s <= t + k for s in range(len(price))] for t, k in enumerate(lives)])
count = covers.sum(axis=0)
put("uniqueness", [np.mean(1 / count[row]) if ok else np.nan for row, ok in zip(covers, known)])

# fractional differences: binomial weights (-1)^k C(d, k) down to the cutoff, on prices with a gap
gapped = price.copy()
gapped[60] = np.nan
put("gapped", gapped)
for name, d, cutoff in (("frac4", 0.4, 1e-2), ("frac10", 1.0, 1e-4), ("frac13", 1.3, 1e-3)):
    weights = np.array([(-1) ** k * special.binom(d, k) for k in range(1000)])
    width = int(np.argmax(np.abs(weights) < cutoff))
    put(name, [np.nan if t + 1 < width else weights[:width] @ gapped[t - width + 1:t + 1][::-1]
               for t in range(len(price))])

if "--check" in sys.argv:
    with open(__file__.replace(".py", ".txt")) as stored:
        sys.exit(0 if stored.read() == out.getvalue() else "building.txt is not what this script computes")
print(out.getvalue(), end="")
