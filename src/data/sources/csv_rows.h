/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of CSV text one after another, each checked and told of by file, line and column: the way of what is
 * not a plain table. */
#ifndef FNS_DATA_SOURCES_CSV_ROWS_H
#define FNS_DATA_SOURCES_CSV_ROWS_H

#include "data/sources/csv_scan.h"

typedef struct CsvRows {
    CsvScan *scan;
    Cells *cells;
    bool is_part;    /* the window holds a part of the file, whole rows */
    size_t ordinal;  /* of the row that is read, skipped ones included */
    size_t *skipped; /* their ordinals */
    size_t n_skipped, skipped_capacity, next_skipped;
} CsvRows;

/* All rows from the window's start on. With bad=skip those that cannot be read are left out. */
bool csv_rows_read(CsvRows *rows, Err *err);
/* One more row is skipped. */
bool csv_rows_skip(CsvRows *rows, size_t ordinal, Err *err);
/* Tells the cells how many rows are to be expected, where n of them filled `used` bytes of the file. */
void csv_rows_expect(const CsvRows *rows, size_t n, double used);

#endif
