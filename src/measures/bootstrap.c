/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "measures/rank.h"
#include "measures/scored.h"
#include "numeric/rng.h"

enum { DRAWS_A_PIECE = 10 };

/* What all draws read. */
typedef struct Ready {
    const BootstrapPlan *plan;
    size_t n;
    RngKey key;
    uint32_t *rows; /* (n): those of the first stratum, then the others */
    size_t n_first;
    Scored *models;         /* with orders */
    const Ranked ***orders; /* (n_models, outputs) */
    Ranked **owned;
    int n_owned;
    double **terms; /* (n_models, n_metrics): each (n), or NULL */
    double *out;
} Ready;

/* ---- getting ready */

static int n_orders(const Scored *model)
{
    return scored_has_two_levels(model) ? 1 : model->n_outputs;
}

static bool order_model(Ready *ready, int m, Err *err)
{
    Scored *model = &ready->models[m];
    size_t stride = (size_t)model->n_outputs;
    int n = n_orders(model);
    ready->orders[m] = mem_get((size_t)n, sizeof **ready->orders, err);
    for (int k = 0; ready->orders[m] && k < n; k++) {
        size_t output = n == 1 ? stride - 1 : (size_t)k;
        Ranked *ranked = rank_sort(model->score + output, stride, ready->n, err);
        if (!ranked) return false;
        ready->owned[ready->n_owned++] = ranked;
        ready->orders[m][k] = ranked;
    }
    model->orders = ready->orders[m];
    return model->orders != NULL;
}

static bool order_models(Ready *ready, Err *err)
{
    size_t n_models = (size_t)ready->plan->n_models, most = 0;
    for (size_t m = 0; m < n_models; m++) most += (size_t)n_orders(&ready->plan->models[m]);
    ready->models = mem_get(n_models, sizeof *ready->models, err);
    ready->orders = mem_get(n_models, sizeof *ready->orders, err);
    ready->owned = mem_get(most, sizeof *ready->owned, err);
    if (!ready->models || !ready->orders || !ready->owned) return false;
    memcpy(ready->models, ready->plan->models, n_models * sizeof *ready->models);
    for (size_t m = 0; ready->plan->kind != 'n' && m < n_models; m++)
        if (!order_model(ready, (int)m, err)) return false;
    return true;
}

/* Terms of the metrics that are means, computed once; a metric that is not defined stays without. */
static bool take_terms(Ready *ready, Err *err)
{
    const BootstrapPlan *plan = ready->plan;
    size_t n_metrics = (size_t)plan->n_metrics;
    ready->terms = mem_get((size_t)plan->n_models * n_metrics, sizeof *ready->terms, err);
    for (size_t at = 0; ready->terms && at < (size_t)plan->n_models * n_metrics; at++) {
        const Metric *metric = plan->metrics[at % n_metrics];
        const Scored *model = &ready->models[at / n_metrics];
        if (!metric->term || isnan(metric->value(model))) continue;
        if (!(ready->terms[at] = mem_get(ready->n, sizeof(double), err))) return false;
        for (size_t i = 0; i < ready->n; i++) ready->terms[at][i] = metric->term(model, i);
    }
    return ready->terms != NULL;
}

/* Events first where targets are classes; one stratum otherwise, and of expected labels. */
static bool divide(Ready *ready, Err *err)
{
    const Scored *model = &ready->plan->models[0];
    bool classes = ready->plan->kind == 'b';
    size_t n = ready->n, first = 0, last = n;
    if (!(ready->rows = mem_get(n, sizeof *ready->rows, err))) return false;
    for (size_t i = 0; i < n && classes; i++) classes = model->target[i] == 0 || model->target[i] == 1;
    for (size_t i = 0; i < n; i++) {
        if (!classes || model->target[i] == 1)
            ready->rows[first++] = (uint32_t)i;
        else
            ready->rows[--last] = (uint32_t)i;
    }
    ready->n_first = first;
    return true;
}

static void close_ready(Ready *ready)
{
    size_t n_models = (size_t)ready->plan->n_models;
    for (int i = 0; i < ready->n_owned; i++) mem_free(ready->owned[i]);
    for (size_t m = 0; ready->orders && m < n_models; m++) mem_free(ready->orders[m]);
    for (size_t at = 0; ready->terms && at < n_models * (size_t)ready->plan->n_metrics; at++)
        mem_free(ready->terms[at]);
    mem_free(ready->terms);
    mem_free(ready->orders);
    mem_free(ready->owned);
    mem_free(ready->models);
    mem_free(ready->rows);
}

/* ---- drawing */

typedef struct Scratch {
    double *weight;  /* (n) */
    uint32_t *draws; /* (n) */
} Scratch;

static void draw_stratum(const Ready *ready, uint64_t major, size_t from, size_t n, const Scratch *scratch)
{
    if (n == 0) return;
    rng_below(ready->key, major, (uint32_t)n, scratch->draws, n);
    for (size_t i = 0; i < n; i++) scratch->weight[ready->rows[from + scratch->draws[i]]] += 1;
}

static void draw_weights(const Ready *ready, size_t draw, const Scratch *scratch)
{
    const double *own = ready->plan->models[0].weight;
    memset(scratch->weight, 0, ready->n * sizeof *scratch->weight);
    draw_stratum(ready, 2 * draw, 0, ready->n_first, scratch);
    draw_stratum(ready, 2 * draw + 1, ready->n_first, ready->n - ready->n_first, scratch);
    for (size_t i = 0; own && i < ready->n; i++) scratch->weight[i] *= own[i];
}

/* Four sums in a fixed order. */
static double mean_of_terms(const double *terms, const double *weight, size_t n)
{
    double sums[4] = { 0 }, weights[4] = { 0 };
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) {
            sums[k] += weight[i + k] * terms[i + k];
            weights[k] += weight[i + k];
        }
    for (; i < n; i++) {
        sums[0] += weight[i] * terms[i];
        weights[0] += weight[i];
    }
    return (sums[0] + sums[1] + (sums[2] + sums[3])) / (weights[0] + weights[1] + (weights[2] + weights[3]));
}

static void judge_draw(const Ready *ready, size_t draw, const Scratch *scratch)
{
    const BootstrapPlan *plan = ready->plan;
    for (int m = 0; m < plan->n_models; m++) {
        Scored model = ready->models[m];
        model.weight = scratch->weight;
        for (int i = 0; i < plan->n_metrics; i++) {
            size_t at = (size_t)m * (size_t)plan->n_metrics + (size_t)i;
            const double *terms = ready->terms[at];
            ready->out[at * (size_t)plan->draws + draw] =
                terms ? mean_of_terms(terms, scratch->weight, ready->n) : plan->metrics[i]->value(&model);
        }
    }
}

static bool run_piece(void *context, size_t piece, bool first_thread, Err *err)
{
    const Ready *ready = context;
    size_t draws = (size_t)ready->plan->draws, from = piece * DRAWS_A_PIECE;
    size_t end = from + DRAWS_A_PIECE < draws ? from + DRAWS_A_PIECE : draws;
    Scratch scratch = { mem_get(ready->n, sizeof(double), err), NULL };
    if (scratch.weight) scratch.draws = mem_get(ready->n, sizeof *scratch.draws, err);
    bool ok = scratch.draws != NULL;
    if (ok && first_thread && ready->plan->progress)
        ok = progress_poll(ready->plan->progress, "resampling", (double)from, (double)draws, err);
    for (size_t draw = from; ok && draw < end; draw++) {
        draw_weights(ready, draw, &scratch);
        judge_draw(ready, draw, &scratch);
    }
    mem_free(scratch.weight);
    mem_free(scratch.draws);
    return ok;
}

bool bootstrap_run(const BootstrapPlan *plan, double *out, Err *err)
{
    Ready ready = {
        .plan = plan, .n = plan->models[0].n, .key = rng_key(plan->seed, "bootstrap", ""), .out = out
    };
    size_t pieces = ((size_t)plan->draws + DRAWS_A_PIECE - 1) / DRAWS_A_PIECE;
    bool ok = order_models(&ready, err) && take_terms(&ready, err) && divide(&ready, err) &&
              parallel_for(pieces, progress_threads(plan->progress), run_piece, &ready, err);
    close_ready(&ready);
    return ok;
}

/* ---- from draws to intervals */

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t low = (size_t)at, high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]);
}

bool bootstrap_interval(double *draws, size_t n, double level, Interval *out)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(draws[i])) draws[known++] = draws[i];
    if (known < 2 || 10 * (n - known) > n) return false;
    qsort(draws, known, sizeof *draws, rising);
    *out = (Interval){ quantile(draws, known, (1 - level) / 2), quantile(draws, known, (1 + level) / 2) };
    return true;
}

double bootstrap_p(const double *draws, size_t n)
{
    size_t below = 0, above = 0, known = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(draws[i])) continue;
        known++;
        below += draws[i] <= 0;
        above += draws[i] >= 0;
    }
    size_t tail = below < above ? below : above;
    return known ? fmin(1, 2 * (double)(tail + 1) / (double)(known + 1)) : NAN;
}
