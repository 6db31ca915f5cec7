/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AUC by mid-ranks (Mann-Whitney). IV = sum (b - g) ln(b / g) with the shares b of the events and g of the
 * others in each bin: numbers in ten bins of equal mass that never divide equal values, categories by level,
 * missing cells a bin of their own. Events 10 and 30, others 40 and 20 give 0.7466 (shares 1/4 3/4, 2/3 1/3).
 */
#include "data/looking/screen.h"

#include <math.h>

#include "data/looking/profile.h"
#include "measures/rank.h"

enum { LEVELS_MAX = 1 << 16 };

double screen_iv(const double *events, const double *others, int n_bins)
{
    double all_events = 0, all_others = 0, iv = 0;
    for (int b = 0; b < n_bins; b++) {
        all_events += events[b];
        all_others += others[b];
    }
    if (!(all_events > 0) || !(all_others > 0)) return NAN;
    for (int b = 0; b < n_bins; b++) {
        double half = events[b] > 0 && others[b] > 0 ? 0 : 0.5;
        if (events[b] + others[b] == 0) continue;
        double p = (events[b] + half) / all_events, q = (others[b] + half) / all_others;
        iv += (p - q) * log(p / q);
    }
    return iv;
}

typedef struct Counts {
    double *events, *others; /* (n_bins) */
    int n_bins;
} Counts;

static void finish(Screening *out, const Counts *counts)
{
    double events = 0, others = 0;
    int bins = 0;
    for (int b = 0; b < counts->n_bins; b++) {
        events += counts->events[b];
        others += counts->others[b];
        bins += counts->events[b] + counts->others[b] > 0;
    }
    out->bins = bins;
    out->iv = screen_iv(counts->events, counts->others, counts->n_bins);
    out->chance = (bins - 1) * (1 / events + 1 / others);
}

static void count_levels(const Column *column, const Frame *frame, const uint32_t *rows, const double *y,
                         size_t n, Counts *counts)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t code = column->codes[frame_physical(frame, rows[i])];
        if (isnan(y[i])) continue;
        counts->events[code] += y[i];
        counts->others[code] += 1 - y[i];
    }
}

static bool screen_levels(Screening *out, const Frame *frame, int column, const uint32_t *rows,
                          const double *y, size_t n, Err *err)
{
    const Column *cells = frame->columns[column].column;
    if (cells->levels->n > LEVELS_MAX) return true;
    Counts counts = { NULL, NULL, (int)cells->levels->n + 1 };
    counts.events = mem_get((size_t)counts.n_bins, sizeof *counts.events, err);
    counts.others = mem_get((size_t)counts.n_bins, sizeof *counts.others, err);
    bool ok = counts.events && counts.others;
    if (ok) {
        count_levels(cells, frame, rows, y, n, &counts);
        finish(out, &counts);
    }
    mem_free(counts.events);
    mem_free(counts.others);
    return ok;
}

/* Walks the values upwards: rank sums for the AUC; the bin of a value is the tenth in which the first of its
 * equals stands. */
static void walk_values(Screening *out, const Ranked *order, size_t n, const double *y, Counts *counts)
{
    double events = 0, others = 0, wins = 0;
    for (size_t i = 0; i < n;) {
        size_t bin = i * SCREEN_BINS / n;
        double here = 0, rest = 0;
        uint64_t key = order[i].key;
        for (; i < n && order[i].key == key; i++) {
            here += y[order[i].row];
            rest += 1 - y[order[i].row];
        }
        wins += here * (others + rest / 2);
        events += here;
        others += rest;
        counts->events[bin] += here;
        counts->others[bin] += rest;
    }
    out->auc = events > 0 && others > 0 ? wins / (events * others) : NAN;
}

static bool screen_numbers(Screening *out, const Frame *frame, int column, const uint32_t *rows,
                           const double *y, size_t n, Err *err)
{
    const Column *cells = frame->columns[column].column;
    double events[SCREEN_BINS + 1] = { 0 }, others[SCREEN_BINS + 1] = { 0 };
    double *x = mem_get(n, sizeof *x, err), *labels = x ? mem_get(n, sizeof *labels, err) : NULL;
    Counts counts = { events, others, SCREEN_BINS + 1 };
    size_t kept = 0;
    for (size_t i = 0; labels && i < n; i++) {
        double value = column_number(cells, frame_physical(frame, rows[i]));
        if (isnan(y[i])) continue;
        if (isnan(value)) {
            events[SCREEN_BINS] += y[i];
            others[SCREEN_BINS] += 1 - y[i];
            continue;
        }
        x[kept] = value;
        labels[kept++] = y[i];
    }
    Ranked *order = labels ? rank_sort(x, 1, kept, err) : NULL;
    if (order) {
        walk_values(out, order, kept, labels, &counts);
        finish(out, &counts);
    }
    mem_free(x);
    mem_free(labels);
    mem_free(order);
    return order != NULL;
}

bool screen_column(Screening *out, const Frame *frame, int column, const uint32_t *rows, const double *y,
                   size_t n, Err *err)
{
    const Column *cells = frame->columns[column].column;
    *out = (Screening){ NAN, NAN, NAN, 0 };
    if (cells->type == COLUMN_CATEGORY) return screen_levels(out, frame, column, rows, y, n, err);
    if (column_is_numeric(cells)) return screen_numbers(out, frame, column, rows, y, n, err);
    return true;
}
