/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/explainer.h"

#include <string.h>

enum { BLOCK_ROWS = 16384 }; /* whose inputs are in memory at a time */

/* ---- what can be explained */

static const char *ending(const Net *net)
{
    const LayerPlan *last = &net->plan->layers[net->plan->n_layers - 1];
    return last->activation ? last->activation->kind.name : "linear";
}

bool explainer_has_link(const Model *model)
{
    const Net *net = model_net(model);
    if (!model->prep) return false;
    if (!net) return model->kind->coefficients && model->prep->target_kind == 'b';
    if (!net->plan) return false;
    if (net_outputs(net) == 1) return model->prep->target_kind == 'b' && text_equal(ending(net), "sigmoid");
    return model->prep->target_kind != 'n' && text_equal(ending(net), "softmax");
}

static bool check(const Model *model, bool link, Err *err)
{
    const Net *net = model_net(model);
    const char *kind = model->kind->name;
    if (net && (!net->params || !net->plan || !model->prep)) return ERR(err, not_prepared, model->name);
    if (!model->prep || (!net && !model->kind->coefficients))
        return ERR(err, not_explained, model->name,
                   text_equal(kind, "score") ? "it is a column of scores"
                   : text_equal(kind, "crossvalidation")
                       ? "it is a net for each fold, each with its own recipe"
                       : kind);
    return !link || explainer_has_link(model) || ERR(err, explain_no_link, model->name);
}

/* Columns in the order of the first input that came from each. */
static void group_inputs(Explainer *explainer)
{
    const Prep *prep = explainer->prep;
    size_t n = (size_t)prep->n_features;
    explainer->group = arena_take(explainer->arena, n * sizeof *explainer->group + 1);
    explainer->columns = arena_take(explainer->arena, n * sizeof *explainer->columns + 1);
    for (size_t j = 0; j < n; j++) {
        int g = explainer->n_columns - 1;
        while (g >= 0 && strcmp(explainer->columns[g], prep->feature_from[j])) g--;
        if (g < 0) explainer->columns[g = explainer->n_columns++] = prep->feature_from[j];
        explainer->group[j] = g;
    }
}

Explainer *explainer_new(const Model *model, int output, bool link, Err *err)
{
    if (!check(model, link, err)) return NULL;
    Arena *arena = arena_new();
    Explainer *explainer = arena_take(arena, sizeof *explainer);
    *explainer = (Explainer){
        .arena = arena, .model = model_ref(model), .prep = model->prep, .net = model_net(model), .link = link
    };
    if (!explainer->net) explainer->coefficients = model->kind->coefficients(model);
    if (explainer->net && net_outputs(explainer->net) > 1)
        explainer->output = model->prep->target_kind == 'n' ? explainer->net->point : output;
    explainer->reference = arena_take(arena, (size_t)model->prep->n_features * sizeof(real) + 1);
    group_inputs(explainer);
    return explainer;
}

void explainer_free(Explainer *explainer)
{
    if (!explainer) return;
    model_unref(explainer->model);
    arena_free(explainer->arena);
}

/* ---- reference inputs */

typedef struct Mean {
    size_t width, n;
    double *sum;     /* (width) */
    size_t **counts; /* of each input that is a code: how often each; else NULL */
} Mean;

static void open_mean(Mean *mean, const Prep *prep, Arena *arena)
{
    mean->width = (size_t)prep->n_features;
    mean->sum = arena_take(arena, mean->width * sizeof *mean->sum + 1);
    mean->counts = arena_take(arena, mean->width * sizeof *mean->counts + 1);
    for (size_t j = 0; prep->feature_levels && j < mean->width; j++)
        if (prep->feature_levels[j])
            mean->counts[j] = arena_take(arena, ((size_t)prep->feature_levels[j] + 1) * sizeof(size_t));
}

static void add_rows(Mean *mean, const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < mean->width; j++) {
            double value = (double)x[i * mean->width + j];
            mean->sum[j] += value;
            if (mean->counts[j]) mean->counts[j][(size_t)value]++;
        }
    mean->n += n;
}

static real commonest(const size_t *counts, int n_levels)
{
    int best = 0;
    for (int k = 1; k <= n_levels; k++)
        if (counts[k] > counts[best]) best = k;
    return (real)best;
}

static void take_mean(const Mean *mean, Explainer *explainer)
{
    for (size_t j = 0; j < mean->width; j++)
        explainer->reference[j] = mean->counts[j]
                                      ? commonest(mean->counts[j], explainer->prep->feature_levels[j])
                                      : (real)(mean->sum[j] / (double)mean->n);
}

bool explainer_use_mean(Explainer *explainer, const Frame *frame, const uint32_t *rows, size_t n,
                        Progress *progress, Err *err)
{
    const Prep *prep = explainer->prep;
    size_t block = prep_block(prep, BLOCK_ROWS, n);
    Mean mean = { 0 };
    Arena *arena = arena_new();
    open_mean(&mean, prep, arena);
    real *x = n ? mem_get(block, mean.width * sizeof(real), err) : NULL;
    bool done = x != NULL || n == 0;
    for (size_t from = 0, count; done && from < n; from += count) {
        count = n - from < block ? n - from : block;
        done = progress_poll(progress, "reference", (double)from, (double)n, err) &&
               prep_apply(prep, frame, rows + from, count, x, NULL, NULL, err);
        if (done) add_rows(&mean, x, count);
    }
    if (done && n) take_mean(&mean, explainer);
    mem_free(x);
    arena_free(arena);
    return done;
}

bool explainer_use_row(Explainer *explainer, const Frame *frame, uint32_t row, Err *err)
{
    return prep_apply(explainer->prep, frame, &row, 1, explainer->reference, NULL, NULL, err);
}
