/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few batches of training, with what happened in the last of them. */
#ifndef FNS_MODEL_STEP_H
#define FNS_MODEL_STEP_H

#include "model/train.h"

typedef struct StepReport {
    long batches;         /* done */
    size_t batch_rows;    /* of the last one */
    size_t epoch_batches; /* batches of a whole epoch */
    double loss_before;   /* of the last batch, before its step ... */
    double loss_after;    /* ... and after it, under the same dropout masks */
    double lr;
    real *gradients; /* (n_weights): of the last batch; from mem_get */
} StepReport;

/* Trains config->steps batches (1 or more). The result goes on as if it had been trained without a stop.
 * A loss that is not finite gives the net back at its last good epoch and an error. Free report->gradients.
 */
Net *net_step(const Net *net, const Frame *frame, const TrainConfig *config, Notes *notes, Progress *progress,
              StepReport *report, Err *err);

#endif
