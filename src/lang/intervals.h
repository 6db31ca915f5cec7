/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of figures, and differences of models, on the rows of one group. */
#ifndef FNS_LANG_INTERVALS_H
#define FNS_LANG_INTERVALS_H

#include "lang/evaluation.h"

/* One figure of one model. */
typedef struct Figure {
    double value;
    Interval interval; /* NaN: none */
    const char *by;    /* "DeLong", "bootstrap"; NULL: no interval */
} Figure;

/* Figures of a group (n_models, n_metrics) with the intervals that the choice asks for; `out` by the caller.
 */
bool intervals_of_group(Session *session, const Evaluation *evaluation, const Group *group, Figure *out,
                        Err *err);

/* Of model m > 0 against model 0 on all rows (n_models - 1, n_metrics): by a paired test where the metric has
 * one, else by resampling both alike. test NULL: not defined. */
typedef struct Compared {
    Paired difference;
    const char *test;
} Compared;
bool intervals_of_pairs(Session *session, const Evaluation *evaluation, Compared *out, Err *err);

#endif
