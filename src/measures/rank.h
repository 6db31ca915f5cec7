/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order of scores, and the walk over distinct scores that ranking measures share. */
#ifndef FNS_MEASURES_RANK_H
#define FNS_MEASURES_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include "measures/metric.h"

/* A score and the row it belongs to; key orders as the score does. */
typedef struct Ranked {
    uint64_t key;
    uint32_t row;
} Ranked;

/* The n values x[i * stride] in rising order, equal ones in the order of their rows, NaN last; -0
 * equals 0. A block to be freed with mem_free; NULL without memory or with 2^32 rows and more. Time
 * is linear in n. */
Ranked *rank_sort(const double *x, size_t stride, size_t n, Err *err);

/* A walk over the distinct scores, upwards. The mass of a class is its sum of weights; a target
 * between 0 and 1 is an expected label, which counts in both classes by its share. */
typedef struct RankWalk {
    double positive, negative;             /* mass at this score ... */
    double positive_below, negative_below; /* ... and below it */
    double positive_all, negative_all;
    const Scored *scored;
    int level; /* of several: the one that counts as positive; -1: a target of two levels */
    const Ranked *ranked;
    Ranked *own; /* to be freed; NULL: the order was known */
    size_t at;
} RankWalk;

/* False where there is nothing to rank: no row, one class only, a score that is NaN, no memory. */
bool rank_begin(RankWalk *walk, const Scored *scored, int level);
bool rank_next(RankWalk *walk); /* false at the end */
void rank_end(RankWalk *walk);

#endif
