/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean, standard deviation, quantiles (type 7: h = (n - 1) p, linear between the neighbours; of
 * 1 2 3 4 at p = 0.25 it is 1.75), median absolute deviation, mode. */
#include "data/summary.h"

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

size_t summary_compact(const double *x, size_t n, double *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        out[kept] = x[i];
        kept += x[i] == x[i];
    }
    return kept;
}

double summary_mean(const double *x, size_t n)
{
    double sums[4] = { 0, 0, 0, 0 };
    for (size_t i = 0; i < n; i++) sums[i & 3] += x[i];
    return (sums[0] + sums[1] + (sums[2] + sums[3])) / (double)n;
}

double summary_sd(const double *x, size_t n, double mean)
{
    double sums[4] = { 0, 0, 0, 0 };
    for (size_t i = 0; i < n; i++) sums[i & 3] += (x[i] - mean) * (x[i] - mean);
    if (n < 2) return 0;
    return sqrt((sums[0] + sums[1] + (sums[2] + sums[3])) / (double)(n - 1));
}

void summary_range(const double *x, size_t n, double *low, double *high)
{
    *low = *high = x[0];
    for (size_t i = 1; i < n; i++) {
        if (x[i] < *low) *low = x[i];
        if (x[i] > *high) *high = x[i];
    }
}

double summary_quantile(double *x, size_t n, double p)
{
    double h = p * (double)(n - 1);
    size_t k = (size_t)h;
    double delta = h - (double)k;
    double at = gsl_stats_select(x, 1, n, k);
    if (k + 1 >= n) return at;
    /* selection leaves what is larger behind place k */
    double next = x[k + 1];
    for (size_t i = k + 2; i < n; i++) next = x[i] < next ? x[i] : next;
    return (1 - delta) * at + delta * next;
}

double summary_mad(double *x, size_t n, double median)
{
    for (size_t i = 0; i < n; i++) x[i] = fabs(x[i] - median);
    double mean = summary_mean(x, n), mad = summary_quantile(x, n, 0.5);
    return mad > 0 ? 1.4826 * mad : 1.253314 * mean;
}

double summary_mode(double *x, size_t n)
{
    gsl_sort(x, 1, n);
    double mode = x[0];
    size_t best = 0;
    for (size_t start = 0; start < n;) {
        size_t end = start + 1;
        while (end < n && x[end] == x[start]) end++;
        if (end - start > best) {
            best = end - start;
            mode = x[start];
        }
        start = end;
    }
    return mode;
}
