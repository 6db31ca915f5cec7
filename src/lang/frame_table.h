/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a frame as a table. */
#ifndef FNS_LANG_FRAME_TABLE_H
#define FNS_LANG_FRAME_TABLE_H

#include "data/frame.h"
#include "lang/result.h"

/* Adds a table of the given frame rows: the row's original number, then every column. */
Table *frame_table(Result *result, const Frame *frame, const uint32_t *rows, size_t n);

#endif
