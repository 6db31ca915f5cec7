/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of CSV, as tests call it. */
#ifndef FNS_DATA_SOURCES_CSV_H
#define FNS_DATA_SOURCES_CSV_H

#include "data/source.h"

/* As ReaderKind.read; the file is divided into pieces of about so many bytes (0: as is fast), which changes
 * nothing in the frame. */
Frame *csv_read(const char *path, const Options *options, size_t piece_bytes, LoadReport *report,
                Notes *notes, Progress *progress, Err *err);

#endif
