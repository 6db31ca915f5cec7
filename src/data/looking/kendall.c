/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kendall's tau-b (Biometrika 33, 1945) in n log n (Knight, JASA 61, 1966): pairs in order of x, then y, are
 * merged in order of y, and every exchange is a discordant pair. With n0 = n (n - 1) / 2 and the tied pairs
 * n1 of x, n2 of y, n3 of both,
 *     tau = (n0 - n1 - n2 + n3 - 2 discordant) / sqrt((n0 - n1)(n0 - n2)).
 * p by the normal with the variance under ties (Kendall, Rank Correlation Methods, 1970, 4.9). x = 1 2 3 4
 * and y = 2 1 4 3 give 1/3. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "data/looking/correlation.h"
#include "measures/rank.h"

/* Sums over ties of t values: pairs t (t - 1) / 2, and what the variance needs. */
typedef struct Ties {
    double pairs, triples, spread; /* t (t - 1)(t - 2), t (t - 1)(2 t + 5) */
} Ties;

static void add_tie(Ties *ties, double t)
{
    ties->pairs += t * (t - 1) / 2;
    ties->triples += t * (t - 1) * (t - 2);
    ties->spread += t * (t - 1) * (2 * t + 5);
}

static Ties ties_of(const Ranked *order, size_t n)
{
    Ties ties = { 0, 0, 0 };
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && order[to].key == order[from].key;) to++;
        add_tie(&ties, (double)(to - from));
    }
    return ties;
}

/* Merges both halves of y in rising order; exchanges of unequal values. */
static double merge(uint32_t *y, uint32_t *spare, size_t half, size_t n)
{
    size_t a = 0, b = half, k = 0;
    double exchanges = 0;
    while (a < half && b < n) {
        if (y[b] < y[a]) exchanges += (double)(half - a);
        spare[k++] = y[b] < y[a] ? y[b++] : y[a++];
    }
    while (a < half) spare[k++] = y[a++];
    while (b < n) spare[k++] = y[b++];
    memcpy(y, spare, n * sizeof *y);
    return exchanges;
}

static double count_exchanges(uint32_t *y, uint32_t *spare, size_t n)
{
    double exchanges = 0;
    for (size_t width = 1; width < n; width *= 2)
        for (size_t from = 0; from + width < n; from += 2 * width) {
            size_t size = from + 2 * width < n ? 2 * width : n - from;
            exchanges += merge(y + from, spare, width, size);
        }
    return exchanges;
}

static void finish(Correlation *out, const Ties *x, const Ties *y, double both, double discordant)
{
    double n = (double)out->n, all = n * (n - 1) / 2;
    double score = all - x->pairs - y->pairs + both - 2 * discordant;
    double scale = sqrt(all - x->pairs) * sqrt(all - y->pairs);
    double variance = (n * (n - 1) * (2 * n + 5) - x->spread - y->spread) / 18 +
                      2 * x->pairs * y->pairs / (n * (n - 1)) +
                      (n > 2 ? x->triples * y->triples / (9 * n * (n - 1) * (n - 2)) : 0);
    if (!(scale > 0)) return;
    out->r = fmax(-1, fmin(1, score / scale));
    if (n > 2 && variance > 0) out->p = 2 * gsl_cdf_ugaussian_Q(fabs(score) / sqrt(variance));
}

/* by_y: rows in order of y; by_x: places of by_y in order of x, equal ones in order of y. level: the number
 * of a row's distinct y, by place. */
static double ties_of_both(const Ranked *by_x, const uint32_t *level, size_t n)
{
    Ties both = { 0, 0, 0 };
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1;
             to < n && by_x[to].key == by_x[from].key && level[by_x[to].row] == level[by_x[from].row];)
            to++;
        add_tie(&both, (double)(to - from));
    }
    return both.pairs;
}

static void walk(Correlation *out, const Ranked *by_y, const Ranked *by_x, uint32_t *level, uint32_t *y,
                 uint32_t *spare)
{
    size_t n = out->n;
    for (size_t i = 0; i < n; i++) level[i] = i ? level[i - 1] + (by_y[i].key != by_y[i - 1].key) : 0;
    for (size_t i = 0; i < n; i++) y[i] = level[by_x[i].row];
    Ties of_x = ties_of(by_x, n), of_y = ties_of(by_y, n);
    finish(out, &of_x, &of_y, ties_of_both(by_x, level, n), count_exchanges(y, spare, n));
}

bool correlation_kendall(Correlation *out, const double *x, const double *y, size_t n, Err *err)
{
    *out = (Correlation){ NAN, NAN, n };
    if (n < 2) return true;
    Ranked *by_y = rank_sort(y, 1, n, err), *by_x = NULL;
    double *in_order = by_y ? mem_get(n, sizeof *in_order, err) : NULL;
    uint32_t *numbers = in_order ? mem_get(n, 3 * sizeof *numbers, err) : NULL;
    for (size_t i = 0; numbers && i < n; i++) in_order[i] = x[by_y[i].row];
    if (numbers) by_x = rank_sort(in_order, 1, n, err);
    if (by_x) walk(out, by_y, by_x, numbers, numbers + n, numbers + 2 * n);
    bool ok = by_x != NULL;
    mem_free(by_y);
    mem_free(by_x);
    mem_free(in_order);
    mem_free(numbers);
    return ok;
}
