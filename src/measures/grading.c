/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/grading.h"

#include <math.h>

#include "measures/pav.h"
#include "measures/rank.h"
#include "measures/scored.h"

#define TAIL  0.01
#define FLOOR 1e-6 /* log-odds steps begin here where the least scores are 0 */

/* ---- cuts */

static double logit(double p)
{
    p = fmin(fmax(p, FLOOR), 1 - FLOOR);
    return log(p / (1 - p));
}

/* The score at a share of the rows, from the least up. */
static double score_at(const Scored *scored, const Ranked *order, double share)
{
    size_t place = (size_t)(share * (double)(scored->n - 1) + 0.5);
    return scored_event(scored, order[place].row);
}

static int add_cut(double *cuts, int n, double cut, double least, double most)
{
    if (!(cut > least && cut <= most) || (n && !(cut > cuts[n - 1]))) return n;
    cuts[n] = cut;
    return n + 1;
}

static int cuts_by_count(const Scored *scored, int n, double least, double most, double *cuts)
{
    Band bands[BANDS_MAX];
    int found = 0;
    if (!bands_by_mass(scored, n, bands)) return 0;
    for (int k = 1; k < n; k++)
        if (bands[k].n > 0) found = add_cut(cuts, found, bands[k].low, least, most);
    return found;
}

int grading_cuts(GradingMethod method, const Scored *scored, int n, double *cuts)
{
    size_t width = (size_t)scored->n_outputs;
    Ranked *order = scored->n ? rank_sort(scored->score + width - 1, width, scored->n, NULL) : NULL;
    if (!order) return 0;
    double least = score_at(scored, order, 0), most = score_at(scored, order, 1);
    double low = logit(score_at(scored, order, TAIL)), high = logit(score_at(scored, order, 1 - TAIL));
    int found = 0;
    mem_free(order);
    if (method == GRADING_COUNT) return cuts_by_count(scored, n, least, most, cuts);
    for (int k = 1; k < n; k++) {
        double share = (double)k / n, eta = low + (high - low) * share;
        double cut = method == GRADING_EQUAL ? least + (most - least) * share : 1 / (1 + exp(-eta));
        found = add_cut(cuts, found, cut, least, most);
    }
    return found;
}

/* ---- grades */

void grading_fill(const Scored *scored, const double *cuts, int n, Band *out)
{
    for (int k = 0; k < n; k++) out[k] = (Band){ .low = NAN, .high = NAN };
    for (size_t i = 0; i < scored->n; i++) {
        double p = scored_event(scored, i), w = scored_weight(scored, i);
        int k = 0;
        while (k < n - 1 && p >= cuts[k]) k++;
        out[k].n += w;
        out[k].events += w * scored->target[i];
        out[k].sum += w * p;
        out[k].low = fmin(out[k].low, p);
        out[k].high = fmax(out[k].high, p);
    }
}

static Band joined(Band a, Band b)
{
    return (Band){ a.n + b.n, a.events + b.events, a.sum + b.sum, fmin(a.low, b.low), fmax(a.high, b.high) };
}

/* Grades with rows alone; the cut of one is where it begins. */
static int drop_empty(Band *bands, double *cuts, int n)
{
    int kept = 0;
    for (int k = 0; k < n; k++) {
        if (!(bands[k].n > 0)) continue;
        if (kept) cuts[kept - 1] = cuts[k - 1];
        bands[kept++] = bands[k];
    }
    return kept;
}

int grading_join(Band *bands, double *cuts, int n)
{
    double rate[BANDS_MAX], weight[BANDS_MAX];
    size_t start[BANDS_MAX];
    n = drop_empty(bands, cuts, n);
    for (int k = 0; k < n; k++) {
        rate[k] = bands[k].events / bands[k].n;
        weight[k] = bands[k].n;
    }
    int blocks = (int)pav_blocks(rate, weight, start, (size_t)n);
    for (int b = 0; b < blocks; b++) {
        int from = (int)start[b], to = b + 1 < blocks ? (int)start[b + 1] : n;
        Band all = bands[from];
        for (int k = from + 1; k < to; k++) all = joined(all, bands[k]);
        if (b) cuts[b - 1] = cuts[from - 1];
        bands[b] = all;
    }
    return blocks;
}

double grading_herfindahl(const Band *bands, int n)
{
    double all = 0, squares = 0;
    for (int k = 0; k < n; k++) all += bands[k].n;
    for (int k = 0; k < n; k++) squares += bands[k].n / all * (bands[k].n / all);
    return squares;
}

double grading_concentration(const Band *bands, int n)
{
    double beyond = grading_herfindahl(bands, n) - 1.0 / n;
    return n > 1 ? (fabs(beyond) < 1e-12 ? 0 : beyond / (1 - 1.0 / n)) : NAN;
}
