/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins of equal width, of equal count, and monotone ones by pooling adjacent violators (Ayer and others 1955;
 * for scorecards Mironchyk and Tchistiakov 2017). */
#include "data/binning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FINE_BINS = 20 };

int bin_find(const double *breaks, int n, double x)
{
    int low = 0, high = n;
    while (low < high) {
        int middle = (low + high) / 2;
        if (breaks[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_values(const void *a, const void *b)
{
    double x = ((const BinValue *)a)->x, y = ((const BinValue *)b)->x;
    return (x > y) - (x < y);
}

int bins_by_width(const BinValue *values, size_t n, int bins, double *breaks)
{
    double low = values[0].x, high = low;
    int count = 0;
    for (size_t i = 1; i < n; i++) {
        low = values[i].x < low ? values[i].x : low;
        high = values[i].x > high ? values[i].x : high;
    }
    for (int k = 1; k < bins && low < high; k++) {
        double at = low + (high - low) * k / bins;
        if (at > low && (count == 0 || at > breaks[count - 1])) breaks[count++] = at;
    }
    return count;
}

/* The cumulated weight is counted in rows, from place *i on, which goes forward only: the first value up to
 * which it is at least `rows`. */
static double value_at(const BinValue *sorted, size_t n, double unit, double rows, size_t *i, double *before)
{
    while (*i + 1 < n && (*before + sorted[*i].w) * unit < rows * (1 - 1e-12)) *before += sorted[(*i)++].w;
    return sorted[*i].x;
}

int bins_by_quantile(BinValue *values, size_t n, int bins, double *breaks)
{
    double total = 0, before = 0, low;
    int count = 0;
    size_t place = 0;
    qsort(values, n, sizeof *values, compare_values);
    for (size_t i = 0; i < n; i++) total += values[i].w;
    if (!(total > 0)) return 0;
    low = values[0].x;
    for (int k = 1; k < bins; k++) {
        double h = (double)k / bins * (double)(n - 1), part = h - floor(h);
        double at = value_at(values, n, (double)n / total, floor(h) + 1, &place, &before);
        size_t next_place = place;
        double next_before = before;
        double next = value_at(values, n, (double)n / total, floor(h) + 2, &next_place, &next_before);
        at = (1 - part) * at + part * next;
        if (at > low && (count == 0 || at > breaks[count - 1])) breaks[count++] = at;
    }
    return count;
}

/* ---- monotone */

typedef struct Bin {
    double n, good, events; /* weights: of all, without and with the event */
    double from;            /* its lower break; of the first one nothing */
} Bin;

static double share(const Bin *bin)
{
    return bin->n > 0 ? bin->events / bin->n : 0;
}

/* Joins bin k with the one behind it. */
static void join(Bin *bins, int *n, int k)
{
    bins[k].n += bins[k + 1].n;
    bins[k].good += bins[k + 1].good;
    bins[k].events += bins[k + 1].events;
    memmove(bins + k + 1, bins + k + 2, (size_t)(*n - k - 2) * sizeof *bins);
    --*n;
}

/* 1 where the share of events rises with the bin, -1 where it falls. */
static double direction(const Bin *bins, int n)
{
    double rows = 0, place = 0, events = 0, both = 0;
    for (int k = 0; k < n; k++) {
        rows += bins[k].n;
        place += k * bins[k].n;
        events += bins[k].events;
        both += k * bins[k].events;
    }
    return both - place * events / rows < 0 ? -1 : 1;
}

static void pool_violators(Bin *bins, int *n)
{
    double sign = direction(bins, *n);
    for (int k = 0; k + 1 < *n;) {
        if (sign * (share(&bins[k + 1]) - share(&bins[k])) > 0) {
            k++;
            continue;
        }
        join(bins, n, k);
        if (k > 0) k--;
    }
}

/* Joins bin k with the neighbour whose share of events is nearest. */
static void join_nearest(Bin *bins, int *n, int k)
{
    bool behind = k + 1 < *n, before = k > 0;
    if (behind && before)
        behind = fabs(share(&bins[k + 1]) - share(&bins[k])) < fabs(share(&bins[k - 1]) - share(&bins[k]));
    join(bins, n, behind ? k : k - 1);
}

static bool too_thin(const Bin *bin, double least)
{
    return bin->n < least || bin->events == 0 || bin->good == 0;
}

static void join_thin(Bin *bins, int *n, double least)
{
    for (int k = 0; k<*n && * n> 1;) {
        if (too_thin(&bins[k], least)) {
            join_nearest(bins, n, k);
            k = 0;
        } else
            k++;
    }
}

static void join_most_alike(Bin *bins, int *n)
{
    int best = 0;
    for (int k = 1; k + 1 < *n; k++)
        if (fabs(share(&bins[k + 1]) - share(&bins[k])) < fabs(share(&bins[best + 1]) - share(&bins[best])))
            best = k;
    join(bins, n, best);
}

int bins_monotone(BinValue *values, size_t n, int most, double least, double *breaks)
{
    double fine[FINE_BINS], total = 0;
    int n_bins = bins_by_quantile(values, n, FINE_BINS, fine) + 1;
    Bin bins[FINE_BINS] = { 0 };
    for (int k = 1; k < n_bins; k++) bins[k].from = fine[k - 1];
    for (size_t i = 0; i < n; i++) {
        Bin *bin = &bins[bin_find(fine, n_bins - 1, values[i].x)];
        bin->n += values[i].w;
        bin->good += values[i].w * (1 - values[i].y);
        bin->events += values[i].w * values[i].y;
        total += values[i].w;
    }
    pool_violators(bins, &n_bins);
    join_thin(bins, &n_bins, least * total);
    while (n_bins > most) join_most_alike(bins, &n_bins);
    for (int k = 1; k < n_bins; k++) breaks[k - 1] = bins[k].from;
    return n_bins - 1;
}
