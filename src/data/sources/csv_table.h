/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All rows of a CSV file, by several threads where they may be taken. */
#ifndef FNS_DATA_SOURCES_CSV_TABLE_H
#define FNS_DATA_SOURCES_CSV_TABLE_H

#include "data/sources/csv_rows.h"

enum { CSV_PIECE = 256 << 10 };

/* The rows from the window's start to the end of the file, into rows->cells, in pieces of about so many
 * bytes. Neither their size nor the number of threads (progress_threads) changes the cells, or the error,
 * which is that of the first bad row. */
bool csv_table_read(CsvRows *rows, size_t piece_bytes, Progress *progress, Err *err);

#endif
