# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small files of Stata, SPSS and SAS in tests/reference/statfiles/ that tests/unit/data_statfile.c reads,
with pandas 2 (Stata), pyreadstat 1.3 (SPSS) and ReadStat's own writer (SAS, through ctypes).

Run: python tests/reference/statfiles.py, in the root of the sources.
"""

import ctypes
import ctypes.util
import datetime
import os

import numpy as np
import pandas as pd
import pyreadstat

FOLDER = "tests/reference/statfiles"


def stata():
    frame = pd.DataFrame(
        {
            "id": np.array([1, 2, 3], dtype="int32"),
            "income": [1500.5, float("nan"), -2.25],
            "opened": pd.to_datetime(["2020-01-31", None, "1959-12-31"]),
            "stamp": pd.to_datetime(["2020-01-31 10:30:15.250", "1960-01-01 00:00:00.000", "1970-01-01 00:00:01.000"]),
            "month": pd.to_datetime(["2008-07-01", "1960-01-01", "1959-12-01"]),
            "quarter": pd.to_datetime(["2008-04-01", "1960-01-01", "1959-10-01"]),
            "grade": pd.Categorical(["good", "bad", "good"], categories=["bad", "good", "never"]),
            "name": ["Müller", "", "c,d"],
            "part": np.array([1, 2, 99], dtype="int16"),
        }
    )
    dates = {"opened": "td", "stamp": "tc", "month": "tm", "quarter": "tq"}
    frame.to_stata(f"{FOLDER}/new.dta", convert_dates=dates, write_index=False, version=118,
                   value_labels={"part": {1: "one", 2: "two"}})
    frame.to_stata(
        f"{FOLDER}/old.dta", convert_dates=dates, write_index=False, version=114)
    missing = pd.DataFrame({"dpd": [0.0, 1.0, 2.0], "kept": [1.0, 2.0, 3.0]})
    pyreadstat.write_dta(missing.assign(dpd=[0.0, "a", "b"]).astype({"dpd": object}), f"{FOLDER}/tags.dta",
                         missing_user_values={"dpd": ["a", "b"]}, version=15)


def spss():
    frame = pd.DataFrame(
        {
            "id": [1.0, 2.0, 3.0, 4.0],
            "answer": [1.0, 2.0, 9.0, 1.0],
            "dpd": [0.0, 98.0, 99.0, 30.0],
            "opened": [datetime.date(2020, 1, 31), datetime.date(1582, 10, 15), None, datetime.date(1970, 1, 1)],
            "stamp": [datetime.datetime(2020, 1, 31, 10, 30, 15)] * 4,
            "name": ["Müller", "", "b", "収入"],
            "x": [0.5, float("nan"), -1.0, 2.0],
        }
    )
    for name, options in (("plain", {}), ("rows", {"row_compress": True})):
        pyreadstat.write_sav(
            frame,
            f"{FOLDER}/{name}.sav",
            variable_value_labels={"answer": {1: "yes", 2: "no", 9: "refused"}, "dpd": {98: "?", 99: "!"}},
            missing_ranges={"answer": [9], "dpd": [{"lo": 98, "hi": 99}]},
            **options,
        )


def sas():
    """id, x and a name, a date and a date-time; the second row lacks the number."""
    lib = ctypes.CDLL(ctypes.util.find_library("readstat") or "libreadstat.so.1")
    pointer = ctypes.c_void_p
    for name in ("readstat_writer_init", "readstat_add_variable"):
        getattr(lib, name).restype = pointer
    out = open(f"{FOLDER}/plain.sas7bdat", "wb")
    writer_type = ctypes.CFUNCTYPE(ctypes.c_ssize_t, pointer, ctypes.c_size_t, pointer)
    put = writer_type(lambda data, n, _: out.write(ctypes.string_at(data, n)))
    writer = pointer(lib.readstat_writer_init())
    lib.readstat_set_data_writer(writer, put)
    double, text = 5, 0
    variables = []
    for name, kind, width, form in ((b"id", double, 8, None), (b"x", double, 8, None), (b"name", text, 12, None),
                                    (b"opened", double, 8, b"DATE9"), (b"stamp", double, 8, b"DATETIME19")):
        variable = pointer(lib.readstat_add_variable(writer, name, kind, ctypes.c_size_t(width)))
        if form:
            lib.readstat_variable_set_format(variable, form)
        variables.append(variable)
    rows = [(1, 1.5, "Müller", 21945, 1896085815), (2, None, "b", 0, 0), (3, -2, "", -1, 1)]
    assert lib.readstat_begin_writing_sas7bdat(writer, None, ctypes.c_long(len(rows))) == 0
    for row in rows:
        lib.readstat_begin_row(writer)
        for variable, value in zip(variables, row):
            if value is None:
                status = lib.readstat_insert_missing_value(writer, variable)
            elif isinstance(value, str):
                status = lib.readstat_insert_string_value(writer, variable, value.encode())
            else:
                status = lib.readstat_insert_double_value(writer, variable, ctypes.c_double(value))
            assert status == 0
        lib.readstat_end_row(writer)
    assert lib.readstat_end_writing(writer) == 0
    lib.readstat_writer_free(writer)
    out.close()


os.makedirs(FOLDER, exist_ok=True)
stata()
spss()
sas()
