/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What training recorded: one row an epoch, the options of each run, live changes, why it stopped. */
#ifndef FNS_MODEL_HISTORY_H
#define FNS_MODEL_HISTORY_H

#include <stdatomic.h>

#include "base/value.h"

#define HISTORY_METRICS 16

typedef struct EpochRow {
    int epoch; /* from 1, over all runs */
    /* train_loss: weighted mean over the epoch's batches as the weights moved, with the l2 penalty;
     * valid_loss: over the validation rows at the end of the epoch. NaN: no validation rows. */
    double train_loss, valid_loss;
    /* By metric; train: from the predictions made on the way through the epoch (dropout included). */
    double train[HISTORY_METRICS], valid[HISTORY_METRICS];
    double lr, seconds;
} EpochRow;

typedef struct LiveChange {
    int epoch, batch;
    const char *key; /* "lr", "stop" */
    double value;
} LiveChange;

typedef enum StopReason {
    STOP_EPOCHS,     /* all epochs done */
    STOP_PATIENCE,   /* no better for `patience` epochs */
    STOP_USER_BEST,  /* x */
    STOP_USER_LAST,  /* X, Ctrl-C once */
    STOP_CANCELLED,  /* Ctrl-C twice: the state before train */
    STOP_NOT_FINITE, /* the loss was not finite */
    STOP_TERMINATED, /* a signal */
    STOP_CONVERGED   /* no step makes the loss smaller */
} StopReason;

typedef struct History {
    atomic_int refs;
    Arena *arena;
    const char *metrics[HISTORY_METRICS]; /* names; n_metrics of them */
    int n_metrics;
    EpochRow *rows;
    int n, capacity;
    LiveChange *changes;
    int n_changes;
    int best_epoch;
    double best_value;
    const char *monitor; /* "valid.loss" */
    StopReason stop;
    double seconds; /* wall time of all runs */
} History;

History *history_new(void);
History *history_copy(const History *history);
History *history_ref(const History *history);
void history_unref(const History *history);
/* Appends a row; false without memory. */
bool history_add(History *history, const EpochRow *row, Err *err);
void history_change(History *history, int epoch, int batch, const char *key, double value);
/* Place of a metric in EpochRow.train and .valid, added where it is new; -1: there is no more room. */
int history_metric(History *history, const char *name);
/* Drops the rows after an epoch: training goes on from there. */
void history_cut(History *history, int epoch);
const char *stop_reason_text(StopReason reason); /* "no better for ..." */
const char *stop_reason_word(StopReason reason); /* "patience" */
Value history_record(const History *history, Arena *arena);
History *history_from_record(const Record *record, Err *err);

#endif
