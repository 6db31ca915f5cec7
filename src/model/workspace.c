/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspaces: one block, cut by the shapes of a plan. */
#include "model/workspace.h"

#include <string.h>

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

static size_t lay_out(Workspace *work, bool training)
{
    const Plan *plan = work->plan;
    size_t used = 0;
    work->in = cut(work, &used, work->in_size[0]);
    for (int i = 0; i < plan->n_layers; i++) {
        const LayerPlan *layer = &plan->layers[i];
        LayerRun *run = &work->runs[i];
        run->in = i ? work->runs[i - 1].out : work->in;
        run->out = cut(work, &used, work->out_size[i]);
        run->dout = training ? cut(work, &used, work->out_size[i]) : NULL;
        run->cache = training ? cut(work, &used, layer->cache_per_row) : NULL;
        run->din = i && i > work->first_trained && training ? work->runs[i - 1].dout : NULL;
        if (layer->scratch_per_row > work->scratch) work->scratch = layer->scratch_per_row;
    }
    real *shared = cut(work, &used, work->scratch);
    for (int i = 0; i < plan->n_layers; i++) work->runs[i].scratch = shared;
    work->out = work->runs[plan->n_layers - 1].out;
    work->dout = work->runs[plan->n_layers - 1].dout;
    return used;
}

static bool is_trained(const LayerPlan *layer)
{
    return layer->n_weights > 0 && !layer->def->frozen;
}

static int find_first_trained(const Plan *plan)
{
    int i = 0;
    while (i < plan->n_layers && !is_trained(&plan->layers[i])) i++;
    return i;
}

Workspace *workspace_new(const Plan *plan, size_t batch, bool training, Err *err)
{
    Workspace *work = mem_own(sizeof *work);
    size_t n = (size_t)plan->n_layers;
    work->plan = plan;
    work->batch = batch;
    work->runs = mem_own(n * sizeof *work->runs);
    work->in_size = mem_own(2 * n * sizeof *work->in_size);
    work->out_size = work->in_size + n;
    for (size_t i = 0; i < n; i++) {
        work->in_size[i] = shape_size(plan->layers[i].in);
        work->out_size[i] = shape_size(plan->layers[i].out);
    }
    work->first_trained = find_first_trained(plan);
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
    mem_free(work->runs);
    mem_free(work->in_size);
    mem_free(work);
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
    return run;
}

void work_forward(const Workspace *work, size_t from, size_t to, bool training, uint64_t step)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        LayerRun run = rows_of(work, i, from, to);
        run.training = training;
        run.step = step;
        work->plan->layers[i].def->kind->forward(&work->plan->layers[i], &run);
    }
}

void work_backward(const Workspace *work, size_t from, size_t to, uint64_t step)
{
    for (int i = work->plan->n_layers - 1; i >= work->first_trained; i--) {
        LayerRun run = rows_of(work, i, from, to);
        run.training = true;
        run.step = step;
        work->plan->layers[i].def->kind->backward(&work->plan->layers[i], &run);
    }
}

void work_gradients(const Workspace *work, size_t n, int part, int parts)
{
    for (int i = work->first_trained; i < work->plan->n_layers; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        if (!is_trained(plan)) continue;
        LayerRun run = rows_of(work, i, 0, n);
        run.training = true;
        plan->def->kind->gradients(plan, &run, part, parts);
    }
}

void work_transpose(const Workspace *work)
{
    for (int i = work->first_trained + 1; i < work->plan->n_layers; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        if (plan->def->kind->transpose)
            plan->def->kind->transpose(plan, work->runs[i].weights,
                                       (real *)(uintptr_t)work->runs[i].transposed);
    }
}
