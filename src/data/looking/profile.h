/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the numbers of a column look like, in a few linear passes. */
#ifndef FNS_DATA_LOOKING_PROFILE_H
#define FNS_DATA_LOOKING_PROFILE_H

#include "data/frame.h"

typedef struct Profile {
    size_t n, missing; /* values and missing cells */
    double mean, sd, low, median, high;
    bool two_values; /* no value lies between the smallest and the largest */
    size_t outliers; /* |0.6745 (x - median) / MAD| > 3.5; of two_values: 0 */
} Profile;

/* Of the frame rows `rows` (NULL: all); n = 0 leaves the figures NaN, n = 1 the sd, and a column that is not numeric has
 * its missing cells counted alone. room, spare: n_rows values. */
void profile_make(Profile *profile, const Frame *frame, int column, const uint32_t *rows, size_t n_rows,
                  double *room, double *spare);

/* The values that are not missing of those rows, in their order, into x (n_rows); their number. */
size_t profile_values(const Frame *frame, int column, const uint32_t *rows, size_t n_rows, double *x);

/* Quantile of type 7, as summary_quantile has it, but x stays as it is and large n take two passes.
 * spare: n values. */
double profile_quantile(const double *x, size_t n, double p, double *spare);

bool column_is_numeric(const Column *column); /* number, integer, on/off */

#endif
