/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums of windows: four accumulators in a fixed order, so that the bits depend on the values only.
 */
#include "data/expr/function.h"

#include <math.h>

double window_sum(const double *x, size_t n)
{
    double sum[4] = { 0, 0, 0, 0 };
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += x[i + k];
    for (; i < n; i++) sum[0] += x[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

double window_std(const double *x, size_t n)
{
    double mean = window_sum(x, n) / (double)n, sum[4] = { 0, 0, 0, 0 };
    if (n < 2) return NAN;
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += (x[i + k] - mean) * (x[i + k] - mean);
    for (; i < n; i++) sum[0] += (x[i] - mean) * (x[i] - mean);
    return sqrt(((sum[0] + sum[1]) + (sum[2] + sum[3])) / (double)(n - 1));
}
