/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspaces: one block, cut by the shapes of a plan. */
#include "model/workspace.h"

#include <stdint.h>

enum { ALIGNED = 16 }; /* reals: 64 bytes */
#define ROOM_MAX (SIZE_MAX / 64)

/* More than there can be stays more than there can be. */
static void add_size(size_t *used, size_t size)
{
    *used = size >= ROOM_MAX - *used ? ROOM_MAX : *used + (size + ALIGNED - 1) / ALIGNED * ALIGNED;
    if (*used > ROOM_MAX) *used = ROOM_MAX;
}

/* Takes n reals a row from the block (or only counts them where there is no block yet). */
static real *cut(const Workspace *work, size_t *used, size_t per_row)
{
    size_t size;
    real *start = work->block ? work->block + *used : NULL;
    if (__builtin_mul_overflow(per_row, work->batch, &size)) size = ROOM_MAX;
    add_size(used, size);
    return start;
}

static real *cut_fixed(const Workspace *work, size_t *used, size_t n)
{
    real *start = work->block ? work->block + *used : NULL;
    add_size(used, n);
    return start;
}

static const real *source_out(const Workspace *work, int source)
{
    return source < 0 ? work->in : work->runs[source].out;
}

static size_t room_for(const Workspace *work)
{
    const Plan *plan = work->plan;
    size_t widest = 0;
    for (int i = 0; i < plan->n_layers; i++)
        if (work->ways[i].adds && plan->layers[i].n_sources == 1 && work->in_size[i] > widest)
            widest = work->in_size[i];
    return widest;
}

/* What a layer reads, and where what it reads finds its gradient. */
static void connect(Workspace *work, int i, real *spare)
{
    const LayerPlan *layer = &work->plan->layers[i];
    LayerRun *run = &work->runs[i];
    Way *way = &work->ways[i];
    run->in = source_out(work, layer->sources[0]);
    for (int k = 0; k < layer->n_sources; k++) {
        int source = layer->sources[k];
        way->ins[k] = source_out(work, source);
        way->dins[k] = source < 0 ? work->din : work->ways[source].active ? work->runs[source].dout : NULL;
    }
    run->ins = way->ins;
    run->dins = way->dins;
    run->adds = way->add;
    run->din = way->adds && way->dins[0] ? spare : way->dins[0];
}

/* Where there are more weights, the sum of two halves would cost more than it saves. */
static bool by_halves(const LayerPlan *layer)
{
    enum { FEW = 1 << 18 };
    return layer->def->kind->by_halves && layer->n_weights <= FEW;
}

static size_t lay_out(Workspace *work, bool training)
{
    const Plan *plan = work->plan;
    size_t used = 0;
    work->in = cut(work, &used, shape_size(plan->in));
    for (int i = 0; i < plan->n_layers; i++) {
        const LayerPlan *layer = &plan->layers[i];
        LayerRun *run = &work->runs[i];
        run->still = work->inward;
        run->out = cut(work, &used, work->out_size[i]);
        run->dout = training ? cut(work, &used, work->out_size[i]) : NULL;
        bool cached = training || layer->def->kind->trees;
        run->cache = cached ? cut(work, &used, layer->cache_per_row) : NULL;
        bool halves = training && by_halves(layer);
        run->fixed = training ? cut_fixed(work, &used, layer->n_fixed * (halves ? 2 : 1)) : NULL;
        work->by_halves |= halves;
        work->second[i] = halves ? cut_fixed(work, &used, layer->n_weights) : NULL;
        if (layer->scratch_per_row > work->scratch) work->scratch = layer->scratch_per_row;
    }
    if (work->inward) work->din = cut(work, &used, shape_size(plan->in));
    real *shared = cut(work, &used, work->scratch), *spare = NULL;
    if (training) spare = cut(work, &used, room_for(work));
    for (int i = 0; i < plan->n_layers; i++) {
        work->runs[i].scratch = shared;
        connect(work, i, spare);
    }
    work->out = work->runs[plan->n_layers - 1].out;
    work->dout = work->runs[plan->n_layers - 1].dout;
    return used;
}

/* Which layers the gradient has to reach, from the first to the last. */
static void find_active(Workspace *work)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        const LayerPlan *layer = &work->plan->layers[i];
        Way *way = &work->ways[i];
        way->active = layer_is_trained(layer);
        for (int k = 0; k < layer->n_sources; k++) {
            int source = layer->sources[k];
            way->active |= source < 0 ? work->inward : work->ways[source].active;
        }
    }
}

/* Of several readers of one result the last, which is the first on the way back, sets its gradient; the
 * others add to it. */
static void find_adders(Workspace *work)
{
    const Plan *plan = work->plan;
    bool *set = mem_own((size_t)(plan->n_layers + 1) * sizeof *set); /* of the input, then of each layer */
    for (int i = plan->n_layers - 1; i >= 0; i--) {
        const LayerPlan *layer = &plan->layers[i];
        for (int k = 0; k < layer->n_sources; k++) {
            int source = layer->sources[k];
            if (source < 0 && !work->inward) continue;
            work->ways[i].add[k] = set[source + 1];
            set[source + 1] = true;
        }
        work->ways[i].adds = layer->n_sources == 1 && work->ways[i].add[0];
    }
    mem_free(set);
}

/* Layers that need all rows of the batch before they go on begin a stage of their own. */
static void find_stages(Workspace *work)
{
    const Plan *plan = work->plan;
    work->n_stages = 1;
    for (int i = 0; i < plan->n_layers; i++)
        if (plan->layers[i].def->kind->sums) work->stages[work->n_stages++] = i;
    work->stages[work->n_stages] = plan->n_layers;
}

static bool has_trees(const Plan *plan)
{
    int i = 0;
    while (i < plan->n_layers && !plan->layers[i].def->kind->trees) i++;
    return i < plan->n_layers;
}

/* Where samples are large and weights few, as in convolution, some rows go through the layers at a time, so
 * that a layer finds in cache what the one before wrote. A row's bits depend on that row alone. */
static size_t rows_together(const Plan *plan)
{
    enum { CACHED = 1 << 17, FEW = 1 << 16 }; /* reals */
    size_t rows = plan->widest ? CACHED / plan->widest : 0;
    return plan->n_weights > FEW || has_trees(plan) ? SIZE_MAX : rows > 0 ? rows : 1;
}

static void make_ways(Workspace *work)
{
    const Plan *plan = work->plan;
    for (int i = 0; i < plan->n_layers; i++) {
        size_t n = (size_t)plan->layers[i].n_sources;
        Way *way = &work->ways[i];
        way->ins = arena_take(work->arena, n * sizeof *way->ins);
        way->dins = arena_take(work->arena, n * sizeof *way->dins);
        way->add = arena_take(work->arena, n * sizeof *way->add);
        work->in_size[i] = shape_size(plan->layers[i].in);
        work->out_size[i] = shape_size(plan->layers[i].out);
    }
    find_active(work);
    find_adders(work);
    find_stages(work);
}

/* All but the block. */
static Workspace *measure(const Plan *plan, size_t batch, bool training, bool inward)
{
    Workspace *work = mem_own(sizeof *work);
    size_t n = (size_t)plan->n_layers;
    work->plan = plan;
    work->inward = inward;
    work->batch = batch;
    work->learns = true;
    work->together = rows_together(plan);
    work->arena = arena_new();
    work->runs = arena_take(work->arena, n * sizeof *work->runs);
    work->second = arena_take(work->arena, n * sizeof *work->second);
    work->ways = arena_take(work->arena, n * sizeof *work->ways);
    work->in_size = arena_take(work->arena, n * sizeof *work->in_size);
    work->out_size = arena_take(work->arena, n * sizeof *work->out_size);
    work->stages = arena_take(work->arena, (n + 2) * sizeof *work->stages);
    make_ways(work);
    work->bytes = lay_out(work, training) * sizeof(real);
    return work;
}

size_t workspace_bytes(const Plan *plan, size_t batch, bool training)
{
    Workspace *work = measure(plan, batch, training, false);
    size_t bytes = work->bytes;
    workspace_free(work);
    return bytes;
}

static Workspace *take(Workspace *work, bool training, Err *err)
{
    work->block = mem_pages(work->bytes, 1, err);
    if (work->block) {
        lay_out(work, training);
        return work;
    }
    workspace_free(work);
    return NULL;
}

Workspace *workspace_new(const Plan *plan, size_t batch, bool training, Err *err)
{
    return take(measure(plan, batch, training, false), training, err);
}

Workspace *workspace_new_inward(const Plan *plan, size_t batch, Err *err)
{
    return take(measure(plan, batch, true, true), true, err);
}

void workspace_free(Workspace *work)
{
    if (!work) return;
    mem_give(work->block, work->bytes);
    mem_free(work->lengths);
    mem_free(work->up);
    arena_free(work->arena);
    mem_free(work);
}

bool workspace_ragged(Workspace *work, bool lengths, size_t steps, Err *err)
{
    if (lengths && !work->lengths) {
        size_t masks = work->plan->n_masks ? (size_t)work->plan->n_masks : 1;
        work->lengths = mem_get(work->batch, masks * sizeof *work->lengths, err);
        if (!work->lengths) return false;
    }
    if (steps == 0 || work->up) return true;
    work->up = mem_get(work->batch, steps * sizeof *work->up, err);
    return work->up != NULL;
}

void workspace_length(Workspace *work, size_t at, size_t length)
{
    for (int k = 0; work->lengths && k < work->plan->n_masks; k++)
        work->lengths[(size_t)k * work->batch + at] = work->plan->masks[k][length];
}

void workspace_bind(Workspace *work, real *params, real *gradients, real *transposed, bool bare,
                    GemmEngine engine)
{
    const Plan *plan = work->plan;
    for (int i = 0; i < plan->n_layers; i++) {
        const LayerPlan *layer = &plan->layers[i];
        LayerRun *run = &work->runs[i];
        run->weights = params + layer->weights;
        run->stats = params + plan->n_weights + layer->stats;
        run->gradients = gradients ? gradients + layer->weights : NULL;
        run->transposed = transposed ? transposed + layer->weights : NULL;
        run->bare = bare && i == plan->n_layers - 1;
        run->engine = engine;
    }
}

void workspace_seed(Workspace *work, uint64_t seed)
{
    for (int i = 0; i < work->plan->n_layers; i++)
        work->runs[i].key = rng_key(seed, "layer", work->plan->layers[i].def->name);
}
