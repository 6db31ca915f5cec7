/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where frames come from and go to: file readers, simulators and writers, one a file in data/sources/ and
 * data/writers/. */
#ifndef FNS_DATA_SOURCE_H
#define FNS_DATA_SOURCE_H

#include "data/frame.h"

/* What a reader tells beside the frame; `load` prints it. */
typedef struct MissingCode {
    const char *column, *code;
    size_t count;
} MissingCode;

typedef struct LoadedFile {
    const char *path;
    size_t n_rows;
} LoadedFile;

typedef struct LoadReport {
    Arena *arena;
    MissingCode *missing;
    int n_missing;
    size_t skipped;     /* rows skipped with bad=skip */
    const char *format; /* "csv", "arff" */
    const char *table;  /* of a database, or NULL */
    LoadedFile *files;  /* of a pattern; NULL: one file */
    int n_files;
    bool is_part; /* one of several files is read: notes name it, and leave columns that are empty in it */
    const char *separator; /* "," ";" "tab" "|" "blanks" */
    const char *encoding;
    bool header;
    double bytes, seconds;
} LoadReport;

typedef struct ReaderKind {
    Kind kind;           /* its options are those of `load` that this format understands */
    const char *endings; /* ".csv .tsv .txt .data" (".gz" is taken off before) */
    bool (*sniff)(const char *bytes, size_t n); /* from the first 64 KiB; NULL: by ending only */
    bool binary; /* what it sniffs are raw bytes, which decide before the ending does */
    Frame *(*read)(const char *path, const Options *options, LoadReport *report, Notes *notes,
                   Progress *progress, Err *err); /* path "-": standard input */
} ReaderKind;
extern const KindList reader_kinds; /* src/data/readers.def */

typedef struct Simulation Simulation; /* data/sources/simulate.h */
typedef struct SimulatorKind {
    Kind kind;                                      /* options beyond rows= and seed= */
    bool (*draw)(Simulation *simulation, Err *err); /* makes the columns and fills them */
} SimulatorKind;
extern const KindList simulator_kinds; /* src/data/simulators.def */

typedef struct WriterKind {
    Kind kind;           /* its options are those of `save` that this format understands */
    const char *endings; /* ".csv .txt" */
    /* The file is replaced whole or not at all. */
    bool (*write)(const Frame *frame, const char *path, const Options *options, Notes *notes,
                  Progress *progress, Err *err);
} WriterKind;
extern const KindList writer_kinds; /* src/data/writers.def */

/* Reads any supported file: by format= (or NULL), else its first bytes, its ending, its content. A path
 * with * ? [ that names no file is a pattern: the rows of all files that match it, in the order of their
 * names, with one type a column. `options` are those of the load command (a superset; readers look up names
 * they know); one that the format has no use for is an error. */
Frame *frame_load(const char *path, const char *format, const Options *options, LoadReport *report,
                  Notes *notes, Progress *progress, Err *err);
/* Writes the rows of the frame: by format= (or NULL), else by the ending. `options` as of frame_load, of the
 * save command; NULL: every default. Errors: no_writer, write_failed and those of the writer. */
bool frame_save(const Frame *frame, const char *path, const char *format, const Options *options,
                Notes *notes, Progress *progress, Err *err);
/* A frame of n_samples rows (sequences, histories, trees: so many of them) whose truth is known. The same
 * kind, number, seed and options give the same bits. `options`: of the kind, checked. Errors: too_many_rows,
 * no_room, interrupted, those of the kind. */
Frame *frame_simulate(const SimulatorKind *kind, size_t n_samples, uint64_t seed, const Options *options,
                      Progress *progress, Err *err);
/* CSV (RFC 4180, UTF-8, "" for missing; text that a spreadsheet would run as a formula is guarded by a
 * quote). */
bool frame_save_csv(const Frame *frame, const char *path, Err *err);
/* What a spreadsheet would run as a formula: it begins so and is neither a lone sign nor a number. */
bool text_is_formula(const char *text, size_t n);

#endif
