/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/cutoff.h"

#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

static double cost_of(double constant, const double *amounts, size_t row)
{
    return amounts ? amounts[row] : constant;
}

/* The row is said to be an event from here on. */
static void say_event(Cutoff *cut, const Scored *scored, const CutoffCosts *costs, size_t row)
{
    double w = scored_weight(scored, row), y = scored->target[row];
    cut->cells.tp += w * y;
    cut->cells.fn -= w * y;
    cut->cells.fp += w * (1 - y);
    cut->cells.tn -= w * (1 - y);
    if (!costs) return;
    cut->cost +=
        w * y * (cost_of(costs->tp, costs->tp_amount, row) - cost_of(costs->fn, costs->fn_amount, row));
    cut->cost +=
        w * (1 - y) * (cost_of(costs->fp, costs->fp_amount, row) - cost_of(costs->tn, costs->tn_amount, row));
}

static Cutoff say_none(const Scored *scored, const CutoffCosts *costs)
{
    Cutoff cut = { .score = INFINITY };
    for (size_t i = 0; i < scored->n; i++) {
        double w = scored_weight(scored, i), y = scored->target[i];
        cut.cells.fn += w * y;
        cut.cells.tn += w * (1 - y);
        if (costs)
            cut.cost += w * y * cost_of(costs->fn, costs->fn_amount, i) +
                        w * (1 - y) * cost_of(costs->tn, costs->tn_amount, i);
    }
    return cut;
}

size_t cutoff_curve(const Scored *scored, const CutoffCosts *costs, Cutoff *out)
{
    size_t n = 1, width = (size_t)scored->n_outputs;
    Ranked *order = rank_sort(scored->score + width - 1, width, scored->n, NULL);
    if (!order || scored->n == 0 || isnan(scored_event(scored, order[scored->n - 1].row))) {
        mem_free(order);
        return 0;
    }
    Cutoff cut = say_none(scored, costs);
    out[0] = cut;
    for (size_t k = scored->n; k-- > 0;) {
        size_t row = order[k].row;
        cut.score = scored_event(scored, row);
        say_event(&cut, scored, costs, row);
        if (k > 0 && scored_event(scored, order[k - 1].row) == cut.score) continue;
        out[n++] = cut;
    }
    double highest = out[1].score;
    out[0].score = nextafter(highest, INFINITY);
    mem_free(order);
    return cut.cells.tp + cut.cells.fp > 0 ? n : 0;
}

double cutoff_value(CutoffRule rule, double rate, const Cutoff *cut)
{
    const Cells *c = &cut->cells;
    double youden = c->tp / (c->tp + c->fn) - c->fp / (c->fp + c->tn);
    switch (rule) {
    case CUTOFF_COST: return -cut->cost;
    case CUTOFF_KS: return fabs(youden);
    case CUTOFF_YOUDEN: return youden;
    case CUTOFF_F1: return 2 * c->tp / (2 * c->tp + c->fp + c->fn);
    case CUTOFF_RATE: return -fabs((c->tp + c->fp) / (c->tp + c->fp + c->fn + c->tn) - rate);
    }
    return NAN;
}

size_t cutoff_best(CutoffRule rule, double rate, const Cutoff *cuts, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        double here = cutoff_value(rule, rate, &cuts[i]), there = cutoff_value(rule, rate, &cuts[best]);
        if (here > there + 1e-12 * fabs(there)) best = i;
    }
    return best;
}

size_t cutoff_at(const Cutoff *cuts, size_t n, double score)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(cuts[middle].score >= score ? &low : &high) = middle;
    }
    return low;
}

double cutoff_bayes(const CutoffCosts *costs)
{
    if (costs->fn_amount || costs->fp_amount || costs->tp_amount || costs->tn_amount) return NAN;
    double alarm = costs->fp - costs->tn, miss = costs->fn - costs->tp;
    return alarm / (alarm + miss);
}
