/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlation of pairs of columns over the rows where both are there. */
#ifndef FNS_DATA_LOOKING_CORRELATION_H
#define FNS_DATA_LOOKING_CORRELATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Of values, of their ranks, or of the order of pairs of rows (tau-b). */
typedef enum CorrelationMethod { BY_PEARSON, BY_SPEARMAN, BY_KENDALL } CorrelationMethod;

typedef struct Correlation {
    double r; /* NaN: fewer than two rows, or a constant */
    double p; /* two-sided, t = r sqrt((n - 2) / (1 - r^2)) with n - 2 degrees of freedom, of tau normal; NaN
                 below 3 rows */
    size_t n; /* complete pairs */
} Correlation;

/* One variable, made ready once: without missing values it is standardized in place (of Spearman its ranks),
 * which changes no correlation. Kendall's takes it as it is. */
typedef struct Variable {
    double *x; /* (n) NaN where missing; borrowed */
    size_t n;
    bool complete; /* x: mean 0, length 1; all NaN of a constant */
} Variable;
bool variable_make(Variable *variable, double *x, size_t n, CorrelationMethod method, Err *err);

/* Pearson's r; Spearman's, which is Pearson's of the mid-ranks among the complete pairs; Kendall's tau-b. */
bool correlation_make(Correlation *out, const Variable *a, const Variable *b, CorrelationMethod method,
                      Err *err);
/* x, y: (n) no NaN. (kendall.c) */
bool correlation_kendall(Correlation *out, const double *x, const double *y, size_t n, Err *err);

/* Mid-ranks from 1; no NaN. out: (n). */
bool correlation_ranks(const double *x, size_t n, double *out, Err *err);

#endif
