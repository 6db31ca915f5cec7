/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What training keeps between two `train` statements, so that the second goes on as if the first had not
 * stopped: the optimizer's moments and the counters. */
#ifndef FNS_MODEL_STATE_H
#define FNS_MODEL_STATE_H

#include "model/average.h"
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
    size_t batch;                     /* batches done */
    size_t batch_size, dates, n_rows; /* it goes on only with the same ones */
    double loss_sum, weight_sum;
    /* Of an average: the net's parameters are the average, and training goes on from these. */
    const AverageKind *average; /* NULL: none */
    size_t n_values;            /* weights and statistics */
    real *values;               /* (n_values) */
    uint64_t n_averaged;        /* 0: the average has not begun, and the parameters are these */
};

/* average NULL: none. */
TrainState *state_new(const OptimizerKind *optimizer, size_t n_weights, const AverageKind *average,
                      size_t n_values, Err *err);
TrainState *state_copy(const TrainState *state, Err *err);
/* Of the same optimizer and sizes. Where their averages differ, `to` keeps its own values. */
void state_assign(TrainState *to, const TrainState *from);
TrainState *state_ref(const TrainState *state);
void state_unref(const TrainState *state);

#endif
