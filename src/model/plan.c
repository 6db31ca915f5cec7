/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans: what every layer of a net reads and gives, and where its weights lie. */
#include "model/layer.h"

#include <stdint.h>
#include <stdio.h>

#include "model/net.h"

/* Beyond this the offsets of float64 copies would no longer be safe to multiply. */
#define WEIGHTS_MAX ((size_t)1 << 40)

size_t shape_size(Shape shape)
{
    size_t size = 1;
    for (int i = 0; i < shape.n_dims; i++)
        if (__builtin_mul_overflow(size, shape.dims[i], &size)) return 0;
    return size;
}

const char *shape_text(Shape shape, char out[96])
{
    if (shape.n_dims == 1) {
        snprintf(out, 96, "%zu", shape.dims[0]);
        return out;
    }
    int used = snprintf(out, 96, "(");
    for (int i = 0; i < shape.n_dims && used < 90; i++)
        used += snprintf(out + used, 96 - (size_t)used, i ? ", %zu" : "%zu", shape.dims[i]);
    snprintf(out + used, 96 - (size_t)used, ")");
    return out;
}

bool shape_equal(Shape a, Shape b)
{
    for (int i = 0; i < a.n_dims && a.n_dims == b.n_dims; i++)
        if (a.dims[i] != b.dims[i]) return false;
    return a.n_dims == b.n_dims;
}

static bool too_big(const LayerPlan *plan, Err *err)
{
    return ERR(err, net_too_big, plan->net, plan->def->name);
}

bool plan_tensor(LayerPlan *plan, const char *name, Shape shape, bool statistic, bool decays, Err *err)
{
    size_t size = shape_size(shape), *total = statistic ? &plan->n_stats : &plan->n_weights;
    if (size == 0 || size > WEIGHTS_MAX || plan->n_tensors == LAYER_TENSORS) return too_big(plan, err);
    plan->tensors[plan->n_tensors++] = (TensorSpec){ name, shape, *total, statistic, decays };
    *total += size;
    return true;
}

bool plan_mismatch(const LayerPlan *plan, const char *needs, Err *err)
{
    char given[96];
    return ERR_AT(err, plan->def->span, shapes, plan->net, plan->from, shape_text(plan->in, given),
                  plan->def->name, needs);
}

void plan_activation(LayerPlan *plan, const char *option)
{
    const Options *own = option_kind_options(plan->def->options, option);
    double alpha = 0;
    plan->activation = (const ActivationKind *)option_kind(plan->def->options, option);
    if (!plan->activation) plan->activation = (const ActivationKind *)kind_find(&activation_kinds, "linear");
    if (plan->activation->kind.n_options > 0)
        alpha = option_number(own, plan->activation->kind.options->name);
    plan->alpha = (real)alpha;
}

/* relu' of one layer can be part of the product that makes the next layer's din. */
static void fuse_relu(LayerPlan *before, LayerPlan *plan)
{
    if (!plan->def->kind->fuses_relu_back || !before->activation || !before->activation->is_relu) return;
    before->gets_relu_back = plan->gives_relu_back = true;
}

/* Two values of three or more of dout are 0. */
static void thin(LayerPlan *before, const LayerPlan *plan)
{
    before->sparse_dout = plan->def->kind->thins && shape_size(plan->in) / 3 >= shape_size(plan->out);
}

static bool place(Plan *all, LayerPlan *plan, Err *err)
{
    plan->weights = all->n_weights;
    plan->stats = all->n_stats;
    all->n_weights += plan->n_weights;
    all->n_stats += plan->n_stats;
    size_t in = shape_size(plan->in), out = shape_size(plan->out);
    if (out == 0 || all->n_weights > WEIGHTS_MAX || all->n_stats > WEIGHTS_MAX) return too_big(plan, err);
    if (in > all->widest) all->widest = in;
    if (out > all->widest) all->widest = out;
    return true;
}

static Shape source_shape(const Plan *all, int source)
{
    return source < 0 ? all->in : all->layers[source].out;
}

static const char *source_name(const Plan *all, int source)
{
    return source < 0 ? "the input" : all->layers[source].def->name;
}

static void set_sources(Plan *all, LayerPlan *plan, const int *sources, int n)
{
    int *own = arena_take(all->arena, (size_t)n * sizeof *own);
    Shape *ins = arena_take(all->arena, (size_t)n * sizeof *ins);
    const char **froms = arena_take(all->arena, (size_t)n * sizeof *froms);
    for (int k = 0; k < n; k++) {
        own[k] = sources[k];
        ins[k] = source_shape(all, sources[k]);
        froms[k] = source_name(all, sources[k]);
    }
    plan->sources = own;
    plan->ins = ins;
    plan->froms = froms;
    plan->n_sources = n;
    plan->in = ins[0];
    plan->from = froms[0];
}

int plan_add(Plan *all, const LayerDef *def, const int *sources, int n, const int *levels, const void *detail,
             Err *err)
{
    LayerPlan *plan = &all->layers[all->n_layers];
    plan->def = def;
    plan->net = all->def->name;
    plan->levels = levels;
    plan->detail = detail;
    set_sources(all, plan, sources, n);
    if (!def->kind->shape(plan, err) || !place(all, plan, err)) return PLAN_FAILED;
    for (int k = 0; k < n; k++)
        if (sources[k] >= 0) all->layers[sources[k]].n_readers++;
    return all->n_layers++;
}

static void fuse(Plan *all)
{
    for (int i = 0; i < all->n_layers; i++) {
        LayerPlan *plan = &all->layers[i];
        LayerPlan *before = plan->sources[0] < 0 ? NULL : &all->layers[plan->sources[0]];
        if (!before || plan->n_sources > 1 || before->n_readers > 1) continue;
        fuse_relu(before, plan);
        thin(before, plan);
    }
}

Plan *plan_new(const NetDef *def, Shape in, const Prep *prep, Err *err)
{
    if (def->n_layers == 0) {
        ERR(err, net_no_layer, def->name);
        return NULL;
    }
    Plan *plan = mem_own(sizeof *plan);
    plan->refs = 1;
    plan->arena = arena_new();
    plan->def = netdef_ref(def);
    plan->in = in;
    /* every line adds a layer or a join at most, and the input may add one */
    plan->layers = arena_take(plan->arena, ((size_t)def->n_parts + 1) * sizeof *plan->layers);
    if (plan_graph(plan, prep, err)) {
        fuse(plan);
        return plan;
    }
    plan_unref(plan);
    return NULL;
}

Plan *plan_ref(const Plan *plan)
{
    Plan *own = (Plan *)(uintptr_t)plan;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void plan_unref(const Plan *plan)
{
    Plan *own = (Plan *)(uintptr_t)plan;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    netdef_unref(own->def);
    arena_free(own->arena);
    mem_free(own);
}
