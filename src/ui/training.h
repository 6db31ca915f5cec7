/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a display knows of a training run: fed by events, read by whatever draws. */
#ifndef FNS_UI_TRAINING_H
#define FNS_UI_TRAINING_H

#include "model/train.h"

typedef struct Training {
    JobInfo info;
    TrainEvent last;  /* the newest */
    TrainEvent panel; /* the newest with a panel of layers; n_layers 0: none yet */
    EpochRow *rows;   /* of all runs */
    int n_rows, capacity;
    double *batch_x, *batch_loss, *batch_smooth; /* x in epochs; thinned when there are many */
    int n_batches;
    double smooth;   /* of the batches' losses, by exponential weights; NaN: none yet */
    double lr_start; /* NaN: no event yet */
    bool paused, done, lr_changed;
    double started; /* clock_seconds */
} Training;

void training_begin(Training *training, const JobInfo *info, double now);
void training_take(Training *training, const TrainEvent *event);
void training_end(Training *training);

const EpochRow *training_row(const Training *training); /* the newest; NULL: none yet */
/* Share of this run that is done, 0 .. 1, and the seconds that are left (NaN: unknown). */
double training_share(const Training *training);
double training_seconds_left(const Training *training, double now);
/* "pd  epoch 23/60  train 0.2141  valid 0.2378  best 0.2371@19  eta 00:41" */
void training_status(Buf *out, const Training *training, double now);

#endif
