#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file to windows, stage by stage: seconds and the peak of memory, in fns, pandas and polars.

usage: pipeline.py make FNS FOLDER IDS STEPS      the data: FOLDER/panel.csv, panel.db, left.csv, right.csv
       pipeline.py run WHO FNS FOLDER THREADS     WHO: fns, pandas or polars

A row a stage: STAGE;WHO;THREADS;SECONDS;MEGABYTES. The peak is that of the stage itself (Linux: VmHWM, set back
before each), with all that is held from the stages before. fns needs nothing but Python's own library here.
"""
import os
import subprocess
import sys
import time

LENGTH, OVER = 60, 20
INPUTS = [f"x{k}" for k in range(1, 18)]
SQL = "select id, step, x1, x2, y from panel"
# what a statement of fns belongs to; a stage may have several
FNS_STAGES = [
    [
        ("load csv", "load '{0}/panel.csv' as f id=id time=step target=y"),
        ("describe", "describe f"),
        ("mean over 20", f"derive f m = mean(x1, over={OVER})"),
        ("split", "split f train=60% valid=20% test=20%"),
        ("impute", "impute f method=median flag=off"),
        ("impute", "recipe f"),
        ("impute, scale", "scale f"),
        ("impute, scale", "recipe f"),
        ("window", f"window f length={LENGTH}"),
    ],
    [("sqlite", "load '{0}/panel.db' as s query='" + SQL + "'")],
    [
        ("", "set undo_memory 0"),
        ("", "load '{0}/left.csv' as a"),
        ("", "load '{0}/right.csv' as b"),
        ("group", "group a by=key n=count() s=mean(x) hi=max(x) as g"),
        ("join, two keys", "join a b key=key,day as j"),
        ("", "forget j"),
        ("join, one key", "join a g key=key as j"),
        ("", "forget j"),
        ("join, one to many", "join g a key=key as j"),
        ("", "forget j"),
        ("join, as of", "join a b key=key asof=day as j"),
    ],
]


def megabytes(pid, name):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return float("nan")


def forget_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w") as refs:
        refs.write("5")


def show(stage, who, threads, seconds, peak):
    print(f"{stage};{who};{threads};{seconds:.3f};{peak:.0f}", flush=True)


# ---- data


def number(k, missing):
    """An expression of column xk: uniform, or exponential times a power of ten; some of it missing."""
    x = f"x{k}" if k % 2 else f"-{10 ** (k // 4)} * log(x{k})"
    rounded = f"round({x}, 4)"
    return f"x{k} = ifelse(x{k} < 0.02, missing, {rounded})" if missing else f"x{k} = {rounded}"


def make(fns, folder, ids, steps):
    columns = "\n".join(f"derive f {number(k, k % 3 == 0)} replace" for k in range(1, 18))
    rows = int(ids) * int(steps)
    keys = max(rows // 100, 10)
    script = f"""quiet: simulate uniform as f rows={ids} steps={steps} columns=17 seed=1
{columns}
save f "{folder}/panel.csv" replace
save f "{folder}/panel.db" table=panel replace
forget f
quiet: simulate uniform as a rows={rows} columns=3 seed=2
derive a key = round({keys} * x1 + 0.5) day = round(2000 * x2 + 0.5) x = round(x3, 6)
drop a x1 x2 x3 y
save a "{folder}/left.csv" replace
quiet: simulate uniform as b rows={keys} columns=3 seed=3
derive b key = round({keys} * x1 + 0.5) day = round(2000 * x2 + 0.5) z = round(x3, 6)
drop b x1 x2 x3 y
save b "{folder}/right.csv" replace
"""
    subprocess.run([fns, "-c", script], check=True, stdout=subprocess.DEVNULL)


# ---- fns: statements timed by itself, its peak read when a time appears


def run_stages(fns, stages, folder, threads):
    stages = stages + [("", "print 0")]  # so that the process is there when the last stage is read
    script = "\n".join("time: " + statement.format(folder) for _, statement in stages)
    child = subprocess.Popen([fns, "--threads", threads, "-c", script], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True)
    found, at = {}, 0
    for line in child.stderr:
        if not line.startswith("time: "):
            if "error" in line:
                sys.stderr.write(line)
            continue
        stage = stages[at][0]
        seconds, peak = found.get(stage, (0, 0))
        found[stage] = seconds + float(line.split()[1]), max(peak, megabytes(child.pid, "VmHWM"))
        try:
            forget_peak(child.pid)
        except OSError:
            pass  # it ended
        at += 1
    for stage, (seconds, peak) in found.items():
        if stage:
            show(stage, "fns", threads, seconds, peak)
    return child.wait()


def run_fns(fns, folder, threads):
    sys.exit(max(run_stages(fns, stages, folder, threads) for stages in FNS_STAGES))


# ---- peers


class Peer:
    def __init__(self, who, threads):
        self.who, self.threads = who, threads

    def stage(self, name, work):
        forget_peak("self")
        begin = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - begin
        show(name, self.who, self.threads, seconds, megabytes("self", "VmHWM"))
        return result


def windows(rows):
    import numpy as np
    return np.lib.stride_tricks.sliding_window_view(rows, LENGTH, axis=0)


def run_pandas(folder, threads):
    import sqlite3

    import numpy as np
    import pandas as pd
    peer = Peer("pandas", threads)
    f = peer.stage("load csv", lambda: pd.read_csv(f"{folder}/panel.csv"))
    peer.stage("describe", lambda: (f.describe(), f.isna().sum()))

    def derive():
        means = f.groupby("id", sort=False)["x1"].rolling(OVER).mean()
        f["m"] = means.reset_index(level=0, drop=True)

    def split():
        cuts = f["step"].quantile([0.6, 0.8]).to_numpy()
        return np.searchsorted(cuts, f["step"].to_numpy())

    peer.stage("mean over 20", derive)
    part = peer.stage("split", split)
    names = INPUTS + ["m"]

    def impute():
        train = f.loc[part == 0, names]
        return train.fillna(train.median())

    def scale():
        train = impute()
        return (train - train.mean()) / train.std()

    peer.stage("impute", impute)
    train = peer.stage("impute, scale", scale)
    peer.stage("window", lambda: windows(train.to_numpy("float32")))
    del f, train
    if os.path.exists(f"{folder}/panel.db"):
        with sqlite3.connect(f"{folder}/panel.db") as base:
            peer.stage("sqlite", lambda: pd.read_sql(SQL, base))
    a, b = pd.read_csv(f"{folder}/left.csv"), pd.read_csv(f"{folder}/right.csv")
    g = peer.stage("group", lambda: a.groupby("key").agg(
        n=("x", "size"), s=("x", "mean"), hi=("x", "max")).reset_index())
    peer.stage("join, two keys", lambda: a.merge(b, on=["key", "day"], how="left"))
    peer.stage("join, one key", lambda: a.merge(g, on="key", how="left"))
    peer.stage("join, one to many", lambda: g.merge(a, on="key", how="left"))

    def asof():
        left, right = a.sort_values("day", kind="stable"), b.sort_values("day", kind="stable")
        return pd.merge_asof(left, right, on="day", by="key")

    peer.stage("join, as of", asof)


def run_polars(folder, threads):
    os.environ["POLARS_MAX_THREADS"] = threads
    import polars as pl
    import polars.selectors as cs
    peer = Peer("polars", threads)
    f = peer.stage("load csv", lambda: pl.read_csv(f"{folder}/panel.csv"))
    peer.stage("describe", lambda: f.describe())
    f = peer.stage("mean over 20", lambda: f.with_columns(
        m=pl.col("x1").rolling_mean(OVER).over("id")))

    def split():
        cuts = f.select(a=pl.col("step").quantile(0.6), b=pl.col("step").quantile(0.8)).row(0)
        return f.select((pl.col("step") > cuts[0]).cast(pl.Int8) + (pl.col("step") > cuts[1])).to_series()

    part = peer.stage("split", split)

    def impute():
        train = f.filter(part == 0).select(INPUTS + ["m"])
        return train.with_columns(cs.all().fill_null(cs.all().median()))

    def scale():
        return impute().with_columns((cs.all() - cs.all().mean()) / cs.all().std())

    peer.stage("impute", impute)
    train = peer.stage("impute, scale", scale)
    peer.stage("window", lambda: windows(train.cast(pl.Float32).to_numpy()))
    del f, train
    a, b = pl.read_csv(f"{folder}/left.csv"), pl.read_csv(f"{folder}/right.csv")
    g = peer.stage("group", lambda: a.group_by("key").agg(
        n=pl.len(), s=pl.col("x").mean(), hi=pl.col("x").max()).sort("key"))
    peer.stage("join, two keys", lambda: a.join(b, on=["key", "day"], how="left", maintain_order="left"))
    peer.stage("join, one key", lambda: a.join(g, on="key", how="left", maintain_order="left"))
    peer.stage("join, one to many", lambda: g.join(a, on="key", how="left", maintain_order="left_right"))
    peer.stage("join, as of", lambda: a.sort("day").join_asof(b.sort("day"), on="day", by="key"))


def main(args):
    if args[:1] == ["make"]:
        make(*args[1:])
    elif args[1] == "fns":
        run_fns(*args[2:])
    else:
        {"pandas": run_pandas, "polars": run_polars}[args[1]](*args[3:])


main(sys.argv[1:])
