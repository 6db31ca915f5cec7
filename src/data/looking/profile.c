/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outliers: Iglewicz and Hoaglin 1993, |0.6745 (x - median) / MAD| > 3.5; where MAD is 0,
 * 1.253314 mean |x - median| is the unit. */
#include "data/looking/profile.h"

#include <math.h>

#include "data/summary.h"

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

double profile_quantile(const double *x, size_t n, double p, double *spare)
{
    return summary_quantile_kept(x, n, p, spare);
}

static double mean_apart(const double *x, size_t n, double center, double *spare)
{
    for (size_t i = 0; i < n; i++) spare[i] = fabs(x[i] - center);
    return summary_mean(spare, n);
}

static size_t count_outliers(const double *x, size_t n, double median, double *spare)
{
    double mad = summary_median_apart(x, n, median, spare);
    double limit =
        mad > 0 ? OUTLIER_AT * mad / 0.6745 : OUTLIER_AT * 1.253314 * mean_apart(x, n, median, spare);
    size_t outliers = 0;
    for (size_t i = 0; i < n; i++) outliers += fabs(x[i] - median) > limit;
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
                  double *room, double *spare)
{
    *profile = (Profile){ 0, 0, NAN, NAN, NAN, NAN, NAN, false, 0 };
    if (!column_is_numeric(frame->columns[column].column)) {
        profile->missing = count_missing(frame, column, rows, n_rows);
        return;
    }
    const Column *cells = frame->columns[column].column;
    bool as_it_is = cells->type == COLUMN_NUMBER && !cells->n_missing && !rows && !frame->index;
    size_t n = profile->n = as_it_is ? n_rows : profile_values(frame, column, rows, n_rows, room);
    const double *x = as_it_is ? cells->numbers : room;
    profile->missing = n_rows - n;
    if (!n) return;
    profile->mean = summary_mean(x, n);
    if (n > 1) profile->sd = summary_sd(x, n, profile->mean);
    summary_range(x, n, &profile->low, &profile->high);
    profile->median = profile_quantile(x, n, 0.5, spare);
    profile->two_values = has_two_values(x, n, profile->low, profile->high);
    if (!profile->two_values) profile->outliers = count_outliers(x, n, profile->median, spare);
}
