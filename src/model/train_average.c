/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The average of weights beside those that are stepped, and the sum of gradients over several batches. */
#include <string.h>

#include "model/trainer.h"
#include "numeric/vec.h"

static size_t count_values(const Trainer *t)
{
    return t->params->n_weights + t->params->n_stats;
}

static void copy_values(Params *to, const real *values)
{
    memcpy(to->values, values, (to->n_weights + to->n_stats) * sizeof(real));
}

/* ---- averages */

bool trainer_make_average(Trainer *t, Err *err)
{
    const TrainState *old = t->net->state;
    if (!t->average) return true;
    t->averaged = params_copy(t->params, err);
    if (!t->averaged) return false;
    if (!old || old->average != t->average || old->n_averaged == 0) return true;
    t->state->n_averaged = old->n_averaged;
    copy_values(t->params, old->values);
    return true;
}

const Params *trainer_shown(const Trainer *t)
{
    return t->average && t->state->n_averaged > 0 ? t->averaged : t->params;
}

void trainer_copy(const Trainer *t, Params *to, TrainState *state)
{
    copy_values(to, trainer_shown(t)->values);
    if (t->average) memcpy(t->state->values, t->params->values, count_values(t) * sizeof(real));
    state_assign(state, t->state);
}

void trainer_put(Trainer *t, const Params *from, const TrainState *state)
{
    state_assign(t->state, state);
    if (t->average) copy_values(t->averaged, from->values);
    copy_values(t->params, t->average && state->n_averaged > 0 ? state->values : from->values);
}

typedef struct Averaging {
    const Trainer *trainer;
    real share;
} Averaging;

static void average_phase(void *context, int part, int parts)
{
    const Averaging *averaging = context;
    const Trainer *t = averaging->trainer;
    size_t n = count_values(t), from = share_begin(n, part, parts), to = share_begin(n, part + 1, parts);
    const real *w = t->params->values;
    real *a = t->averaged->values;
    for (size_t i = from; i < to; i++) a[i] += averaging->share * (w[i] - a[i]);
}

void trainer_average(Trainer *t, bool epoch_ends, Team *team)
{
    if (!t->average || t->average->by_epoch != epoch_ends) return;
    AveragePoint point = { t->state->n_averaged + 1, t->epoch, t->average_settings };
    double own = t->average->share(&point);
    if (!(own > 0)) return;
    Averaging averaging = { t, (real)own };
    if (own < 1)
        team_run(team, average_phase, &averaging);
    else
        copy_values(t->averaged, t->params->values);
    t->state->n_averaged++;
}

/* ---- gradients of several batches */

size_t trainer_group_end(const Trainer *t)
{
    size_t k = t->config.accumulate > 1 ? (size_t)t->config.accumulate : 1, end = (t->batch / k + 1) * k;
    return end < t->n_batches ? end : t->n_batches;
}

static void add_phase(void *context, int part, int parts)
{
    const Trainer *t = context;
    size_t n = t->params->n_weights, from = share_begin(n, part, parts), to = share_begin(n, part + 1, parts);
    vec_axpy(t->summed + from, (real)t->batch_mass, t->gradients + from, to - from);
}

void trainer_add_gradients(Trainer *t, bool first, Team *team)
{
    if (first) {
        memset(t->summed, 0, t->params->n_weights * sizeof(real));
        t->summed_mass = 0;
    }
    t->summed_mass += t->batch_mass;
    team_run(team, add_phase, t);
}

void trainer_take_gradients(Trainer *t)
{
    size_t n = t->params->n_weights;
    memcpy(t->gradients, t->summed, n * sizeof(real));
    if (t->summed_mass > 0) vec_scale(t->gradients, (real)(1 / t->summed_mass), n);
}
