/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers behind pictures: histograms, boxes, autocorrelation, curves of many points made few. */
#ifndef FNS_DATA_LOOKING_SHAPE_H
#define FNS_DATA_LOOKING_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

enum { BINS_MAX = 60 };

typedef struct Histogram {
    double low, width; /* bin k holds low + k width <= x < low + (k + 1) width, the last one its end too */
    int n_bins;
} Histogram;

/* Bins of Freedman and Diaconis 1981, 2 IQR n^(-1/3) wide (Sturges' where IQR is 0), at most BINS_MAX and at
 * most one for each whole number where all values are whole; n_bins > 0 asks for that many. n >= 1, no NaN.
 * spare: n. */
Histogram histogram_fit(const double *x, size_t n, int n_bins, double *spare);
int histogram_bin(const Histogram *histogram, double x); /* 0 .. n_bins - 1 */

/* Quartiles of type 7; the whiskers reach the last values within 1.5 IQR of the box (Tukey 1977). */
typedef struct Box {
    double low, whisker_low, q1, median, q3, whisker_high, high;
    size_t n, outside; /* beyond the whiskers */
} Box;
Box box_fit(const double *x, size_t n, double *spare); /* n >= 1, no NaN */

/* r_k = sum (x_t - m)(x_{t+k} - m) / sum (x_t - m)^2 for k = 0 .. n_lags, over pairs that are there;
 * NaN in x is missing. Returns the number of values. */
size_t autocorrelation(const double *x, size_t n, int n_lags, double *r);

/* Leaves of n points at most about 4 `columns`: of each of `columns` slices of x the first, the least, the
 * greatest and the last, in their order. x rises; a NaN of y that parts two points stays. Returns the new n.
 */
size_t curve_thin(double *x, double *y, size_t n, size_t columns);
/* Leaves of points that share a cell of a `columns` x `rows` grid over their range the first. `spare`:
 * columns x rows bytes, zeroed. Returns the new n. */
size_t points_thin(double *x, double *y, size_t n, size_t columns, size_t rows, unsigned char *spare);

#endif
