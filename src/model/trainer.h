/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer: one run of training over plain arrays, in whatever thread calls it. */
#ifndef FNS_MODEL_TRAINER_H
#define FNS_MODEL_TRAINER_H

#include "model/average.h"
#include "model/footprint.h"
#include "model/loss.h"
#include "model/pace.h"
#include "model/port.h"
#include "model/prior.h"
#include "model/schedule.h"
#include "model/score.h"
#include "model/state.h"
#include "model/team.h"
#include "model/traindata.h"
#include "model/workspace.h"

/* A run of weights that are stepped alike. */
typedef struct Segment {
    size_t offset, n;
    double l2;
    bool decays;
} Segment;

typedef struct Monitor {
    bool train;         /* train.NAME, not valid.NAME */
    int metric;         /* place in history, or -1: the loss */
    const Metric *kind; /* NULL: the loss */
} Monitor;

typedef struct FullBatch FullBatch; /* train_full.c */
typedef struct Augmenter Augmenter; /* train_augment.c */

typedef struct Trainer {
    const Net *net; /* where it starts: a reference */
    TrainConfig config;
    TrainData *data; /* owned */
    const Plan *plan;
    Arena *arena;
    const OptimizerKind *optimizer;
    const LossKind *loss;
    const ScheduleKind *schedule;
    const AverageKind *average; /* NULL: none */
    double average_settings[AVERAGE_SETTINGS];
    double optimizer_settings[OPTIM_SETTINGS], schedule_settings[SCHEDULE_SETTINGS];
    double schedule_state[SCHEDULE_STATE];
    double lr, decay; /* before the schedule; decoupled weight decay */
    real alpha;       /* of the loss */
    double loss_settings[LOSS_SETTINGS];
    int n_loss_settings, point; /* point: the output that is the forecast, where there are several */
    size_t n_scores;            /* of a row, that metrics see */
    const Prior *prior;         /* corrects what validation rows get; NULL: nothing to correct */
    Monitor monitor;

    Params *params, *averaged; /* averaged: NULL without an average */
    TrainState *state;
    real *gradients, *transposed, *before; /* (n_weights) each; before: the panel's copy of weights */
    Workspace *work;
    Scorer *scorer;  /* of validation rows */
    Team *team;      /* NULL: one thread */
    Pace pace;       /* whether the next step takes the team */
    FullBatch *full; /* of an optimizer that works on all rows at once */
    Segment *segments;
    int n_segments;
    Feed feed;       /* of training samples */
    uint32_t *order; /* (n_train): rows of the epoch */
    uint32_t *date_order,
        *date_at;            /* of batch=time: dates of the epoch, (n_dates + 1) their places in order */
    real *batch_y, *batch_w; /* (batch); batch_w NULL: all 1 */
    Augmenter *augmenter;    /* NULL: samples are gathered as they are */
    real *batch_label; /* (batch): labels that metrics see, where those of the batch are mixed; or NULL */
    real *batch_other, *batch_share;                   /* (batch): as in LossBatch, or NULL */
    real *prediction;                                  /* (batch, n_outputs) of fused losses */
    real *valid_out;                                   /* (n_valid, n_outputs) */
    double *train_target, *train_score, *train_weight; /* in the order of the epoch; NULL: no metrics */
    double *valid_target, *valid_score;
    size_t n_outputs, train_seen;

    History *history;
    int metric_place[HISTORY_METRICS];  /* of config.metrics in history rows */
    int epoch, first_epoch, last_epoch; /* epoch: whole epochs done */
    size_t batch, n_batches;            /* done in the current epoch */
    size_t batch_from, batch_rows;      /* of the present batch, in order */
    const uint32_t *batch_dates;        /* as LossBatch.starts */
    size_t n_batch_dates;
    double batch_mass; /* what it weighs among the batches of a step */
    real *summed;      /* (n_weights): gradients of the batches of a step so far, times their mass */
    double summed_mass;
    int stage; /* of the way through the batch (workspace.h) */
    double batch_loss, current_lr, gradient_norm;
    long steps_left; /* -1: no limit */
    int waited;
    Params *best, *good;
    TrainState *best_state, *good_state;
    int good_epoch;

    Port *port;         /* NULL: nobody watches */
    Progress *progress; /* or NULL */
    bool over, keep_best, paused, pause_after_batch, pause_after_epoch, failed;
    StopReason stop;
    double started, epoch_started, ticked, shown, panel_shown;
    double rows_done, seconds_before;
    unsigned ticks, stride;
    bool panel_wanted;
    uint8_t *alive; /* (widest): units seen on, of one layer at a time */
    Err *err;
} Trainer;

/* Takes over data. NULL, with an error and nothing left behind. */
Trainer *trainer_new(const Net *net, TrainData *data, const TrainConfig *config, Notes *notes, Err *err);
void trainer_run(Trainer *trainer, Err *err);
/* The new version of the net, after the run. */
Net *trainer_result(Trainer *trainer);
void trainer_free(Trainer *trainer);
/* What it takes, without the data; and with it. */
Footprint trainer_footprint(const Trainer *trainer);
size_t trainer_bytes(const Trainer *trainer);

/* Loss, optimizer, schedule, average and monitor of the configuration, checked against net and targets.
 * (train_choice.c) */
bool trainer_choose(Trainer *trainer, Err *err);
/* The batches of one step (one, without accumulate): forward, loss, backward; then the step. False: a loss
 * was not finite. (train_step.c) */
bool trainer_step(Trainer *trainer);
/* The batch that comes: forward, loss (its sum), gradients; no step. */
double trainer_pass(Trainer *trainer, bool gradients);
/* Which rows batches have, date by date where they are made of dates. Memory; a new epoch's order, the order
 * of the part; the first row of a batch; the dates of the present one, or NULL. (train_order.c) */
bool trainer_make_order(Trainer *trainer, Err *err);
void trainer_shuffle(Trainer *trainer);
void trainer_keep_order(Trainer *trainer);
size_t trainer_batch_start(const Trainer *trainer, size_t batch);
const uint32_t *trainer_batch_dates(const Trainer *trainer, size_t *n);
/* The average of weights: memory; what is shown (the weights, before it begins); copies of what is shown with
 * the state, and back; the weights after a step or an epoch. (train_average.c) */
bool trainer_make_average(Trainer *trainer, Err *err);
const Params *trainer_shown(const Trainer *trainer);
void trainer_copy(const Trainer *trainer, Params *to, TrainState *state);
void trainer_put(Trainer *trainer, const Params *from, const TrainState *state);
void trainer_average(Trainer *trainer, bool epoch_ends, Team *team);
/* Gradients of several batches: the batch behind a step's last one; adding the present one; their mean. */
size_t trainer_group_end(const Trainer *trainer);
void trainer_add_gradients(Trainer *trainer, bool first, Team *team);
void trainer_take_gradients(Trainer *trainer);
/* The recipe's augmentations: checks and memory; sample `sample` of the training part, gathered in row i of
 * the batch by thread `part`, with its label and weight. (train_augment.c) */
bool trainer_make_augments(Trainer *trainer, Notes *notes, Err *err);
void trainer_augment(const Trainer *trainer, int part, size_t i, uint32_t sample);
void trainer_free_augments(Augmenter *augmenter);
/* Keeps targets and predictions of the batch for the metrics on training rows. */
void trainer_remember(Trainer *trainer);
/* One iteration of an optimizer that works on all rows at once. (train_full.c) */
typedef enum FullStep { FULL_STEPPED, FULL_CONVERGED, FULL_NOT_FINITE, FULL_FAILED } FullStep;
FullStep trainer_full_step(Trainer *trainer, Err *err);
void trainer_full_free(FullBatch *full);
/* The end of an epoch: validation, metrics, history, best. (train_epoch.c) */
void trainer_epoch_end(Trainer *trainer);
/* What metrics see of n rows of outputs: all of them, or the forecast among several. */
void trainer_scores(const Trainer *trainer, const real *out, size_t n, double *scores);
/* Mail, the clock, the display. (train_watch.c) */
void trainer_attend(Trainer *trainer);
void trainer_show_epoch(Trainer *trainer, const EpochRow *row, bool best);
void trainer_show_done(Trainer *trainer);
bool trainer_better(const Trainer *trainer, double value, double than);
/* Says what was not finite and why (train_guard.c); the batch is still in the workspace. */
void trainer_diagnose(Trainer *trainer, Err *err);
/* Goes back to the last good epoch. */
void trainer_back(Trainer *trainer);

#endif
