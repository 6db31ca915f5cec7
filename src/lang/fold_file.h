/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folds from a file: CSV with columns `row` (from 0, in file order) and `fold`. */
#ifndef FNS_LANG_FOLD_FILE_H
#define FNS_LANG_FOLD_FILE_H

#include "base/progress.h"
#include "data/frame.h"

/* A fold for each of n physical rows, from mem_get, -1 for rows the file does not name. Errors: bad_folds. */
bool fold_file_read(const char *path, size_t n, int32_t **folds, Progress *progress, Err *err);

#endif
