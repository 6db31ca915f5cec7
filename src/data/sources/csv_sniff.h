/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a CSV file looks like, from its first rows: separator, header, line ends. */
#ifndef FNS_DATA_SOURCES_CSV_SNIFF_H
#define FNS_DATA_SOURCES_CSV_SNIFF_H

#include "data/sources/csv_scan.h"

/* Sets scan->separator and scan->cr, as the options say or as most of the first rows agree. The window
 * holds the beginning of the file. */
bool csv_sniff(CsvScan *scan, const LoadSpec *spec, Err *err);
/* Whether the first row holds names: no number or date stands there, and some column below is all
 * numbers or dates; or all is text and nothing of the first row comes back below. */
bool csv_has_header(const CsvScan *scan, const LoadSpec *spec);

#endif
