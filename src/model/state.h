/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What training keeps between two `train` statements, so that the second goes on as if the first had not
 * stopped: the optimizer's moments and the counters. */
#ifndef FNS_MODEL_STATE_H
#define FNS_MODEL_STATE_H

#include "model/net.h"
#include "model/optim.h"

struct TrainState {
    atomic_int refs;
    const OptimizerKind *optimizer;
    size_t n_weights;
    real *slots;    /* (optimizer->n_slots, n_weights) */
    uint64_t steps; /* training batches over all runs: counter of dropout masks */
    uint64_t t;     /* steps of this optimizer */
    /* Of an epoch that was left in the middle (batch > 0): */
    size_t batch;              /* batches done */
    size_t batch_size, n_rows; /* it goes on only with the same ones */
    double loss_sum, weight_sum;
};

TrainState *state_new(const OptimizerKind *optimizer, size_t n_weights, Err *err);
TrainState *state_copy(const TrainState *state, Err *err);
void state_assign(TrainState *to, const TrainState *from); /* of the same sizes */
TrainState *state_ref(const TrainState *state);
void state_unref(const TrainState *state);

#endif
