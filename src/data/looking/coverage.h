/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How ids and times cover a frame: its usual step, gaps, times that stand twice. */
#ifndef FNS_DATA_LOOKING_COVERAGE_H
#define FNS_DATA_LOOKING_COVERAGE_H

#include "data/panel.h"

typedef struct Coverage {
    int64_t from, to;           /* ns; of a time role that is an integer, numbers, as all that follows */
    int64_t step;               /* the median step between the times of an id; 0: no id has two */
    size_t n_ids, n_rows;       /* rows that have an id and a time */
    size_t least, median, most; /* rows of an id */
    size_t repeated;            /* rows with the id and time of the row before */
    size_t unordered; /* rows that stand in the frame before one that comes earlier in their id ... */
    size_t early;     /* ... and the first of the latter, a frame row */
    size_t gaps;
    int64_t longest;      /* of the gaps ... */
    size_t after, before; /* ... and the frame rows around it */
} Coverage;

/* Of a frame whose time role is a time or an integer. A gap is a step above 1.5 times the usual one; where that is below a week
 * and fewer than one time in ten is at a weekend, it is above 5 days as well. */
bool coverage_make(Coverage *coverage, const Frame *frame, const Panel *panel, Err *err);

#endif
