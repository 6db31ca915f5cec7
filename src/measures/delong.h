/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variance of an AUC, and of the difference of two on the same rows (DeLong, DeLong and Clarke-Pearson 1988,
 * Biometrics 44:837), by placements from one sort (Sun and Xu 2014, IEEE Signal Processing Letters
 * 21:1389). Rows count once each, targets are 0 or 1, and both classes have two rows at least; otherwise
 * the functions return false. */
#ifndef FNS_MEASURES_DELONG_H
#define FNS_MEASURES_DELONG_H

#include "measures/metric.h"

/* AUC and its standard error. */
bool delong_error(const Scored *scored, double *auc, double *error);
/* auc +- z error, cut to [0, 1]. */
bool delong_interval(const Scored *scored, double level, Interval *out);

typedef struct DelongTest {
    double auc_a, auc_b, difference; /* b - a */
    double error;                    /* of the difference */
    double z, p;                     /* two-sided; where the error is 0: z NaN, p 1 for equal AUCs, else 0 */
} DelongTest;

/* Both have the same n, targets and weights. */
bool delong_test(const Scored *a, const Scored *b, DelongTest *out);
/* The same as a difference with its normal interval. */
bool delong_difference(const Scored *a, const Scored *b, double level, Paired *out);

#endif
