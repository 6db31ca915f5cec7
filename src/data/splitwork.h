/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of making a split, shared by split.c, split_share.c, split_order.c, split_purge.c. */
#ifndef FNS_DATA_SPLITWORK_H
#define FNS_DATA_SPLITWORK_H

#include "data/split.h"

enum { SHARES = 4 }; /* train, valid, test, none */

typedef struct SplitWork {
    const Frame *frame;
    const SplitPlan *plan;
    Split *split;   /* in the making: every row PART_NONE at first */
    uint32_t *rows; /* physical rows not yet in a part, in frame order */
    size_t n;
    bool ordered; /* by time, or by row where there is no time role */
    double share[SHARES];
} SplitWork;

/* Whether the plan splits in time or row order. */
bool split_is_ordered(const Frame *frame, const SplitPlan *plan);
/* The part of that name, made where it is new; -1 with an error where there are too many. */
int split_part_number(Split *split, const char *name, Err *err);
/* How many of n rows each share gets: exact, by largest remainder. */
void split_counts(size_t n, const double share[SHARES], size_t counts[SHARES]);

/* Each assigns the work's rows by its shares. */
bool split_by_chance(SplitWork *work, Err *err);
bool split_by_class(SplitWork *work, Err *err);
bool split_by_group(SplitWork *work, Err *err);
bool split_by_order(SplitWork *work, Err *err);
/* Takes the plan's named ranges out of the work's rows. */
bool split_take_ranges(SplitWork *work, Err *err);
/* Puts rows whose label reaches into another part, and embargoed ones, in no part. */
bool split_purge(SplitWork *work, Err *err);
static inline const Column *split_role_column(const Frame *frame, Role role)
{
    int column = frame_role(frame, role);
    return column < 0 ? NULL : frame->columns[column].column;
}
/* Sorts physical rows by id (where by_id and the frame has one), then time, stably. */
bool split_sort(const Frame *frame, bool by_id, uint32_t *rows, size_t n, Err *err);

#endif
