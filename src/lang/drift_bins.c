/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/drift_bins.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "measures/psi.h"

static const double LEVEL = 0.95, SMALL = 0.1, LARGE = 0.25;

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Bins of equal mass, as far as equal values let them, which stay together: where most cells are 0 these are
 * one bin and the others share the rest. values: n, rising. */
static int share_out(const double *values, size_t n, int wanted, double *breaks)
{
    size_t begin = 0;
    int made = 0;
    for (size_t i = 1; i < n && made < wanted - 1; i++) {
        if (values[i] == values[i - 1]) continue;
        double share = (double)(n - begin) / (wanted - made);
        if ((double)(i - begin) < share) continue;
        breaks[made++] = values[i];
        begin = i;
    }
    return made;
}

static bool find_breaks(DriftBins *bins, const double *x, size_t n, int wanted, Err *err)
{
    double *values = mem_get(n, sizeof *values, err);
    size_t kept = 0;
    if (!values) return false;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) values[kept++] = x[i];
    qsort(values, kept, sizeof *values, compare);
    bins->n_breaks = share_out(values, kept, wanted, bins->breaks);
    mem_free(values);
    return true;
}

static size_t place(const DriftBins *bins, double x)
{
    if (isnan(x)) return bins->n - 1;
    if (bins->n_levels == 0) return (size_t)bin_find(bins->breaks, bins->n_breaks, x);
    return x > (double)bins->n_levels ? bins->n_levels : (size_t)x - 1;
}

static void count(const DriftBins *bins, const double *x, size_t n, double *counts)
{
    for (size_t i = 0; i < n; i++) counts[place(bins, x[i])]++;
}

bool driftbins_fit(DriftBins *bins, const double *x, size_t n, size_t n_levels, int wanted, Err *err)
{
    *bins = (DriftBins){ .n_levels = n_levels, .rows = (double)n };
    if (n_levels == 0 && !find_breaks(bins, x, n, wanted, err)) return false;
    bins->n = n_levels ? n_levels + 2 : (size_t)bins->n_breaks + 2;
    if (!(bins->expected = mem_get(bins->n, sizeof *bins->expected, err))) return false;
    count(bins, x, n, bins->expected);
    return true;
}

void driftbins_free(DriftBins *bins)
{
    mem_free(bins->expected);
    bins->expected = NULL;
}

bool driftbins_compare(const DriftBins *bins, const double *x, size_t n, DriftFigure *out, Err *err)
{
    *out = (DriftFigure){ .psi = NAN, .critical = NAN, .missing = NAN };
    if (n == 0) return true;
    double *actual = mem_get(bins->n, sizeof *actual, err);
    size_t used = 0;
    if (!actual) return false;
    count(bins, x, n, actual);
    for (size_t b = 0; b < bins->n; b++) {
        used += bins->expected[b] > 0 || actual[b] > 0;
        out->halved += (bins->expected[b] > 0) != (actual[b] > 0);
    }
    out->psi = psi_of(bins->expected, actual, bins->n);
    out->critical = psi_critical(used, bins->rows, (double)n, LEVEL);
    out->missing = actual[bins->n - 1] / (double)n;
    mem_free(actual);
    return true;
}

bool drift_is_shown(DriftFigure figure)
{
    return figure.psi > figure.critical;
}

const char *drift_words(DriftFigure figure)
{
    if (isnan(figure.psi)) return NULL;
    if (!drift_is_shown(figure)) return "none shown";
    return figure.psi < SMALL ? "small" : figure.psi < LARGE ? "moderate" : "large";
}
