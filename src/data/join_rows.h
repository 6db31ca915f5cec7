/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows go together: the rows of one frame by key and time, looked up from another. */
#ifndef FNS_DATA_JOIN_ROWS_H
#define FNS_DATA_JOIN_ROWS_H

#include "data/keys.h"

/* Frame rows of the right frame by key: those with the key of left row i are rows[starts[k]] up to
 * rows[starts[k + 1]], k = number[i]; KEY_NONE: none. */
typedef struct JoinRows {
    uint32_t *number; /* a left row */
    size_t *starts;   /* n + 1 */
    uint32_t *rows;
    int64_t *times; /* with a time: of rows[i], in order within a key; orders as the times do */
    uint32_t n;
} JoinRows;

/* right_time: a column, or -1; rows without a time are left out. left_unit: the precision of the times that
 * right ones are compared with. Zero keys: all rows have the same. */
bool join_rows_make(JoinRows *join, const Frame *left, const int *left_keys, const Frame *right,
                    const int *right_keys, int n_keys, int right_time, TimeUnit left_unit, Progress *progress,
                    Err *err);
void join_rows_free(JoinRows *join);

/* How many of the rows of a key have a time at or before `time` (strict: before). */
size_t join_rows_until(const JoinRows *join, uint32_t key, int64_t time, bool strict);
/* A cell of a time column (dates, or numbers) as an int64 that orders as the cells do; missing:
 * INTEGER_MISSING. */
int64_t join_time(const Column *column, size_t physical);

#endif
