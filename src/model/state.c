/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training state: one block of moments (and of an average's weights), a few counters. */
#include "model/state.h"

#include <string.h>

static size_t slot_values(const TrainState *state)
{
    return (size_t)state->optimizer->n_slots * state->n_weights;
}

TrainState *state_new(const OptimizerKind *optimizer, size_t n_weights, const AverageKind *average,
                      size_t n_values, Err *err)
{
    size_t moments = (size_t)optimizer->n_slots * n_weights, kept = average ? n_values : 0;
    real *slots = mem_get(moments + kept, sizeof(real), err);
    if (!slots) return NULL;
    TrainState *state = mem_own(sizeof *state);
    state->refs = 1;
    state->optimizer = optimizer;
    state->n_weights = n_weights;
    state->slots = slots;
    state->average = average;
    state->n_values = kept;
    state->values = average ? slots + moments : NULL;
    return state;
}

void state_assign(TrainState *to, const TrainState *from)
{
    TrainState own = *to;
    int refs = atomic_load(&to->refs);
    memcpy(own.slots, from->slots, slot_values(from) * sizeof(real));
    if (own.average && own.average == from->average)
        memcpy(own.values, from->values, own.n_values * sizeof(real));
    *to = *from;
    atomic_store(&to->refs, refs);
    to->slots = own.slots;
    to->n_averaged = own.average == from->average ? from->n_averaged : 0;
    to->average = own.average;
    to->n_values = own.n_values;
    to->values = own.values;
}

TrainState *state_copy(const TrainState *state, Err *err)
{
    TrainState *copy = state_new(state->optimizer, state->n_weights, state->average, state->n_values, err);
    if (copy) state_assign(copy, state);
    return copy;
}

TrainState *state_ref(const TrainState *state)
{
    TrainState *own = (TrainState *)(uintptr_t)state;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void state_unref(const TrainState *state)
{
    TrainState *own = (TrainState *)(uintptr_t)state;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    mem_free(own->slots);
    mem_free(own);
}
