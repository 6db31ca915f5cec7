/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joins of several results: y = (a, b, ..) along the last dimension, or element by element the sum, mean,
 * product or largest (of equal ones the first takes the gradient). Of a = 2, b = 5: sum 7, mean 3.5,
 * product 10, max 5. */
#include "model/joins.h"

#include <stdio.h>
#include <string.h>

static Merge merge_of(const LayerPlan *plan);

/* ---- shapes */

static size_t last(Shape shape)
{
    return shape.dims[shape.n_dims - 1];
}

static bool differs(LayerPlan *plan, int k, bool but_last, Err *err)
{
    char needs[160], shape[96];
    snprintf(needs, sizeof needs, "%s, as %s gives%s", shape_text(plan->ins[0], shape), plan->froms[0],
             but_last ? " (but for the last number)" : "");
    plan->in = plan->ins[k];
    plan->from = plan->froms[k];
    return plan_mismatch(plan, needs, err);
}

static bool shape_same(LayerPlan *plan, Err *err)
{
    for (int k = 1; k < plan->n_sources; k++)
        if (!shape_equal(plan->ins[k], plan->ins[0])) return differs(plan, k, false, err);
    plan->out = plan->in;
    return true;
}

static bool shape_concat(LayerPlan *plan, Err *err)
{
    plan->out = plan->in;
    size_t *sum = &plan->out.dims[plan->out.n_dims - 1];
    for (int k = 1; k < plan->n_sources; k++) {
        Shape other = plan->ins[k];
        if (other.n_dims == plan->in.n_dims) other.dims[other.n_dims - 1] = last(plan->in);
        if (!shape_equal(other, plan->in)) return differs(plan, k, true, err);
        *sum += last(plan->ins[k]);
    }
    return true;
}

/* ---- concatenation */

static void forward_concat(const LayerPlan *plan, const LayerRun *run)
{
    size_t width = last(plan->out), rows = run->batch * (shape_size(plan->out) / width), at = 0;
    for (int k = 0; k < plan->n_sources; k++) {
        size_t own = last(plan->ins[k]);
        const real *in = run->ins[k] + run->first_row * shape_size(plan->ins[k]);
        for (size_t i = 0; i < rows; i++) memcpy(run->out + i * width + at, in + i * own, own * sizeof(real));
        at += own;
    }
}

static void backward_concat(const LayerPlan *plan, const LayerRun *run)
{
    size_t width = last(plan->out), rows = run->batch * (shape_size(plan->out) / width), at = 0;
    for (int k = 0; k < plan->n_sources; k++) {
        size_t own = last(plan->ins[k]);
        real *din = run->dins[k] ? run->dins[k] + run->first_row * shape_size(plan->ins[k]) : NULL;
        for (size_t i = 0; din && i < rows; i++)
            for (size_t j = 0; j < own; j++) {
                real d = run->dout[i * width + at + j];
                din[i * own + j] = run->adds[k] ? din[i * own + j] + d : d;
            }
        at += own;
    }
}

/* ---- element by element */

static void forward_same(const LayerPlan *plan, const LayerRun *run)
{
    Merge merge = merge_of(plan);
    size_t size = shape_size(plan->out), first = run->first_row * size, n = run->batch * size;
    real *out = run->out, share = 1 / (real)plan->n_sources;
    memcpy(out, run->ins[0] + first, n * sizeof(real));
    for (int k = 1; k < plan->n_sources; k++) {
        const real *in = run->ins[k] + first;
        if (merge == MERGE_PRODUCT)
            for (size_t i = 0; i < n; i++) out[i] *= in[i];
        else if (merge == MERGE_MAX)
            for (size_t i = 0; i < n; i++) out[i] = in[i] <= out[i] ? out[i] : in[i];
        else
            for (size_t i = 0; i < n; i++) out[i] += in[i];
    }
    for (size_t i = 0; merge == MERGE_MEAN && i < n; i++) out[i] *= share;
}

/* d out / d source k at place i. */
static real slope(const LayerPlan *plan, const LayerRun *run, Merge merge, int k, size_t first, size_t i)
{
    if (merge == MERGE_SUM) return 1;
    if (merge == MERGE_MEAN) return 1 / (real)plan->n_sources;
    real product = 1;
    for (int j = 0; merge == MERGE_PRODUCT && j < plan->n_sources; j++)
        if (j != k) product *= run->ins[j][first + i];
    if (merge == MERGE_PRODUCT) return product;
    int winner = 0;
    while (winner < plan->n_sources - 1 && run->ins[winner][first + i] != run->out[i]) winner++;
    return (real)(winner == k);
}

static void backward_same(const LayerPlan *plan, const LayerRun *run)
{
    Merge merge = merge_of(plan);
    size_t size = shape_size(plan->out), first = run->first_row * size, n = run->batch * size;
    for (int k = 0; k < plan->n_sources; k++) {
        real *din = run->dins[k] ? run->dins[k] + first : NULL;
        for (size_t i = 0; din && i < n; i++) {
            real d = run->dout[i] * slope(plan, run, merge, k, first, i);
            din[i] = run->adds[k] ? din[i] + d : d;
        }
    }
}

/* ---- the kinds */

#define JOIN(word, text, shaper, way)                                                                        \
    {                                                                                                        \
        .kind = { .name = word, .help = text, .since = "1" }, .shape = shaper, .forward = forward_##way,     \
        .backward = backward_##way                                                                           \
    }

static const LayerKind kinds[MERGE_COUNT] = {
    [MERGE_CONCAT] = JOIN("concat", "results side by side, along the last dimension", shape_concat, concat),
    [MERGE_SUM] = JOIN("sum", "element by element, the sum", shape_same, same),
    [MERGE_MEAN] = JOIN("mean", "element by element, the mean", shape_same, same),
    [MERGE_PRODUCT] = JOIN("product", "element by element, the product", shape_same, same),
    [MERGE_MAX] = JOIN("max", "element by element, the largest", shape_same, same),
};

const LayerKind *join_kind(Merge merge)
{
    return &kinds[merge];
}

static Merge merge_of(const LayerPlan *plan)
{
    return (Merge)(plan->def->kind - kinds);
}

const char *merge_word(Merge merge)
{
    return kinds[merge].kind.name;
}

bool merge_parse(const char *word, Merge *out)
{
    for (int i = 0; i < MERGE_COUNT; i++)
        if (text_equal(word, kinds[i].kind.name)) return *out = (Merge)i, true;
    return false;
}
