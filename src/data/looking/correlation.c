/* SPDX-License-Identifier: GPL-3.0-or-later */
/* r = sum of products of the standardized values. x = 1 2 3 4 and y = 2 1 4 3 give 0.6. */
#include "data/looking/correlation.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "measures/rank.h"

static double sum_of(const double *x, size_t n)
{
    double sums[4] = { 0, 0, 0, 0 };
    for (size_t i = 0; i < n; i++) sums[i & 3] += x[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static double product(const double *x, const double *y, size_t n)
{
    double sums[4] = { 0, 0, 0, 0 };
    size_t whole = n & ~(size_t)3;
    for (size_t i = 0; i < whole; i += 4)
        for (size_t k = 0; k < 4; k++) sums[k] += x[i + k] * y[i + k];
    for (size_t i = whole; i < n; i++) sums[i & 3] += x[i] * y[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* Mean 0 and length 1; a constant becomes NaN. */
static void standardize(double *x, size_t n)
{
    double mean = n ? sum_of(x, n) / (double)n : NAN;
    for (size_t i = 0; i < n; i++) x[i] -= mean;
    double length = sqrt(product(x, x, n));
    if (!(length > 1e-14 * fabs(mean) * sqrt((double)n))) length = NAN;
    for (size_t i = 0; i < n; i++) x[i] /= length;
}

bool correlation_ranks(const double *x, size_t n, double *out, Err *err)
{
    Ranked *order = rank_sort(x, 1, n, err);
    if (!order) return false;
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && order[end].key == order[i].key) end++;
        for (size_t k = i; k < end; k++) out[order[k].row] = (double)(i + 1 + end) / 2;
        i = end;
    }
    mem_free(order);
    return true;
}

static bool has_missing(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(x[i])) return true;
    return false;
}

bool variable_make(Variable *variable, double *x, size_t n, CorrelationMethod method, Err *err)
{
    *variable = (Variable){ x, n, !has_missing(x, n) };
    if (!variable->complete || method == BY_KENDALL) return true;
    if (method == BY_SPEARMAN && !correlation_ranks(x, n, x, err)) return false;
    standardize(x, n);
    return true;
}

static bool correlate_pairs(Correlation *out, const Variable *a, const Variable *b, CorrelationMethod method,
                            Err *err)
{
    double *x = mem_get(a->n, sizeof *x, err), *y = mem_get(a->n, sizeof *y, err);
    size_t n = 0;
    bool ok = x && y;
    for (size_t i = 0; ok && i < a->n; i++) {
        x[n] = a->x[i];
        y[n] = b->x[i];
        n += !isnan(x[n]) && !isnan(y[n]);
    }
    if (ok && method == BY_KENDALL) ok = correlation_kendall(out, x, y, n, err);
    if (ok && method == BY_SPEARMAN) ok = correlation_ranks(x, n, x, err) && correlation_ranks(y, n, y, err);
    if (ok && method != BY_KENDALL) {
        standardize(x, n);
        standardize(y, n);
        *out = (Correlation){ n > 1 ? product(x, y, n) : NAN, NAN, n };
    }
    mem_free(x);
    mem_free(y);
    return ok;
}

bool correlation_make(Correlation *out, const Variable *a, const Variable *b, CorrelationMethod method,
                      Err *err)
{
    if (method == BY_KENDALL)
        return a->complete && b->complete ? correlation_kendall(out, a->x, b->x, a->n, err)
                                          : correlate_pairs(out, a, b, method, err);
    if (a->complete && b->complete)
        *out = (Correlation){ a->n > 1 ? product(a->x, b->x, a->n) : NAN, NAN, a->n };
    else if (!correlate_pairs(out, a, b, method, err))
        return false;
    if (out->r > 1) out->r = 1;
    if (out->r < -1) out->r = -1;
    double free = (double)out->n - 2;
    if (out->n > 2 && !isnan(out->r))
        out->p = fabs(out->r) < 1
                     ? 2 * gsl_cdf_tdist_Q(fabs(out->r) * sqrt(free / (1 - out->r * out->r)), free)
                     : 0;
    return true;
}
