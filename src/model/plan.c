/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans: what every layer of a net reads and gives, and where its weights lie. */
#include "model/layer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/net.h"

/* Beyond this the offsets of float64 copies would no longer be safe to multiply. */
#define WEIGHTS_MAX ((size_t)1 << 40)
#define STEPS_MAX   ((size_t)1 << 24)

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

/* ---- which steps exist */

static size_t most_steps(const Plan *all)
{
    return all->in.dims[0];
}

/* The place of a mask that is filled but for its end, at `from`: of an equal one where there is one. */
static int keep_mask(Plan *all, uint32_t *mask, ArenaMark before)
{
    size_t bytes = (most_steps(all) + 1) * sizeof *mask;
    for (int k = 0; k < all->n_masks; k++)
        if (!memcmp(all->masks[k], mask, bytes)) {
            arena_rewind(all->arena, before);
            return k;
        }
    all->masks[all->n_masks] = mask;
    return all->n_masks++;
}

static uint32_t *new_mask(Plan *all, ArenaMark *before)
{
    *before = arena_mark(all->arena);
    return arena_take(all->arena, (most_steps(all) + 1) * sizeof(uint32_t));
}

static int source_mask(const Plan *all, int source)
{
    return source >= 0 ? all->layers[source].mask_out : all->in.n_dims >= 2 ? 0 : -1;
}

/* Of several sources a step exists where each of them has it. */
static int meet(Plan *all, int a, int b)
{
    if (a < 0 || b < 0 || a == b) return a > b ? a : b;
    ArenaMark before;
    uint32_t *mask = new_mask(all, &before);
    for (size_t n = 0; n <= most_steps(all); n++)
        mask[n] = all->masks[a][n] < all->masks[b][n] ? all->masks[a][n] : all->masks[b][n];
    return keep_mask(all, mask, before);
}

static int follow_mask(Plan *all, const LayerPlan *plan)
{
    size_t (*steps)(const LayerPlan *, size_t) = plan->def->kind->steps;
    if (plan->mask_in < 0 || plan->out.n_dims < 2) return -1;
    if (!steps) return plan->out.dims[0] == plan->in.dims[0] ? plan->mask_in : -1;
    ArenaMark before;
    uint32_t *mask = new_mask(all, &before);
    for (size_t n = 0; n <= most_steps(all); n++)
        mask[n] = (uint32_t)steps(plan, all->masks[plan->mask_in][n]);
    return keep_mask(all, mask, before);
}

static void set_masks(Plan *all, LayerPlan *plan)
{
    plan->mask_in = source_mask(all, plan->sources[0]);
    for (int k = 1; k < plan->n_sources; k++)
        plan->mask_in = meet(all, plan->mask_in, source_mask(all, plan->sources[k]));
    plan->mask_out = follow_mask(all, plan);
}

static bool begin_masks(Plan *all, size_t most, Err *err)
{
    all->masks = arena_take(all->arena, (2 * most + 1) * sizeof *all->masks);
    if (all->in.n_dims < 2) return true;
    if (most_steps(all) > STEPS_MAX) return ERR(err, net_too_big, all->def->name, "the input");
    all->masks[0] = arena_take(all->arena, (most_steps(all) + 1) * sizeof **all->masks);
    for (size_t n = 0; n <= most_steps(all); n++) all->masks[0][n] = (uint32_t)n;
    all->n_masks = 1;
    return true;
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
    set_masks(all, plan);
    for (int k = 0; k < n; k++)
        if (sources[k] >= 0) all->layers[sources[k]].n_readers++;
    return all->n_layers++;
}

/* Between two layers that leave padding alone it may hold anything. */
static void open_padding(LayerPlan *before, const LayerPlan *plan)
{
    before->open_padding = plan->def->kind->packs && before->def->kind->packs && before->mask_out >= 0;
}

static void fuse(Plan *all)
{
    for (int i = 0; i < all->n_layers; i++) {
        LayerPlan *plan = &all->layers[i];
        LayerPlan *before = plan->sources[0] < 0 ? NULL : &all->layers[plan->sources[0]];
        if (!before || plan->n_sources > 1 || before->n_readers > 1) continue;
        fuse_relu(before, plan);
        thin(before, plan);
        open_padding(before, plan);
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
    if (begin_masks(plan, (size_t)def->n_parts + 1, err) && plan_graph(plan, prep, err)) {
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

bool plan_transposes(const Plan *plan)
{
    int i = 0;
    while (i < plan->n_layers && plan->layers[i].n_transposed == 0) i++;
    return i < plan->n_layers;
}
