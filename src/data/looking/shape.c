/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/looking/shape.h"

#include <math.h>

#include "data/looking/profile.h"
#include "data/summary.h"

/* ---- histograms */

static bool all_whole(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != floor(x[i])) return false;
    return true;
}

static Histogram even_bins(double low, double high, int n_bins)
{
    return (Histogram){ low, (high - low) / n_bins, n_bins };
}

/* Each bin holds as many whole numbers as the next, and its middle is theirs. */
static Histogram whole_bins(double low, double high, int n_bins)
{
    double each = ceil((high - low + 1) / n_bins);
    return (Histogram){ low - 0.5, each, (int)ceil((high - low + 1) / each) };
}

Histogram histogram_fit(const double *x, size_t n, int n_bins, double *spare)
{
    double low, high;
    summary_range(x, n, &low, &high);
    if (!(high > low)) return even_bins(low - 0.5, low + 0.5, 1);
    if (n_bins > 0) return even_bins(low, high, n_bins);
    double iqr = profile_quantile(x, n, 0.75, spare) - profile_quantile(x, n, 0.25, spare);
    double width = 2 * iqr / cbrt((double)n);
    double wanted = width > 0 ? ceil((high - low) / width) : ceil(log2((double)n)) + 1;
    n_bins = wanted < BINS_MAX ? (int)wanted : BINS_MAX;
    if (all_whole(x, n)) return whole_bins(low, high, high - low < 25 ? (int)(high - low) + 1 : n_bins);
    return even_bins(low, high, n_bins);
}

int histogram_bin(const Histogram *histogram, double x)
{
    double place = (x - histogram->low) / histogram->width;
    if (!(place > 0)) return 0;
    return place >= histogram->n_bins ? histogram->n_bins - 1 : (int)place;
}

/* ---- boxes */

Box box_fit(const double *x, size_t n, double *spare)
{
    Box box = { .n = n };
    summary_range(x, n, &box.low, &box.high);
    box.q1 = profile_quantile(x, n, 0.25, spare);
    box.median = profile_quantile(x, n, 0.5, spare);
    box.q3 = profile_quantile(x, n, 0.75, spare);
    double reach = 1.5 * (box.q3 - box.q1);
    box.whisker_low = box.q1;
    box.whisker_high = box.q3;
    for (size_t i = 0; i < n; i++) {
        bool inside = x[i] >= box.q1 - reach && x[i] <= box.q3 + reach;
        box.outside += !inside;
        if (!inside) continue;
        box.whisker_low = fmin(box.whisker_low, x[i]);
        box.whisker_high = fmax(box.whisker_high, x[i]);
    }
    return box;
}

/* ---- autocorrelation */

size_t autocorrelation(const double *x, size_t n, int n_lags, double *r)
{
    size_t there = 0;
    double mean = 0, variance = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) mean += x[i], there++;
    mean /= (double)there;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) variance += (x[i] - mean) * (x[i] - mean);
    for (int k = 0; k <= n_lags; k++) {
        double sum = 0;
        for (size_t i = (size_t)k; i < n; i++) {
            double term = (x[i] - mean) * (x[i - (size_t)k] - mean);
            if (!isnan(term)) sum += term;
        }
        r[k] = variance > 0 ? sum / variance : NAN;
    }
    return there;
}

/* ---- fewer points */

/* Up to four places of the slice from .. to - 1, in order, moved to `kept`. */
static size_t keep_slice(double *x, double *y, size_t from, size_t to, size_t kept)
{
    size_t low = from, high = from, gap = to;
    for (size_t i = from; i < to; i++) {
        if (isnan(y[i])) {
            gap = i;
            continue;
        }
        if (isnan(y[low]) || y[i] < y[low]) low = i;
        if (isnan(y[high]) || y[i] > y[high]) high = i;
    }
    size_t places[] = { from, low < high ? low : high, low < high ? high : low, gap, to - 1 };
    size_t last = SIZE_MAX;
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        for (size_t m = k + 1; m < sizeof places / sizeof *places; m++)
            if (places[m] < places[k]) {
                size_t other = places[k];
                places[k] = places[m];
                places[m] = other;
            }
        if (places[k] >= to || places[k] == last) continue;
        last = places[k];
        x[kept] = x[last];
        y[kept++] = y[last];
    }
    return kept;
}

size_t curve_thin(double *x, double *y, size_t n, size_t columns)
{
    if (n <= 4 * columns) return n;
    double low = x[0], span = x[n - 1] - x[0];
    size_t kept = 0, from = 0;
    for (size_t c = 0; c < columns; c++) {
        double end = low + span * (double)(c + 1) / (double)columns;
        size_t to = from;
        while (to < n && (x[to] < end || c + 1 == columns)) to++;
        if (to > from) kept = keep_slice(x, y, from, to, kept);
        from = to;
    }
    return kept;
}

static size_t cell_of(double x, double low, double high, size_t cells)
{
    double place = high > low ? (x - low) / (high - low) * (double)cells : 0;
    size_t cell = place > 0 ? (size_t)place : 0;
    return cell < cells ? cell : cells - 1;
}

size_t points_thin(double *x, double *y, size_t n, size_t columns, size_t rows, unsigned char *spare)
{
    double left, right, low, high;
    size_t kept = 0;
    if (!n) return 0;
    summary_range(x, n, &left, &right);
    summary_range(y, n, &low, &high);
    for (size_t i = 0; i < n; i++) {
        size_t cell = cell_of(y[i], low, high, rows) * columns + cell_of(x[i], left, right, columns);
        if (spare[cell]) continue;
        spare[cell] = 1;
        x[kept] = x[i];
        y[kept++] = y[i];
    }
    return kept;
}
