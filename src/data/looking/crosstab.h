/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pearson's test of independence in a table of counts. */
#ifndef FNS_DATA_LOOKING_CROSSTAB_H
#define FNS_DATA_LOOKING_CROSSTAB_H

#include <stddef.h>

typedef struct Independence {
    double chi2, p, cramer_v; /* NaN with fewer than two rows or columns that hold anything */
    int df;
    int cells, few; /* cells of the table, and how many of them expect fewer than 5 */
} Independence;

/* counts: (n_rows, n_columns). chi2 = sum (O - E)^2 / E, without a correction for continuity;
 * V = sqrt(chi2 / (n (min(rows, columns) - 1))). Rows and columns without a count are left out. */
Independence crosstab_test(const double *counts, size_t n_rows, size_t n_columns);

#endif
