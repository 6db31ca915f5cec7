/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training state: one block of moments, a few counters. */
#include "model/state.h"

#include <string.h>

static size_t slot_values(const TrainState *state)
{
    return (size_t)state->optimizer->n_slots * state->n_weights;
}

TrainState *state_new(const OptimizerKind *optimizer, size_t n_weights, Err *err)
{
    real *slots = mem_get((size_t)optimizer->n_slots * n_weights, sizeof(real), err);
    if (!slots) return NULL;
    TrainState *state = mem_own(sizeof *state);
    state->refs = 1;
    state->optimizer = optimizer;
    state->n_weights = n_weights;
    state->slots = slots;
    return state;
}

void state_assign(TrainState *to, const TrainState *from)
{
    real *slots = to->slots;
    int refs = atomic_load(&to->refs);
    memcpy(slots, from->slots, slot_values(from) * sizeof(real));
    *to = *from;
    atomic_store(&to->refs, refs);
    to->slots = slots;
}

TrainState *state_copy(const TrainState *state, Err *err)
{
    TrainState *copy = state_new(state->optimizer, state->n_weights, err);
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
