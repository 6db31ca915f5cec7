/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns one below the other, and what is made of that: appended frames, long and wide tables. */
#ifndef FNS_DATA_STACK_H
#define FNS_DATA_STACK_H

#include "data/frame.h"

/* The rows of a frame in one of its columns; column -1: all missing. */
typedef struct StackPiece {
    const Frame *frame;
    int column;
} StackPiece;

/* One column of the rows of n pieces. Integers beside numbers become numbers, on/off beside either 0 and 1,
 * categories beside texts texts; dates take the finer precision. Error append_types for other pairs. */
Column *column_stack(const StackPiece *pieces, int n, Err *err);

/* The rows of one frame, then those of another, columns by name; missing where one has no such column. The
 * first one's roles, event, recipes and sample rule stay, and its row program where both have the same; there
 * is no split, and rows count from 1. Not yet published. */
Frame *frame_append(const Frame *first, const Frame *second, Notes *notes, Err *err);

/* From wide to long: each row becomes n rows, one for each of the columns, with its name in `key` and its
 * cell in `value`. The other columns, roles and parts are repeated. */
typedef struct LongPlan {
    const int *columns;
    int n;
    const char *key, *value;
} LongPlan;
Frame *frame_long(const Frame *frame, const LongPlan *plan, Err *err);

/* From long to wide: a row for each id (the cells of n_ids columns) in order of appearance, a column for each
 * value of the key column in order, its cells those of the value column. Errors: reshape_twice, reshape_many.
 */
typedef struct WidePlan {
    const int *ids;
    int n_ids, key, value;
} WidePlan;
Frame *frame_wide(const Frame *frame, const WidePlan *plan, Notes *notes, Progress *progress, Err *err);

#endif
