/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as files. */
#ifndef FNS_LANG_RESULT_FILE_H
#define FNS_LANG_RESULT_FILE_H

#include "lang/result.h"

/* The endings are .csv (tables), .json, .md and .txt (all of it). Error no_writer. */
bool result_check_file(const char *path, Err *err);
/* Writes what was shown: whole or not at all. In a CSV file a ' stands before texts that a spreadsheet would
 * run as formulas where `guard` says so. Errors: no_writer, write_failed. */
bool result_save(const Result *result, const char *path, bool guard, int digits, Err *err);

#endif
