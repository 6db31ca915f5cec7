/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cutting numbers into intervals: breaks b_1 < b_2 < ... make the bins x < b_1, b_1 <= x < b_2, ... */
#ifndef FNS_DATA_BINNING_H
#define FNS_DATA_BINNING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { BINS_MAX = 100 };

/* The bin of a number, from 0: how many breaks are at most x. */
int bin_find(const double *breaks, int n, double x);

/* A value and what it counts: a target of 0 or 1 (monotone bins), and a weight. */
typedef struct BinValue {
    double x, y, w;
} BinValue;

/* Each writes at most bins - 1 breaks (1 <= bins <= BINS_MAX) and returns how many; n >= 1 values without
 * NaN. No bin is empty at its ends: a break is above the least value and at most the largest one. */
int bins_by_width(const BinValue *values, size_t n, int bins, double *breaks);
/* At the quantiles k / bins, those that are equal once. Sorts the values. With all weights equal they are of
 * type 7; else a value counts for as many rows as its weight says, where that of all is 1 on average: at rank
 * h = (n - 1) p, between the values of cumulated weight floor(h) + 1 and one more (Harrell's wtd.quantile).
 */
int bins_by_quantile(BinValue *values, size_t n, int bins, double *breaks);
/* Bins in which the share of y = 1 rises or falls all the way: bins of 20 quantiles, of which adjacent ones
 * are pooled until the shares are monotone (in the direction of the bins' own covariance with y), each bin
 * holds at least the share `least` of the weight and both values of y, and there are at most `bins`; then
 * each time the neighbours whose shares are nearest are joined. Sorts the values. */
int bins_monotone(BinValue *values, size_t n, int bins, double least, double *breaks);

#endif
