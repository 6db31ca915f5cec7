/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `load` that readers understand: rows for the command's own table. */
#ifndef FNS_DATA_SOURCES_LOAD_OPTIONS_H
#define FNS_DATA_SOURCES_LOAD_OPTIONS_H

#include "base/option.h"

/* clang-format off */
#define LOAD_OPTIONS \
    { .name = "format", .type = OPTION_WORD, .words = "csv|arff|trees", \
      .help = "the kind of file; without it the ending or the content decides" }, \
    { .name = "separator", .type = OPTION_TEXT, \
      .help = "what stands between fields: \",\", \";\", tab, \"|\", blanks; found by itself" }, \
    { .name = "decimal", .type = OPTION_TEXT, \
      .help = "the decimal sign: \".\" or \",\" (also point, comma); found by itself after \";\"" }, \
    { .name = "header", .type = OPTION_BOOL, \
      .help = "whether the first row holds names (off: x1, x2, ...); found by itself" }, \
    { .name = "na", .type = OPTION_ANY, .flags = OPTION_LIST, \
      .help = "codes read as missing, in place of NA, NaN, ?, null, .; an empty field always is" }, \
    { .name = "special", .type = OPTION_ANY, .flags = OPTION_LIST, \
      .help = "numbers that are codes, as -999: read as missing like those of na=" }, \
    { .name = "encoding", .type = OPTION_TEXT, \
      .help = "the encoding of the text, as gb18030 or latin1; UTF-8 without it" }, \
    { .name = "types", .type = OPTION_RECORD, \
      .help = "types of columns: {zip=text, x=number}; also integer date date-time category on/off" }, \
    { .name = "dates", .type = OPTION_WORD, .words = "ymd|dmy|mdy", \
      .help = "the order of day and month in dates such as 3/4/2021" }, \
    { .name = "columns", .type = OPTION_ANY, .flags = OPTION_LIST, \
      .help = "the columns to read: names, patterns, FROM..TO; all without it" }, \
    { .name = "bad", .type = OPTION_WORD, .words = "stop|skip", .initial = "stop", \
      .help = "what a row that cannot be read does: stop with an error, or be skipped and counted" }, \
    { .name = "like", .type = OPTION_ANY, \
      .help = "a model, whose column types are taken (readers receive them as a record)" }
/* clang-format on */

#endif
