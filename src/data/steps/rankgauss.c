/* SPDX-License-Identifier: GPL-3.0-or-later */
/* z = Phi^-1((r - 0.5) / n), r the rank of x among the n training values (Blom's kind of scores; ties share
 * their mean rank). 3 1 2 2 have the ranks 4 1 2.5 2.5 and become 1.150349 -1.150349 0 0. */
#include "data/steps/rankgauss.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <string.h>

enum { POINTS_MAX = 1001 };

static double score(double rank, size_t n)
{
    return gsl_cdf_ugaussian_Pinv((rank - 0.5) / (double)n);
}

/* The first place behind the run of equal values that begins at `from`. */
static size_t run_end(const double *sorted, size_t n, size_t from)
{
    size_t to = from + 1;
    while (to < n && sorted[to] == sorted[from]) to++;
    return to;
}

bool rankgauss_ranks(double *values, size_t n, Err *err)
{
    double *sorted = mem_get(n, sizeof *sorted, err), *scores = mem_get(n, sizeof *scores, err);
    size_t *places = mem_get(n, sizeof *places, err);
    bool ok = sorted && scores && places;
    if (ok) {
        gsl_sort_index(places, values, 1, n);
        for (size_t i = 0; i < n; i++) sorted[i] = values[places[i]];
        for (size_t from = 0, to; from < n; from = to) {
            to = run_end(sorted, n, from);
            for (size_t i = from; i < to; i++) scores[i] = score((double)(from + 1 + to) / 2, n);
        }
        for (size_t i = 0; i < n; i++) values[places[i]] = scores[i];
    }
    mem_free(sorted);
    mem_free(scores);
    mem_free(places);
    return ok;
}

/* Runs of equal values, from the first to the last, evenly spaced by number where there are too many. */
bool rankgauss_fit(double *values, size_t n, Arena *arena, Record *fitted, Err *err)
{
    size_t *runs = mem_get(n + 1, sizeof *runs, err), n_runs = 0;
    if (!runs) return false;
    gsl_sort(values, 1, n);
    for (size_t from = 0; from < n; from = run_end(values, n, from)) runs[n_runs++] = from;
    runs[n_runs] = n;
    size_t points = n_runs < POINTS_MAX ? n_runs : POINTS_MAX;
    Value list = value_list(arena, (int)points), ranks = value_list(arena, (int)points);
    for (size_t k = 0; k < points; k++) {
        size_t run = points > 1 ? k * (n_runs - 1) / (points - 1) : 0;
        list.list.items[k] = value_number(values[runs[run]]);
        ranks.list.items[k] = value_number(score((double)(runs[run] + 1 + runs[run + 1]) / 2, n));
    }
    mem_free(runs);
    record_set(arena, fitted, "values", list);
    record_set(arena, fitted, "ranks", ranks);
    return true;
}

static double interpolate(const double *x, const double *y, size_t n, double at)
{
    if (at <= x[0]) return y[0];
    if (at >= x[n - 1]) return y[n - 1];
    size_t low = 0, high = n - 1; /* x[low] <= at < x[high] */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (x[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return y[low] + (y[high] - y[low]) * ((at - x[low]) / (x[high] - x[low]));
}

bool rankgauss_apply(const Record *fitted, FeatureSet *set, int i, Err *err)
{
    ValueList values, ranks;
    double x[POINTS_MAX], y[POINTS_MAX], *cells = set->items[i].numbers;
    if (!state_list(fitted, "values", VALUE_NUMBER, &values) ||
        !state_list(fitted, "ranks", VALUE_NUMBER, &ranks) || values.n != ranks.n || values.n < 1 ||
        values.n > POINTS_MAX)
        return state_bad(&set->items[i], err);
    for (int k = 0; k < values.n; k++) {
        x[k] = values.items[k].number;
        y[k] = ranks.items[k].number;
        if (k > 0 && !(x[k] > x[k - 1])) return state_bad(&set->items[i], err);
    }
    for (size_t row = 0; row < set->n_rows; row++)
        if (cells[row] == cells[row]) cells[row] = interpolate(x, y, (size_t)values.n, cells[row]);
    return true;
}
