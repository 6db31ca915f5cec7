/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Params: weights, then statistics, of a net, in one block. */
#include "model/net.h"

#include <string.h>

static Params *params_sized(size_t n_weights, size_t n_stats, Err *err)
{
    real *values = mem_get(n_weights + n_stats, sizeof(real), err);
    if (!values) return NULL;
    Params *params = mem_own(sizeof *params);
    params->refs = 1;
    params->n_weights = n_weights;
    params->n_stats = n_stats;
    params->values = values;
    return params;
}

Params *params_new(const Plan *plan, Err *err)
{
    return params_sized(plan->n_weights, plan->n_stats, err);
}

Params *params_copy(const Params *params, Err *err)
{
    Params *copy = params_sized(params->n_weights, params->n_stats, err);
    if (copy) memcpy(copy->values, params->values, (params->n_weights + params->n_stats) * sizeof(real));
    return copy;
}

Params *params_ref(const Params *params)
{
    Params *own = (Params *)(uintptr_t)params;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void params_unref(const Params *params)
{
    Params *own = (Params *)(uintptr_t)params;
    if (!own || atomic_fetch_sub(&own->refs, 1) > 1) return;
    mem_free(own->values);
    mem_free(own);
}

void params_init(Params *params, const Plan *plan, uint64_t seed)
{
    for (int i = 0; i < plan->n_layers; i++) {
        const LayerPlan *layer = &plan->layers[i];
        if (layer->def->kind->init)
            layer->def->kind->init(layer, params->values + layer->weights,
                                   params->values + params->n_weights + layer->stats, seed);
    }
}
