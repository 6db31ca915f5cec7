/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/step.h"

#include <string.h>

#include "model/trainer.h"
#include "numeric/vec.h"

/* The last batch, still in the workspace, under the weights as they are now. */
static double loss_now(Trainer *t)
{
    LossBatch batch = { .n = t->batch_rows,
                        .n_outputs = t->n_outputs,
                        .out = t->work->out,
                        .target = t->batch_y,
                        .other = t->batch_other,
                        .share = t->batch_share,
                        .weight = t->batch_w,
                        .scale = 1,
                        .alpha = t->alpha,
                        .settings = t->loss_settings,
                        .smoothing = (real)t->config.label_smoothing,
                        .starts = t->batch_dates,
                        .n_starts = t->n_batch_dates,
                        .prediction = t->prediction };
    t->work->learns = false;
    work_forward(t->work, 0, t->batch_rows, true, t->state->steps - 1);
    double divisor = loss_divisor(t->loss, t->batch_w, t->batch_rows);
    return divisor > 0 ? t->loss->value(&batch) / divisor : 0;
}

static bool fill(Trainer *t, uint64_t steps_before, StepReport *report, Err *err)
{
    size_t n = t->params->n_weights;
    report->batches = (long)(t->state->steps - steps_before);
    report->batch_rows = t->batch_rows;
    report->epoch_batches = t->n_batches;
    report->lr = t->current_lr;
    report->loss_before = t->batch_loss;
    report->loss_after = loss_now(t);
    report->gradients = mem_get(n, sizeof(real), err);
    if (report->gradients) memcpy(report->gradients, t->gradients, n * sizeof(real));
    return report->gradients != NULL;
}

Net *net_step(const Net *net, const Frame *frame, const TrainConfig *config, Notes *notes, Progress *progress,
              StepReport *report, Err *err)
{
    *report = (StepReport){ 0 };
    TrainData *data = traindata_from_frame(net, frame, config->dates > 0, notes, err);
    Trainer *trainer = data ? trainer_new(net, data, config, notes, err) : NULL;
    if (!trainer) return NULL;
    Err failed = { 0 };
    uint64_t before = trainer->state->steps;
    trainer->progress = progress;
    trainer->err = &failed;
    trainer_run(trainer, &failed);
    Net *result = NULL;
    if (failed.code && err)
        *err = failed;
    else if (trainer->stop != STOP_CANCELLED && trainer->state->steps > before &&
             fill(trainer, before, report, err))
        result = trainer_result(trainer);
    else
        ERR(err, interrupted, NULL);
    trainer_free(trainer);
    return result;
}
