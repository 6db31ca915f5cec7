/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Median and MAD by narrowing: a count over the leading 16 bits of the numbers says in which of 65,536
 * intervals a quantile lies, and only the numbers of that interval are searched. Outliers: Iglewicz and
 * Hoaglin 1993, |0.6745 (x - median) / MAD| > 3.5; where MAD is 0, 1.253314 mean |x - median| is the unit. */
#include "data/looking/profile.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "data/summary.h"

enum { BUCKETS = 1 << 16, SMALL = 1 << 15 };
#define OUTLIER_AT 3.5

bool column_is_numeric(const Column *column)
{
    return column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER || column->type == COLUMN_BOOL;
}

size_t profile_values(const Frame *frame, int column, const uint32_t *rows, size_t n_rows, double *x)
{
    const Column *cells = frame->columns[column].column;
    size_t n = 0;
    if (cells->type == COLUMN_NUMBER && !rows && !frame->index)
        return summary_compact(cells->numbers, n_rows, x);
    for (size_t i = 0; i < n_rows; i++) {
        double value = column_number(cells, frame_physical(frame, rows ? rows[i] : i));
        x[n] = value;
        n += !isnan(value);
    }
    return n;
}

/* Orders as the numbers do. */
static unsigned bucket_of(double x)
{
    uint64_t bits;
    double plain = x + 0.0;
    memcpy(&bits, &plain, sizeof bits);
    return (unsigned)((bits >> 63 ? ~bits : bits | (uint64_t)1 << 63) >> 48);
}

double profile_quantile(const double *x, size_t n, double p, double *spare)
{
    uint32_t *counts = n > SMALL && n < UINT32_MAX ? mem_get(BUCKETS, sizeof *counts, NULL) : NULL;
    if (!counts) {
        memcpy(spare, x, n * sizeof *x);
        return summary_quantile(spare, n, p);
    }
    for (size_t i = 0; i < n; i++) counts[bucket_of(x[i])]++;
    double h = p * (double)(n - 1);
    size_t k = (size_t)h, below = 0, upper = k + 1 < n ? k + 1 : k, kept = 0;
    unsigned from = 0, to;
    while (below + counts[from] <= k) below += counts[from++];
    size_t reached = below + counts[to = from];
    while (reached <= upper) reached += counts[++to];
    for (size_t i = 0; i < n; i++) {
        unsigned bucket = bucket_of(x[i]);
        spare[kept] = x[i];
        kept += bucket >= from && bucket <= to;
        if (kept == reached - below) break;
    }
    mem_free(counts);
    double at = gsl_stats_select(spare, 1, kept, k - below), next = upper == k ? at : INFINITY;
    /* selection leaves what is larger behind its place */
    for (size_t i = k - below + 1; i < kept; i++) next = fmin(next, spare[i]);
    return upper == k ? at : (1 - (h - (double)k)) * at + (h - (double)k) * next;
}

/* Turns x into distances from the median. */
static size_t count_outliers(double *x, size_t n, double median, double *spare)
{
    for (size_t i = 0; i < n; i++) x[i] = fabs(x[i] - median);
    double mean = summary_mean(x, n), mad = profile_quantile(x, n, 0.5, spare);
    double limit = mad > 0 ? OUTLIER_AT * mad / 0.6745 : OUTLIER_AT * 1.253314 * mean;
    size_t outliers = 0;
    for (size_t i = 0; i < n; i++) outliers += x[i] > limit;
    return outliers;
}

static bool has_two_values(const double *x, size_t n, double low, double high)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != low && x[i] != high) return false;
    return true;
}

static size_t count_missing(const Frame *frame, int column, const uint32_t *rows, size_t n_rows)
{
    const Column *cells = frame->columns[column].column;
    size_t n = 0;
    if (!cells->n_missing || (!rows && !frame->index)) return cells->n_missing;
    for (size_t i = 0; i < n_rows; i++)
        n += column_is_missing(cells, frame_physical(frame, rows ? rows[i] : i));
    return n;
}

void profile_make(Profile *profile, const Frame *frame, int column, const uint32_t *rows, size_t n_rows,
                  double *x, double *spare)
{
    *profile = (Profile){ 0, 0, NAN, NAN, NAN, NAN, NAN, false, 0 };
    if (!column_is_numeric(frame->columns[column].column)) {
        profile->missing = count_missing(frame, column, rows, n_rows);
        return;
    }
    size_t n = profile->n = profile_values(frame, column, rows, n_rows, x);
    profile->missing = n_rows - n;
    if (!n) return;
    profile->mean = summary_mean(x, n);
    profile->sd = summary_sd(x, n, profile->mean);
    summary_range(x, n, &profile->low, &profile->high);
    profile->median = profile_quantile(x, n, 0.5, spare);
    profile->two_values = has_two_values(x, n, profile->low, profile->high);
    if (!profile->two_values) profile->outliers = count_outliers(x, n, profile->median, spare);
}
