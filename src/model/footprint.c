/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/footprint.h"

#include "model/score.h"
#include "model/workspace.h"

enum { COPIES = 4, STATES = 3 }; /* that training keeps of the weights, of the moments */
enum { FULL_VECTORS = 13 };      /* at most, of GSL's minimisers: doubles */

Footprint footprint_train(const Plan *plan, const OptimizerKind *optimizer, size_t batch, size_t n_valid,
                          size_t copies)
{
    double n = (double)plan->n_weights, all = n + (double)plan->n_stats;
    Footprint f = { .batch = batch, .parameters = plan->n_weights, .one = all * sizeof(real) };
    f.weights = (double)(COPIES + copies) * f.one;
    f.gradients = (plan_transposes(plan) ? 2 : 1) * n * sizeof(real);
    f.moments = STATES * (double)optimizer->n_slots * n * sizeof(real);
    if (optimizer->minimiser) f.moments = FULL_VECTORS * n * sizeof(double);
    f.activations = (double)workspace_bytes(plan, batch, true);
    if (n_valid) f.activations += (double)workspace_bytes(plan, scorer_rows(plan, n_valid), false);
    f.total = f.weights + f.gradients + f.moments + f.activations;
    return f;
}

void footprint_write(Buf *out, const Footprint *f)
{
    char weights[40], gradients[40], moments[40], activations[40];
    buf_printf(out, "weights %s, gradients %s, moments %s, activations of a batch of %zu %s",
               bytes_text(f->weights, weights), bytes_text(f->gradients, gradients),
               bytes_text(f->moments, moments), f->batch, bytes_text(f->activations, activations));
}

static const LayerPlan *heaviest(const Plan *plan)
{
    const LayerPlan *most = plan->layers;
    for (int i = 1; i < plan->n_layers; i++)
        if (plan->layers[i].n_weights > most->n_weights) most = &plan->layers[i];
    return most;
}

/* Always false, for its callers to return. */
static bool say_layer(const Plan *plan, const char *instead, Err *err)
{
    const LayerPlan *most = heaviest(plan);
    double share = 100 * (double)most->n_weights / (double)(plan->n_weights ? plan->n_weights : 1);
    return err_hint(err, "a smaller %s, which has %.0f%% of the parameters%s", most->def->name, share,
                    instead);
}

static bool say_what_helps(const Footprint *f, const Plan *plan, Err *err)
{
    if (f->activations > f->total / 2 && f->batch > 1)
        return err_hint(err, "a smaller batch: its activations take %.0f%% of this",
                        100 * f->activations / f->total);
    return say_layer(plan, f->moments > 0 ? ", or optimizer=sgd, which keeps no moments" : "", err);
}

bool footprint_fits(const Footprint *f, const Plan *plan, Err *err)
{
    Buf parts = { 0 }, what = { 0 };
    buf_printf(&what, "training %s", plan->def->name);
    bool fits = mem_room(f->total - f->one, buf_text(&what), err);
    if (!fits) {
        footprint_write(&parts, f);
        err_detail(err, "  %s", buf_text(&parts));
        say_what_helps(f, plan, err);
    }
    buf_free(&parts);
    buf_free(&what);
    return fits;
}

bool footprint_weights_fit(const Plan *plan, Err *err)
{
    Buf what = { 0 };
    buf_printf(&what, "net %s with %zu parameters", plan->def->name, plan->n_weights);
    bool fits =
        mem_room(((double)plan->n_weights + (double)plan->n_stats) * sizeof(real), buf_text(&what), err);
    buf_free(&what);
    if (!fits && err) err->span = heaviest(plan)->def->span;
    return fits || say_layer(plan, "", err);
}
