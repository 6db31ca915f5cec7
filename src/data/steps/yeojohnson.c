/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Yeo and Johnson 2000 (Biometrika 87:954):
 *   x >= 0: ((x + 1)^lambda - 1) / lambda, ln(x + 1) at 0
 *   x <  0: -((1 - x)^(2 - lambda) - 1) / (2 - lambda), -ln(1 - x) at 2
 * lambda maximises -n/2 ln(variance) + (lambda - 1) sum of sign(x) ln(1 + |x|), which has one maximum. With
 * lambda 1 nothing changes; 3 becomes 2 ln 2 = 1.386294 at 0 and 2 at 0.5. */
#include "data/steps/yeojohnson.h"

#include <math.h>

#include "data/summary.h"

enum { VALUES_MOST = 1000000 };

#define LAMBDA_LOW  (-10.0)
#define LAMBDA_HIGH 10.0

/* (e^(power log) - 1) / power, log = ln(1 + |x|) */
static double grow(double log, double power)
{
    return fabs(power) < 1e-12 ? log : expm1(power * log) / power;
}

double yeojohnson(double x, double lambda)
{
    return x >= 0 ? grow(log1p(x), lambda) : x < 0 ? -grow(log1p(-x), 2 - lambda) : x;
}

/* logs: sign(x) ln(1 + |x|). Not finite where a power is too large. */
static double likelihood(const double *logs, size_t n, double sum, double lambda)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double y = logs[i] >= 0 ? grow(logs[i], lambda) : -grow(-logs[i], 2 - lambda);
        double step = y - mean;
        mean += step / (double)(i + 1);
        squares += step * (y - mean);
    }
    double value = -0.5 * (double)n * log(squares / (double)n) + (lambda - 1) * sum;
    return isnan(value) ? -INFINITY : value;
}

static double golden_section(const double *logs, size_t n, double sum)
{
    static const double ratio = 0.6180339887498949;
    double low = LAMBDA_LOW, high = LAMBDA_HIGH;
    double a = high - ratio * (high - low), b = low + ratio * (high - low);
    double at_a = likelihood(logs, n, sum, a), at_b = likelihood(logs, n, sum, b);
    while (high - low > 1e-9) {
        if (at_a > at_b || (at_a == at_b && fabs(a - 1) < fabs(b - 1))) {
            high = b;
            b = a;
            at_b = at_a;
            a = high - ratio * (high - low);
            at_a = likelihood(logs, n, sum, a);
        } else {
            low = a;
            a = b;
            at_a = at_b;
            b = low + ratio * (high - low);
            at_b = likelihood(logs, n, sum, b);
        }
    }
    return (low + high) / 2;
}

double yeojohnson_fit(double *values, size_t n)
{
    double low, high, sum = 0;
    if (n > VALUES_MOST) {
        for (size_t i = 0; i < VALUES_MOST; i++) values[i] = values[i * n / VALUES_MOST];
        n = VALUES_MOST;
    }
    summary_range(values, n, &low, &high);
    if (low == high) return 1;
    for (size_t i = 0; i < n; i++) sum += values[i] = copysign(log1p(fabs(values[i])), values[i]);
    return golden_section(values, n, sum);
}
