/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries of numbers with missing values (NaN), in fixed order: same input, same bits. */
#ifndef FNS_DATA_SUMMARY_H
#define FNS_DATA_SUMMARY_H

#include <stddef.h>

/* Copies the values that are not NaN; returns how many. */
size_t summary_compact(const double *x, size_t n, double *out);
/* n >= 1, no NaN. */
double summary_mean(const double *x, size_t n);
/* Divided by n - 1; 0 where n = 1. */
double summary_sd(const double *x, size_t n, double mean);
void summary_range(const double *x, size_t n, double *low, double *high);
/* Quantile type 7 of Hyndman and Fan (1996), 0 <= p <= 1, as GSL has it; reorders x. */
double summary_quantile(double *x, size_t n, double p);
/* Of median: 1.4826 median |x - m|; where that is 0, 1.253314 mean |x - m|. Overwrites x. */
double summary_mad(double *x, size_t n, double median);
/* The commonest value, the smallest of several; reorders x. */
double summary_mode(double *x, size_t n);

/* As summary_quantile, but x stays as it is; spare: n values. */
double summary_quantile_kept(const double *x, size_t n, double p, double *spare);
/* The median of |x - center|; likewise. */
double summary_median_apart(const double *x, size_t n, double center, double *spare);

#endif
