/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/rates.h"

#include <gsl/gsl_cdf.h>
#include <limits.h>
#include <math.h>

bool wilson_interval(double k, double n, double level, Interval *out)
{
    if (!(n > 0)) return false;
    double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2), rate = k / n, scale = 1 + z * z / n;
    double centre = (rate + z * z / (2 * n)) / scale;
    double half = z / scale * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
    *out = (Interval){ k <= 0 ? 0 : centre - half, k >= n ? 1 : centre + half };
    return true;
}

McNemar mcnemar_test(double only_a, double only_b)
{
    McNemar test = { .only_a = only_a, .only_b = only_b, .exact = 1, .chi2 = 0, .p = 1 };
    double n = only_a + only_b, apart = fabs(only_a - only_b);
    if (!(n > 0) || n > UINT_MAX) return test;
    test.exact = fmin(1, 2 * gsl_cdf_binomial_P((unsigned)fmin(only_a, only_b), 0.5, (unsigned)n));
    test.chi2 = apart > 1 ? (apart - 1) * (apart - 1) / n : 0;
    test.p = gsl_cdf_chisq_Q(test.chi2, 1);
    return test;
}

void mcnemar_difference(double only_a, double only_b, double n, double level, Paired *out)
{
    double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2), apart = only_b - only_a;
    double half = z * sqrt(fmax(only_a + only_b - apart * apart / n, 0)) / n;
    out->value = apart / n;
    out->interval = (Interval){ out->value - half, out->value + half };
    out->p = mcnemar_test(only_a, only_b).exact;
}

static bool is_grade(double n, double defaults, double pd)
{
    return defaults >= 0 && defaults <= n && n <= UINT_MAX && pd > 0 && pd < 1;
}

double grade_binomial(double n, double defaults, double pd)
{
    if (!is_grade(n, defaults, pd)) return NAN;
    return defaults < 1 ? 1 : gsl_cdf_binomial_Q((unsigned)defaults - 1, pd, (unsigned)n);
}

double grade_jeffreys(double n, double defaults, double pd)
{
    return is_grade(n, defaults, pd) ? gsl_cdf_beta_P(pd, defaults + 0.5, n - defaults + 0.5) : NAN;
}
