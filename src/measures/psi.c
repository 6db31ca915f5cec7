/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/psi.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static double sum_of(const double *counts, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += counts[i];
    return sum;
}

double psi_of(const double *expected, const double *actual, size_t n)
{
    double before = sum_of(expected, n), after = sum_of(actual, n), psi = 0;
    for (size_t i = 0; i < n; i++) {
        if (expected[i] == 0 && actual[i] == 0) continue;
        double e = (expected[i] == 0 ? 0.5 : expected[i]) / before,
               a = (actual[i] == 0 ? 0.5 : actual[i]) / after;
        psi += (a - e) * log(a / e);
    }
    return psi;
}

double psi_critical(size_t n, double expected_rows, double actual_rows, double level)
{
    if (n < 2) return NAN;
    return gsl_cdf_chisq_Pinv(level, (double)n - 1) * (1 / expected_rows + 1 / actual_rows);
}
