/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runs in a workspace: the layers forth and back, their gradients, for the rows that a thread has. */
#include <string.h>

#include "model/workspace.h"
#include "numeric/vec.h"

static const uint32_t *lengths_at(const Workspace *work, int mask, size_t from)
{
    return work->lengths && mask >= 0 ? work->lengths + (size_t)mask * work->batch + from : NULL;
}

/* What lies behind the last step of the rows of a layer's result, or of its gradient, becomes 0. */
static void clear_padding(const Workspace *work, int i, size_t from, size_t to, real *rows)
{
    const LayerPlan *plan = &work->plan->layers[i];
    const uint32_t *lengths = lengths_at(work, plan->mask_out, from);
    if (!lengths || plan->open_padding) return;
    size_t steps = plan->out.dims[0], width = work->out_size[i] / steps;
    for (size_t row = 0; row < to - from; row++, rows += work->out_size[i])
        memset(rows + lengths[row] * width, 0, (steps - lengths[row]) * width * sizeof(real));
}

static void set_time(const Workspace *work, int i, size_t from, LayerRun *run)
{
    const LayerPlan *plan = &work->plan->layers[i];
    run->lengths = lengths_at(work, plan->mask_in, from);
    run->up = work->up && plan->mask_in == 0 ? work->up + from * plan->in.dims[0] : NULL;
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
    clear_padding(work, i, from, to, run->out);
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
    clear_padding(work, i, from, to, run->dout);
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
    if (!work->ways[i].active || work->inward || plan->def->frozen || !plan->def->kind->back_sums) return;
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

/* The threads before the middle share the first half, the others the second. */
static void half_gradients(const Workspace *work, int i, size_t n, int part, int parts)
{
    const LayerPlan *plan = &work->plan->layers[i];
    size_t middle = (n + 1) / 2;
    int own = (parts + 1) / 2;
    LayerRun first = rows_of(work, i, 0, middle), second = rows_of(work, i, middle, n);
    first.training = second.training = true;
    second.gradients = work->second[i];
    second.fixed += plan->n_fixed;
    if (part < own) plan->def->kind->gradients(plan, &first, part, own);
    if (middle == n) return;
    if (parts == 1)
        plan->def->kind->gradients(plan, &second, 0, 1);
    else if (part >= own)
        plan->def->kind->gradients(plan, &second, part - own, parts - own);
}

void work_gradients(const Workspace *work, size_t n, int part, int parts)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        if (!layer_is_trained(plan) || !plan->def->kind->gradients) continue;
        if (work->second[i]) {
            half_gradients(work, i, n, part, parts);
            continue;
        }
        LayerRun copy, *run = call_of(work, i, 0, n, &copy);
        run->training = true;
        plan->def->kind->gradients(plan, run, part, parts);
    }
}

void work_join(const Workspace *work, size_t n, int part, int parts)
{
    for (int i = 0; i < work->plan->n_layers && n > 1; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        size_t from = share_begin(plan->n_weights, part, parts);
        size_t to = share_begin(plan->n_weights, part + 1, parts);
        if (work->second[i] && layer_is_trained(plan))
            vec_add(work->runs[i].gradients + from, work->second[i] + from, to - from);
    }
}

void work_transpose(const Workspace *work, int part, int parts)
{
    for (int i = 0; i < work->plan->n_layers; i++) {
        const LayerPlan *plan = &work->plan->layers[i];
        const LayerKind *kind = plan->def->kind;
        if (kind->transpose && work->ways[i].active &&
            (work->ways[i].dins[0] || kind->recurs || kind->needs_transposed))
            kind->transpose(plan, work->runs[i].weights, (real *)(uintptr_t)work->runs[i].transposed, part,
                            parts);
    }
}
