/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 10 20 / 30 40 gives chi2 = 0.7937, p = 0.3730, V = 0.0891. */
#include "data/looking/crosstab.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static double sum_of(const double *from, size_t n, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += from[i * stride];
    return sum;
}

Independence crosstab_test(const double *counts, size_t n_rows, size_t n_columns)
{
    Independence test = { NAN, NAN, NAN, 0, 0, 0 };
    double n = sum_of(counts, n_rows * n_columns, 1), chi2 = 0;
    int rows = 0, columns = 0;
    for (size_t c = 0; c < n_columns; c++) columns += sum_of(counts + c, n_rows, n_columns) > 0;
    for (size_t r = 0; r < n_rows; r++) {
        double of_row = sum_of(counts + r * n_columns, n_columns, 1);
        if (!(of_row > 0)) continue;
        rows++;
        for (size_t c = 0; c < n_columns; c++) {
            double expected = of_row * sum_of(counts + c, n_rows, n_columns) / n;
            double difference = counts[r * n_columns + c] - expected;
            if (!(expected > 0)) continue;
            chi2 += difference * difference / expected;
            test.few += expected < 5;
        }
    }
    test.cells = rows * columns;
    test.df = (rows - 1) * (columns - 1);
    if (rows < 2 || columns < 2) return test;
    test.chi2 = chi2;
    test.p = gsl_cdf_chisq_Q(chi2, test.df);
    test.cramer_v = sqrt(chi2 / (n * ((rows < columns ? rows : columns) - 1)));
    return test;
}
