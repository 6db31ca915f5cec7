/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins of equal width, of equal count, and monotone ones by pooling adjacent violators (Ayer and others 1955;
 * for scorecards Mironchyk and Tchistiakov 2017). */
#include "data/binning.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/summary.h"

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

int bins_by_width(const double *x, size_t n, int bins, double *breaks)
{
    double low, high;
    int count = 0;
    summary_range(x, n, &low, &high);
    for (int k = 1; k < bins && low < high; k++) {
        double at = low + (high - low) * k / bins;
        if (at > low && (count == 0 || at > breaks[count - 1])) breaks[count++] = at;
    }
    return count;
}

int bins_by_quantile(double *x, size_t n, int bins, double *breaks)
{
    double low, high;
    int count = 0;
    summary_range(x, n, &low, &high);
    for (int k = 1; k < bins; k++) {
        double at = summary_quantile(x, n, (double)k / bins);
        if (at > low && (count == 0 || at > breaks[count - 1])) breaks[count++] = at;
    }
    return count;
}

/* ---- monotone */

typedef struct Bin {
    double n, events;
    double from; /* its lower break; of the first one nothing */
} Bin;

static double share(const Bin *bin)
{
    return bin->n > 0 ? bin->events / bin->n : 0;
}

/* Joins bin k with the one behind it. */
static void join(Bin *bins, int *n, int k)
{
    bins[k].n += bins[k + 1].n;
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
    return bin->n < least || bin->events == 0 || bin->events == bin->n;
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

int bins_monotone(const double *x, const double *y, size_t n, int most, double least, double *breaks,
                  Err *err)
{
    double fine[FINE_BINS];
    double *copy = mem_get(n, sizeof *copy, err);
    if (!copy) return -1;
    memcpy(copy, x, n * sizeof *x);
    int n_bins = bins_by_quantile(copy, n, FINE_BINS, fine) + 1;
    mem_free(copy);
    Bin bins[FINE_BINS] = { 0 };
    for (int k = 1; k < n_bins; k++) bins[k].from = fine[k - 1];
    for (size_t i = 0; i < n; i++) {
        Bin *bin = &bins[bin_find(fine, n_bins - 1, x[i])];
        bin->n += 1;
        bin->events += y[i];
    }
    pool_violators(bins, &n_bins);
    join_thin(bins, &n_bins, least * (double)n);
    while (n_bins > most) join_most_alike(bins, &n_bins);
    for (int k = 1; k < n_bins; k++) breaks[k - 1] = bins[k].from;
    return n_bins - 1;
}
