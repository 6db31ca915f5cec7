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

/* Each writes at most bins - 1 breaks (1 <= bins <= BINS_MAX) and returns how many; n >= 1 values without
 * NaN. No bin is empty at its ends: a break is above the least value and at most the largest one. */
int bins_by_width(const double *x, size_t n, int bins, double *breaks);
/* At the quantiles k / bins (type 7), those that are equal once. Reorders x. */
int bins_by_quantile(double *x, size_t n, int bins, double *breaks);
/* Bins in which the share of y = 1 rises or falls all the way: bins of 20 quantiles, of which adjacent ones
 * are pooled until the shares are monotone (in the direction of the bins' own covariance with y), each bin
 * holds at least the share `least` of the rows and both values of y, and there are at most `bins`; then each
 * time the neighbours whose shares are nearest are joined. Returns -1 without memory. */
int bins_monotone(const double *x, const double *y, size_t n, int bins, double least, double *breaks,
                  Err *err);

#endif
