/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do groups of rows differ in a number? */
#ifndef FNS_DATA_LOOKING_DIFFERENCE_H
#define FNS_DATA_LOOKING_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct Difference {
    double h, p;    /* Kruskal and Wallis 1952, with its correction for ties; p of chi2 with df */
    int df;         /* groups that hold anything, less one; 0: nothing to compare, h and p NaN */
    double auc, ks; /* of two groups: P(a value of the second is above one of the first) + half the ties, and
                       the largest distance of their distributions; else NaN */
} Difference;

/* x: (n) no NaN; group: (n) numbers below n_groups. */
bool difference_test(Difference *out, const double *x, const uint32_t *group, size_t n, uint32_t n_groups,
                     Err *err);

#endif
