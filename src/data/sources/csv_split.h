/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where CSV text can be cut, so that every part begins with a row. */
#ifndef FNS_DATA_SOURCES_CSV_SPLIT_H
#define FNS_DATA_SOURCES_CSV_SPLIT_H

#include "data/sources/csv_scan.h"

/* Behind the last of n bytes that ends a row, the first of which begins one; 0: no row ends there. What a row
 * of bad quotes leaves is judged as csv_rows.h skips it. The scan gives the separator; rows end in newlines.
 */
size_t csv_whole_rows(const CsvScan *scan, const char *text, size_t n);

#endif
