/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames that hold one row a group of rows, or a group and calendar period. */
#ifndef FNS_DATA_GROUP_H
#define FNS_DATA_GROUP_H

#include "data/expr/expr.h"
#include "data/period.h"

typedef struct GroupColumn {
    const char *name;
    const Expr *expr; /* of statistics and the columns of `by` */
} GroupColumn;

typedef struct GroupPlan {
    const int *by; /* columns */
    int n_by;
    bool periods; /* a row also for each period of the time role */
    Period every;
    const GroupColumn *columns;
    int n;
} GroupPlan;

/* A frame of the columns of `by`, when the period is over (period_label), and the plan's columns, in the order of by and
 * period. Rows with a missing cell in `by` are a group of their own; those without a time are left out and
 * noted. Rows of a group are taken in time order where there is a time role. Roles id, time and group stay; a
 * column made of the target or of one that looks ahead is held. Errors: those of expr_eval, not_one_value,
 * column_exists, needs_time. */
Frame *frame_group(const Frame *frame, const GroupPlan *plan, Notes *notes, Progress *progress, Err *err);

#endif
