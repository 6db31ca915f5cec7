/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a frame as a table. */
#ifndef FNS_LANG_FRAME_TABLE_H
#define FNS_LANG_FRAME_TABLE_H

#include "data/frame.h"
#include "lang/command.h"
#include "lang/result.h"

/* Adds a table of the given frame rows: the row's original number, then every column. */
Table *frame_table(Result *result, const Frame *frame, const uint32_t *rows, size_t n);

/* Adds the first (or last) `n` rows of the call's frame, of its `part`: what head and tail do. */
bool frame_table_end(Session *session, const Call *call, bool last, Result *result, Err *err);

#endif
