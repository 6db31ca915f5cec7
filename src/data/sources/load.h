/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between load.c, load_many.c and save.c: endings, options, one file. */
#ifndef FNS_DATA_SOURCES_LOAD_H
#define FNS_DATA_SOURCES_LOAD_H

#include "data/source.h"

/* The ending of a file name, with its dot and without .gz: where it begins and its length; 0: none. */
size_t path_ending(const char *path, const char **ending);
/* Whether a list of words ".csv .tsv" holds the n bytes at `word`. */
bool endings_hold(const char *list, const char *word, size_t n);
/* Whether the options that are given and stand in `shared` (n rows of the command) stand in the table of the
 * format, too. Error option_not_for. */
bool format_takes(const Kind *format, const OptionSpec *shared, int n, const Options *options, Err *err);

/* A path with * ? [ that names no file. */
bool path_is_pattern(const char *path);

Frame *load_one(const char *path, const char *format, const Options *options, LoadReport *report,
                Notes *notes, Progress *progress, Err *err);
Frame *load_many(const char *pattern, const char *format, const Options *options, LoadReport *report,
                 Notes *notes, Progress *progress, Err *err);

#endif
