/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns and frames made of chosen rows of others. */
#ifndef FNS_DATA_GATHER_H
#define FNS_DATA_GATHER_H

#include "data/frame.h"

#define NO_ROW UINT32_MAX

/* A column whose cell i is that of row rows[i] of `from`; missing where that is NO_ROW. */
Column *column_take(const Column *from, const uint32_t *rows, size_t n, Err *err);

/* A frame of n rows, each the physical row rows[i] of another, with its roles, event, sample rule, recipes,
 * row program, row numbers, truth, taint and the part of the split that it belongs to. Columns are shared
 * where the rows are all of them in order. Not yet published; NULL without memory. */
Frame *frame_take(const Frame *frame, const uint32_t *rows, size_t n, Err *err);

/* An unused column name: `name`, else name_suffix, name_suffix2, ...; from the arena. */
const char *frame_free_name(const Frame *frame, const char *name, const char *suffix, Arena *arena);

/* The role of a column in another frame than its own, whose rows it does not describe: an input or protected
 * column stays one, others are held. */
Role frame_guest_role(const FrameColumn *column);

/* Says where a frame made from others comes from: origin, hash over both hashes and the words (second may be
 * NULL), and the taint of both. */
void frame_set_origin(Frame *frame, const char *words, const Frame *first, const Frame *second);

#endif
