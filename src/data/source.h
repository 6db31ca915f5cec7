/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where frames come from: file readers and simulators, one a file in data/sources/. */
#ifndef FNS_DATA_SOURCE_H
#define FNS_DATA_SOURCE_H

#include "data/frame.h"

/* What a reader tells beside the frame; `load` prints it. */
typedef struct MissingCode {
    const char *column, *code;
    size_t count;
} MissingCode;

typedef struct LoadReport {
    Arena *arena;
    MissingCode *missing;
    int n_missing;
    size_t skipped;        /* rows skipped with bad=skip */
    const char *format;    /* "csv", "arff" */
    const char *separator; /* "," ";" "tab" "|" "blanks" */
    const char *encoding;
    bool header;
    double bytes, seconds;
} LoadReport;

typedef struct ReaderKind {
    Kind kind;           /* its options are those of `load` that this format understands */
    const char *endings; /* ".csv .tsv .txt .data" (".gz" is taken off before) */
    bool (*sniff)(const char *bytes, size_t n); /* from the first 64 KiB; NULL: by ending only */
    Frame *(*read)(const char *path, const Options *options, LoadReport *report, Notes *notes,
                   Progress *progress, Err *err); /* path "-": standard input */
} ReaderKind;
extern const KindList reader_kinds; /* src/data/readers.def */

typedef struct SimulatorKind {
    Kind kind; /* options beyond rows= and seed= */
    Frame *(*make)(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err);
} SimulatorKind;
extern const KindList simulator_kinds; /* src/data/simulators.def */

/* Reads any supported file: by format= (or NULL), else ending, else content. `options` are those of the
 * load command (a superset; readers look up names they know). */
Frame *frame_load(const char *path, const char *format, const Options *options, LoadReport *report,
                  Notes *notes, Progress *progress, Err *err);
/* Writes CSV (RFC 4180, UTF-8, "" for missing; text that a spreadsheet would run as a formula is
 * guarded by a quote). */
bool frame_save_csv(const Frame *frame, const char *path, Err *err);

#endif
