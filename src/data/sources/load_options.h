/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `load` that readers understand: rows for the tables of the command and of each reader. An
 * option that a format has no use for is an error, not a silence. */
#ifndef FNS_DATA_SOURCES_LOAD_OPTIONS_H
#define FNS_DATA_SOURCES_LOAD_OPTIONS_H

#include "base/option.h"

/* clang-format off */
#define LOAD_SEPARATOR_OPTIONS \
    { .name = "separator", .type = OPTION_TEXT, \
      .help = "what stands between fields: \",\", \";\", tab, \"|\", blanks; found by itself" }, \
    { .name = "decimal", .type = OPTION_TEXT, \
      .help = "the decimal sign: \".\" or \",\" (also point, comma); found by itself after \";\"" }, \
    { .name = "header", .type = OPTION_BOOL, \
      .help = "whether the first row holds names (off: x1, x2, ...); found by itself" }

#define LOAD_ENCODING_OPTION \
    { .name = "encoding", .type = OPTION_TEXT, \
      .help = "the encoding of the text, as gb18030 or latin1; UTF-8 without it" }

#define LOAD_TEXT_OPTIONS \
    LOAD_ENCODING_OPTION, \
    { .name = "bad", .type = OPTION_WORD, .words = "stop|skip", .initial = "stop", \
      .help = "what a row that cannot be read does: stop with an error, or be skipped and counted" }

#define LOAD_DATE_OPTIONS \
    { .name = "dates", .type = OPTION_WORD, .words = "ymd|dmy|mdy", \
      .help = "the order of day and month in dates such as 3/4/2021" }

#define LOAD_VALUE_OPTIONS \
    { .name = "na", .type = OPTION_ANY, .flags = OPTION_LIST, \
      .help = "codes read as missing, in place of NA, NaN, ?, null, .; an empty field always is" }, \
    { .name = "special", .type = OPTION_NUMBER, .flags = OPTION_LIST, \
      .help = "numbers that are codes, as -999: read as missing; columns of numbers remember whole ones of up to " \
              "9 digits (impute, bin)" }, \
    { .name = "types", .type = OPTION_RECORD, \
      .help = "types of columns: {zip=text, x=number}; also integer date date-time category on/off" }, \
    { .name = "like", .type = OPTION_ANY, \
      .help = "a model, whose column types are taken (readers receive them as a record)" }

#define LOAD_COLUMN_OPTIONS \
    { .name = "columns", .type = OPTION_ANY, .flags = OPTION_LIST, \
      .help = "the columns to read: names, patterns, FROM..TO; all without it" }

#define LOAD_DATABASE_OPTIONS \
    { .name = "table", .type = OPTION_TEXT, \
      .help = "the table or view of a database to read; not needed where there is only one" }, \
    { .name = "query", .type = OPTION_TEXT, \
      .help = "a SELECT whose rows are read instead: query=\"select * from loans where year > 2010\"" }

#define LOAD_LABELS_OPTION \
    { .name = "labels", .type = OPTION_FILE, \
      .help = "of IDX images: the file of their labels, which become the column `label`" }

/* Those that the command itself, or frame_load, looks at. */
#define LOAD_FILE_OPTIONS \
    { .name = "format", .type = OPTION_WORD, .words = "csv|arff|trees|sqlite|npy|fnf|jsonl|dta|sav|sas7bdat|idx", \
      .help = "the kind of file; without it the ending or the content decides" }, \
    { .name = "file", .type = OPTION_NEW, \
      .help = "of several files: a new column with the name of each row's file, without folder and ending" }

#define LOAD_OPTIONS \
    LOAD_FILE_OPTIONS, LOAD_SEPARATOR_OPTIONS, LOAD_TEXT_OPTIONS, LOAD_DATE_OPTIONS, LOAD_VALUE_OPTIONS, \
    LOAD_COLUMN_OPTIONS, LOAD_DATABASE_OPTIONS, LOAD_LABELS_OPTION
/* clang-format on */

#endif
