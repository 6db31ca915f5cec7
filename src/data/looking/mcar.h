/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Little's test: do cells lack by chance alone (missing completely at random)? */
#ifndef FNS_DATA_LOOKING_MCAR_H
#define FNS_DATA_LOOKING_MCAR_H

#include "base/mem.h"
#include "base/progress.h"

enum { MCAR_COLUMNS_MAX = 64 };

typedef struct Mcar {
    double chi2, p; /* NaN: one pattern, or what `trouble` says */
    int df;         /* cells known in each pattern, less the columns */
    size_t n;       /* rows with any cell */
    int patterns, iterations;
    bool dependent; /* a column follows from others (or is constant): no covariance to invert */
    bool unsettled; /* EM still moved after its last iteration */
} Mcar;

/* x: p columns of n values, NaN where missing; p <= MCAR_COLUMNS_MAX. Time: n p^2, then p^3 a pattern and
 * iteration. */
bool mcar_test(Mcar *out, const double *const *x, size_t n, int p, Progress *progress, Err *err);

/* Operations that an iteration takes, about; counts the patterns. */
bool mcar_cost(double *operations, const double *const *x, size_t n, int p, Err *err);

#endif
