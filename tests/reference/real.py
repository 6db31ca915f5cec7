# SPDX-License-Identifier: GPL-3.0-or-later
"""What each file of the public data folder holds, as pandas 2 reads it: tests/reference/real.txt, which
tests/unit/data_real.c compares with what `load` makes of them. The counts that the SOURCE.txt of each set gives are
asserted here.

    F file rows columns missing options     then for some of its columns, their names last:
    N how many, their sum                   numbers
    C levels, first, last                   categories and texts
    D first, last                           dates

Run: python tests/reference/real.py FOLDER > tests/reference/real.txt
"""

import glob
import io
import re
import sys

import pandas as pd

FOLDER = sys.argv[1]
ISO = {"parse_dates": [0]}
US = {"parse_dates": [0], "date_format": "%m/%d/%Y"}
SETS = [  # file, how pandas reads it, options of load, rows, columns, missing
    ("arch-series/core-cpi.csv", US, "", 743, 2, 0),
    ("arch-series/crude.csv", {**ISO, "encoding": "utf-8-sig"}, "", 393, 3, 0),
    ("arch-series/default.csv", US, "", 1200, 3, 0),
    ("arch-series/frenchdata.csv", {"parse_dates": [0], "date_format": "%Y%m"}, "Date=date", 1109, 5, 0),
    ("arch-series/nasdaq.csv", US, "", 5031, 7, 0),
    ("arch-series/sp500.csv", US, "", 5031, 7, 0),
    ("arch-series/vix.csv", {**US, "na_values": ["."]}, "", 1305, 2, 46),
    ("arch-series/wti.csv", {**US, "na_values": ["."]}, "", 8611, 2, 290),
    ("credit-approval-crx/crx.data", {"header": None, "na_values": ["?"]}, "x11=number,x14=number", 690, 16, 67),
    ("digits-8x8/optdigits.tra", {"header": None}, "x65=category", 3823, 65, 0),
    ("digits-8x8/optdigits.tes", {"header": None}, "x65=category", 1797, 65, 0),
    ("etf-prices-23/stock_prices.csv", {**ISO}, "", 2141, 24, 0),
    ("futures-bars-ticks/dollar_bar_sample.csv", {**ISO}, "", 1000, 8, 0),
    ("futures-bars-ticks/tick_sample.csv", {**ISO}, "", 6955, 3, 0),
    ("fx-fred-monthly/annual.csv", {**ISO}, "", 993, 3, 0),
    ("fx-fred-monthly/monthly.csv", {**ISO}, "", 17237, 3, 0),
    ("german-credit/german.data", {"header": None, "sep": r"\s+"}, "x21=category", 1000, 21, 0),
    ("german-credit/german.data-numeric", {"header": None, "sep": r"\s+"}, "x25=category", 1000, 25, 0),
    ("german-credit/germancredit-labelled.csv", {"keep_default_na": False}, "", 1000, 21, 0),
    ("gold-monthly/annual.csv", {"parse_dates": [0], "date_format": "%Y"}, "Date=date", 192, 2, 0),
    ("gold-monthly/monthly.csv", {"parse_dates": [0], "date_format": "%Y-%m"}, "", 2322, 2, 0),
    ("gold-monthly/monthly-processed.csv", {**ISO}, "", 2322, 2, 0),
    ("listops-trees/test_d20s.tsv", {"header": None, "sep": "\t"}, "x1=category", 10000, 2, 0),
    ("oil-daily/brent-daily.csv", {**ISO}, "", 9958, 2, 0),
    ("oil-daily/wti-daily.csv", {**ISO}, "", 10226, 2, 0),
    ("sp500-daily-1950/sp500.csv", {"parse_dates": [1]}, "", 17356, 8, 0),
    ("ust-yields-daily/ust.csv", {**ISO}, "", 8055, 13, 0),
    ("vix-daily/vix-daily.csv", {**ISO}, "", 9235, 5, 0),
]
FOLDS = {"crx": 690, "german": 1000, "german_numeric": 1000, "polish1": 7027}


def arff(path):
    head, rows = open(path).read().split("@data", 1)
    names = re.findall(r"^@attribute\s+(?:'([^']*)'|(\S+))", head, re.M)
    frame = pd.read_csv(io.StringIO(rows), header=None, na_values=["?"])
    frame.columns = [quoted or plain for quoted, plain in names]
    return frame


def stamp(x):
    text = x.isoformat(timespec="microseconds")
    return text[:10] if text[11:] == "00:00:00.000000" else text.rstrip("0").rstrip(".") if "." in text else text


def shown(frame):
    names = list(frame.columns)
    return names[:4] + [name for name in names[-2:] if name not in names[:4]]


def describe(file, frame, rows, columns, missing, options):
    assert frame.shape == (rows, columns), (file, frame.shape)
    assert frame.isna().sum().sum() == missing, (file, frame.isna().sum().sum())
    print("F", file, rows, columns, missing, options)
    for name in shown(frame):
        column = frame[name].dropna()
        declared = f"{name}=category" in options.split(",")
        if column.dtype.kind == "M":
            print("D", stamp(column.iloc[0]), stamp(column.iloc[-1]), name, sep="\t")
        elif column.dtype.kind in "if" and not declared:
            print("N", len(column), repr(float(column.sum())), name, sep="\t")
        else:
            print("C", column.nunique(), str(column.iloc[0])[:40], str(column.iloc[-1])[:40], name, sep="\t")


seen = set()
for file, how, options, rows, columns, missing in SETS:
    frame = pd.read_csv(f"{FOLDER}/{file}", **how)
    if how.get("header", 0) is None:
        frame.columns = [f"x{i + 1}" for i in range(columns)]
    describe(file, frame, rows, columns, missing, options)
    seen.add(file)
describe("polish-1year/1year.arff", arff(f"{FOLDER}/polish-1year/1year.arff"), 7027, 65, 5835, "")
seen.add("polish-1year/1year.arff")
for name, rows in FOLDS.items():
    for seed in range(3):
        file = f"folds/{name}.seed{seed}.csv"
        describe(file, pd.read_csv(f"{FOLDER}/{file}"), rows, 2, 0, "")
        seen.add(file)
there = {path[len(FOLDER) + 1 :] for path in glob.glob(f"{FOLDER}/*/*") if not path.endswith("SOURCE.txt")}
assert there == seen, there ^ seen
