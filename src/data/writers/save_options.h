/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `save` that writers understand: rows for the tables of the command and of each writer. */
#ifndef FNS_DATA_WRITERS_SAVE_OPTIONS_H
#define FNS_DATA_WRITERS_SAVE_OPTIONS_H

#include "base/option.h"

enum { SAVE_BLOCK = 64 << 10 }; /* bytes of text that are written at a time */

/* clang-format off */
#define SAVE_GUARD_OPTION \
    { .name = "guard", .type = OPTION_BOOL, .initial = "on", \
      .help = "of CSV: a ' before texts that a spreadsheet would run as formulas" }

#define SAVE_TABLE_OPTION \
    { .name = "table", .type = OPTION_TEXT, \
      .help = "of a database: the table that is written; its name is the frame's without it" }

#define SAVE_OPTIONS \
    { .name = "format", .type = OPTION_WORD, .words = "csv|fnf|npy|jsonl|sqlite", \
      .help = "the kind of file; without it the ending decides" }, \
    SAVE_GUARD_OPTION, SAVE_TABLE_OPTION
/* clang-format on */

#endif
