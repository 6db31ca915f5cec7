/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean, standard deviation, quantiles (type 7: h = (n - 1) p, linear between the neighbours; of
 * 1 2 3 4 at p = 0.25 it is 1.75), median absolute deviation, mode. Quantiles of many numbers by narrowing: a
 * count over their leading 16 bits says in which of 65,536 intervals one lies, and only the numbers of that
 * interval are searched. */
#include "data/summary.h"

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

enum { LANES = 4, BUCKETS = 1 << 16, MANY = 1 << 15 };

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
    double sums[LANES] = { 0 };
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) sums[k] += x[i + k];
    for (; i < n; i++) sums[i % LANES] += x[i];
    return (sums[0] + sums[1] + (sums[2] + sums[3])) / (double)n;
}

double summary_sd(const double *x, size_t n, double mean)
{
    double sums[LANES] = { 0 };
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) sums[k] += (x[i + k] - mean) * (x[i + k] - mean);
    for (; i < n; i++) sums[i % LANES] += (x[i] - mean) * (x[i] - mean);
    if (n < 2) return 0;
    return sqrt((sums[0] + sums[1] + (sums[2] + sums[3])) / (double)(n - 1));
}

void summary_range(const double *x, size_t n, double *low, double *high)
{
    double least[LANES], most[LANES];
    size_t i = 0;
    for (size_t k = 0; k < LANES; k++) least[k] = most[k] = x[0];
    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) {
            least[k] = x[i + k] < least[k] ? x[i + k] : least[k];
            most[k] = x[i + k] > most[k] ? x[i + k] : most[k];
        }
    for (; i < n; i++) {
        least[0] = x[i] < least[0] ? x[i] : least[0];
        most[0] = x[i] > most[0] ? x[i] : most[0];
    }
    for (size_t k = 1; k < LANES; k++) {
        least[0] = least[k] < least[0] ? least[k] : least[0];
        most[0] = most[k] > most[0] ? most[k] : most[0];
    }
    *low = least[0];
    *high = most[0];
}

/* ---- quantiles */

/* Between the k-th of n values and the next one, h = k + a fraction; x is put into another order. */
static double select_between(double *x, size_t n, size_t k, double fraction, bool is_last)
{
    double at = gsl_stats_select(x, 1, n, k);
    if (is_last) return at;
    /* selection leaves what is larger behind place k */
    double next = x[k + 1];
    for (size_t i = k + 2; i < n; i++) next = x[i] < next ? x[i] : next;
    return (1 - fraction) * at + fraction * next;
}

/* Orders as the numbers do. */
static inline unsigned bucket_of(double x)
{
    uint64_t bits;
    double plain = x + 0.0;
    memcpy(&bits, &plain, sizeof bits);
    return (unsigned)((bits >> 63 ? ~bits : bits | (uint64_t)1 << 63) >> 48);
}

static inline double taken(double x, bool apart, double center)
{
    return apart ? fabs(x - center) : x;
}

/* Which buckets hold places k and `upper` of the values; below: how many lie before them. */
typedef struct Narrow {
    unsigned from, to;
    size_t below, kept;
} Narrow;

static inline void count_buckets(const double *x, size_t n, bool apart, double center, uint32_t *counts)
{
    for (size_t i = 0; i < n; i++) counts[bucket_of(taken(x[i], apart, center))]++;
}

static Narrow find_buckets(const uint32_t *counts, size_t k, size_t upper)
{
    Narrow narrow = { 0, 0, 0, 0 };
    while (narrow.below + counts[narrow.from] <= k) narrow.below += counts[narrow.from++];
    size_t reached = narrow.below + counts[narrow.to = narrow.from];
    while (reached <= upper) reached += counts[++narrow.to];
    narrow.kept = reached - narrow.below;
    return narrow;
}

static inline void collect(const double *x, size_t n, bool apart, double center, const Narrow *narrow,
                           double *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n && kept < narrow->kept; i++) {
        double value = taken(x[i], apart, center);
        unsigned bucket = bucket_of(value);
        out[kept] = value;
        kept += bucket >= narrow->from && bucket <= narrow->to;
    }
}

/* Of x, or of |x - center|. spare: n values, or NULL: room is made for what is needed. False without memory.
 */
static bool narrow_quantile(const double *x, size_t n, double p, bool apart, double center, double *spare,
                            double *out)
{
    uint32_t *counts = mem_get(BUCKETS, sizeof *counts, NULL);
    if (!counts) return false;
    double h = p * (double)(n - 1);
    size_t k = (size_t)h, upper = k + 1 < n ? k + 1 : k;
    if (apart)
        count_buckets(x, n, true, center, counts);
    else
        count_buckets(x, n, false, 0, counts);
    Narrow narrow = find_buckets(counts, k, upper);
    double *room = spare ? spare : mem_stretch(NULL, 0, narrow.kept, sizeof *room, NULL);
    if (room && apart)
        collect(x, n, true, center, &narrow, room);
    else if (room)
        collect(x, n, false, 0, &narrow, room);
    if (room) *out = select_between(room, narrow.kept, k - narrow.below, h - (double)k, upper == k);
    if (room != spare) mem_free(room);
    mem_free(counts);
    return room != NULL;
}

static bool is_many(size_t n)
{
    return n > MANY && n < UINT32_MAX;
}

double summary_quantile(double *x, size_t n, double p)
{
    double h = p * (double)(n - 1), out;
    if (is_many(n) && narrow_quantile(x, n, p, false, 0, NULL, &out)) return out;
    return select_between(x, n, (size_t)h, h - (double)(size_t)h, (size_t)h + 1 >= n);
}

double summary_quantile_kept(const double *x, size_t n, double p, double *spare)
{
    double out;
    if (is_many(n) && narrow_quantile(x, n, p, false, 0, spare, &out)) return out;
    memcpy(spare, x, n * sizeof *x);
    return summary_quantile(spare, n, p);
}

double summary_median_apart(const double *x, size_t n, double center, double *spare)
{
    double out;
    if (is_many(n) && narrow_quantile(x, n, 0.5, true, center, spare, &out)) return out;
    for (size_t i = 0; i < n; i++) spare[i] = fabs(x[i] - center);
    return summary_quantile(spare, n, 0.5);
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
