/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspaces: one block, cut by the shapes of a plan. */
#include "model/workspace.h"

#include <string.h>

#include "numeric/vec.h"

enum { ALIGNED = 16 }; /* reals: 64 bytes */

/* Takes n reals a row from the block (or only counts them where there is no block yet). */
static real *cut(const Workspace *work, size_t *used, size_t per_row)
{
    size_t size;
    real *start = work->block ? work->block + *used : NULL;
    if (__builtin_mul_overflow(per_row, work->batch, &size)) size = SIZE_MAX / 64;
    size = (size + ALIGNED - 1) / ALIGNED * ALIGNED;
    *used += size;
    return start;
}

static real *cut_fixed(const Workspace *work, size_t *used, size_t n)
{
    real *start = work->block ? work->block + *used : NULL;
    *used += (n + ALIGNED - 1) / ALIGNED * ALIGNED;
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
        bool needed = source >= 0 && work->ways[source].active;
        way->ins[k] = source_out(work, source);
        way->dins[k] = needed ? work->runs[source].dout : NULL;
    }
    run->ins = way->ins;
    run->dins = way->dins;
    run->adds = way->add;
    run->din = way->adds && way->dins[0] ? spare : way->dins[0];
}

static size_t lay_out(Workspace *work, bool training)
{
    const Plan *plan = work->plan;
    size_t used = 0;
    work->in = cut(work, &used, shape_size(plan->in));
    for (int i = 0; i < plan->n_layers; i++) {
        const LayerPlan *layer = &plan->layers[i];
        LayerRun *run = &work->runs[i];
        run->out = cut(work, &used, work->out_size[i]);
        run->dout = training ? cut(work, &used, work->out_size[i]) : NULL;
        run->cache = training ? cut(work, &used, layer->cache_per_row) : NULL;
        run->fixed = training ? cut_fixed(work, &used, layer->n_fixed) : NULL;
        if (layer->scratch_per_row > work->scratch) work->scratch = layer->scratch_per_row;
    }
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

static bool is_trained(const LayerPlan *layer)
{
    return layer->n_weights > 0 && !layer->def->frozen;
}

/* Which layers the gradient has to reach, from the first to the last. */
static void find_active(Workspace *work)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        const LayerPlan *layer = &work->plan->layers[i];
        Way *way = &work->ways[i];
        way->active = is_trained(layer);
        for (int k = 0; k < layer->n_sources; k++)
            way->active |= layer->sources[k] >= 0 && work->ways[layer->sources[k]].active;
    }
}

/* Of several readers of one result the last, which is the first on the way back, sets its gradient; the
 * others add to it. */
static void find_adders(Workspace *work)
{
    const Plan *plan = work->plan;
    bool *set = mem_own((size_t)plan->n_layers * sizeof *set);
    for (int i = plan->n_layers - 1; i >= 0; i--) {
        const LayerPlan *layer = &plan->layers[i];
        for (int k = 0; k < layer->n_sources; k++) {
            int source = layer->sources[k];
            if (source < 0) continue;
            work->ways[i].add[k] = set[source];
            set[source] = true;
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

/* Where samples are large and weights few, as in convolution, some rows go through the layers at a time, so
 * that a layer finds in cache what the one before wrote. A row's bits depend on that row alone. */
static size_t rows_together(const Plan *plan)
{
    enum { CACHED = 1 << 17, FEW = 1 << 16 }; /* reals */
    size_t rows = plan->widest ? CACHED / plan->widest : 0;
    return plan->n_weights > FEW ? SIZE_MAX : rows > 0 ? rows : 1;
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

Workspace *workspace_new(const Plan *plan, size_t batch, bool training, Err *err)
{
    Workspace *work = mem_own(sizeof *work);
    size_t n = (size_t)plan->n_layers;
    work->plan = plan;
    work->batch = batch;
    work->learns = true;
    work->together = rows_together(plan);
    work->arena = arena_new();
    work->runs = arena_take(work->arena, n * sizeof *work->runs);
    work->ways = arena_take(work->arena, n * sizeof *work->ways);
    work->in_size = arena_take(work->arena, n * sizeof *work->in_size);
    work->out_size = arena_take(work->arena, n * sizeof *work->out_size);
    work->stages = arena_take(work->arena, (n + 2) * sizeof *work->stages);
    make_ways(work);
    size_t size = lay_out(work, training);
    work->bytes = size * sizeof(real);
    work->block = mem_get(size, sizeof(real), err);
    if (work->block) {
        lay_out(work, training);
        return work;
    }
    workspace_free(work);
    return NULL;
}

void workspace_free(Workspace *work)
{
    if (!work) return;
    mem_free(work->block);
    mem_free(work->lengths);
    mem_free(work->up);
    arena_free(work->arena);
    mem_free(work);
}

bool workspace_ragged(Workspace *work, bool lengths, size_t steps, Err *err)
{
    if (lengths && !work->lengths) {
        work->lengths = mem_get(work->batch, sizeof *work->lengths, err);
        if (!work->lengths) return false;
    }
    if (steps == 0 || work->up) return true;
    work->up = mem_get(work->batch, steps * sizeof *work->up, err);
    return work->up != NULL;
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

static void set_time(const Workspace *work, int i, size_t from, LayerRun *run)
{
    const Shape *in = &work->plan->layers[i].in;
    bool in_time = in->n_dims >= 2 && in->dims[0] == work->plan->in.dims[0];
    run->lengths = work->lengths && in_time ? work->lengths + from : NULL;
    run->up = work->up && in_time ? work->up + from * in->dims[0] : NULL;
}

static LayerRun rows_of(const Workspace *work, int i, size_t from, size_t to)
{
    LayerRun run = work->runs[i];
    const LayerPlan *plan = &work->plan->layers[i];
    run.batch = to - from;
    run.first_row = from;
    run.in += from * work->in_size[i];
    run.out += from * work->out_size[i];
    if (run.dout) run.dout += from * work->out_size[i];
    if (run.din) run.din += from * work->in_size[i];
    if (run.cache) run.cache += from * plan->cache_per_row;
    run.scratch += from * work->scratch;
    set_time(work, i, from, &run);
    return run;
}

/* The call of a layer for rows from .. to: the workspace's own where one thread has them all, else a copy. */
static LayerRun *call_of(const Workspace *work, int i, size_t from, size_t to, LayerRun *copy)
{
    if (!work->alone || from > 0) {
        *copy = rows_of(work, i, from, to);
        return copy;
    }
    LayerRun *run = &work->runs[i];
    run->batch = to;
    set_time(work, i, 0, run);
    return run;
}

int work_stages(const Workspace *work)
{
    return work->n_stages;
}

static void forward_layer(const Workspace *work, int i, size_t from, size_t to, bool training, uint64_t step)
{
    LayerRun copy, *run = call_of(work, i, from, to, &copy);
    run->training = training;
    run->step = step;
    work->plan->layers[i].def->kind->forward(&work->plan->layers[i], run);
}

void work_forward_stage(const Workspace *work, int stage, size_t from, size_t to, uint64_t step)
{
    for (size_t next; from < to; from = next) {
        next = to - from > work->together ? from + work->together : to;
        for (int i = work->stages[stage]; i < work->stages[stage + 1]; i++)
            forward_layer(work, i, from, next, true, step);
    }
}

void work_sums(const Workspace *work, int stage, size_t n, int part, int parts)
{
    int i = work->stages[stage];
    const LayerPlan *plan = &work->plan->layers[i];
    LayerRun copy, *run = call_of(work, i, 0, n, &copy);
    run->training = work->learns;
    plan->def->kind->sums(plan, run, part, parts);
}

void work_forward(const Workspace *work, size_t from, size_t to, bool training, uint64_t step)
{
    if (!training || work->n_stages == 1) {
        for (size_t next; from < to; from = next) {
            next = to - from > work->together ? from + work->together : to;
            for (int i = 0; i < work->plan->n_layers; i++) forward_layer(work, i, from, next, training, step);
        }
        return;
    }
    for (int stage = 0; stage < work->n_stages; stage++) {
        if (stage > 0) work_sums(work, stage, to - from, 0, 1);
        work_forward_stage(work, stage, from, to, step);
    }
}

static void backward_layer(const Workspace *work, int i, size_t from, size_t to, uint64_t step)
{
    const Way *way = &work->ways[i];
    const LayerPlan *plan = &work->plan->layers[i];
    if (!way->active) return;
    LayerRun copy, *run = call_of(work, i, from, to, &copy);
    run->training = true;
    run->step = step;
    plan->def->kind->backward(plan, run);
    if (way->adds && way->dins[0]) {
        size_t size = work->in_size[i];
        vec_add(way->dins[0] + from * size, run->din, (to - from) * size);
    }
}

void work_backward_stage(const Workspace *work, int stage, size_t from, size_t to, uint64_t step)
{
    int last = stage + 1 < work->n_stages ? work->stages[stage + 1] : work->plan->n_layers - 1;
    int first = stage > 0 ? work->stages[stage] + 1 : 0;
    for (size_t next; from < to; from = next) {
        next = to - from > work->together ? from + work->together : to;
        for (int i = last; i >= first; i--) backward_layer(work, i, from, next, step);
    }
}

void work_back_sums(const Workspace *work, int stage, size_t n, int part, int parts)
{
    int i = work->stages[stage];
    const LayerPlan *plan = &work->plan->layers[i];
    if (!work->ways[i].active || plan->def->frozen || !plan->def->kind->back_sums) return;
    LayerRun copy, *run = call_of(work, i, 0, n, &copy);
    run->training = true;
    plan->def->kind->back_sums(plan, run, part, parts);
}

void work_backward(const Workspace *work, size_t from, size_t to, uint64_t step)
{
    for (int stage = work->n_stages - 1; stage >= 0; stage--) {
        work_backward_stage(work, stage, from, to, step);
        if (stage > 0) work_back_sums(work, stage, to - from, 0, 1);
    }
}

void work_gradients(const Workspace *work, size_t n, int part, int parts)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        if (!is_trained(plan) || !plan->def->kind->gradients) continue;
        LayerRun copy, *run = call_of(work, i, 0, n, &copy);
        run->training = true;
        plan->def->kind->gradients(plan, run, part, parts);
    }
}

void work_transpose(const Workspace *work)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        const LayerKind *kind = plan->def->kind;
        if (kind->transpose && work->ways[i].active && (work->ways[i].dins[0] || kind->recurs))
            kind->transpose(plan, work->runs[i].weights, (real *)(uintptr_t)work->runs[i].transposed);
    }
}
