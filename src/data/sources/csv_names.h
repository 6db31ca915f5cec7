/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Column names as a frame can have them. */
#ifndef FNS_DATA_SOURCES_CSV_NAMES_H
#define FNS_DATA_SOURCES_CSV_NAMES_H

#include "data/sources/cells.h"

/* A name for column i (from 0) from n bytes: blanks around it taken off, control characters made
 * blanks, empty ones called x1, x2, ..., repeated ones name_2, ...; each change is noted. `taken` holds
 * the names so far and gets this one. NULL with an error: not UTF-8, no memory. */
const char *csv_name(Arena *arena, Dict *taken, int i, const char *text, size_t n, Notes *notes, Err *err);
/* The columns that columns= names; the others become CELL_SKIP. Error no_column. */
bool csv_choose(Cells *cells, ValueList wanted, const char *file, Err *err);
/* The types that types= and like= name. Errors no_column (types= only), bad_value. */
bool csv_set_types(Cells *cells, const char *file, Err *err);

#endif
