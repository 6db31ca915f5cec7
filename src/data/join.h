/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joins: to each row of one frame the rows of another with the same key, or the last one at or before its
 * time. */
#ifndef FNS_DATA_JOIN_H
#define FNS_DATA_JOIN_H

#include "base/progress.h"
#include "data/frame.h"

typedef struct JoinPlan {
    const int *left_keys, *right_keys; /* columns, n_keys of each */
    int n_keys;
    int left_time, right_time; /* as of: columns; -1: none */
    Value within;              /* as of: a duration, of numbers a number; missing: any age */
    bool strict;               /* as of: before, not at */
    bool inner;                /* rows without a match are left out */
} JoinPlan;

typedef struct JoinCounts {
    size_t matched, unmatched; /* rows of the left frame */
    size_t multiplied;         /* of them those with several matches ... */
    size_t copies;             /* ... and the rows that they became */
    size_t unused;             /* rows of the right frame that no row met */
} JoinCounts;

/* Rows in the order of the left frame, then of the right one. What the left frame has (roles, event, split,
 * recipes, row program, sample rule, row numbers) stays; the right one's other columns come after, renamed
 * NAME_FRAME where the name is taken, held where they have another role than input. A missing key or time
 * meets nothing. As of: a right time that is a coarser period than the left one counts from its end. Errors:
 * key_types, join_multiplies, join_within, no_room, no_memory. */
Frame *frame_join(const Frame *left, const Frame *right, const JoinPlan *plan, JoinCounts *counts,
                  Notes *notes, Progress *progress, Err *err);

#endif
