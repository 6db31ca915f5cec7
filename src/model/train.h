/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training is a Job in a thread of its own: it reads a net version and a frame version, works on its own
 * parameters, reports through a ring of copied events, and takes live changes from a mailbox between
 * batches. The session's net is replaced when the job has ended. */
#ifndef FNS_MODEL_TRAIN_H
#define FNS_MODEL_TRAIN_H

#include "base/progress.h"
#include "measures/metric.h"
#include "model/footprint.h"
#include "model/net.h"

typedef struct TrainConfig {
    long epochs, batch;
    long dates;          /* a batch is all rows of so many dates, whatever `batch`; 0: it is `batch` rows */
    long accumulate;     /* batches whose gradients make one step; 0: 1 */
    const Kind *average; /* AverageKind; NULL: none */
    const Options *average_options;
    const Kind *optimizer; /* OptimizerKind */
    const Options *optimizer_options;
    const Kind *loss; /* NULL: by target and last activation */
    const Options *loss_options;
    const Kind *schedule; /* NULL: constant */
    const Options *schedule_options;
    double lr; /* NaN (or 0): the optimizer's own default */
    const Metric *metrics[HISTORY_METRICS];
    int n_metrics;
    const char *monitor; /* "valid.loss", "valid.auc", "train.loss"; NULL: valid.loss, or train.loss without
                            validation rows */
    long patience;       /* 0: none */
    bool keep_best;      /* false: keep last */
    double label_smoothing; /* 0: none */
    double clip;            /* largest norm of all gradients; NaN or 0: none */
    double weight_decay;    /* decoupled: w -= lr weight_decay w; NaN: the optimizer's own */
    int class_weight;       /* of training rows, scaled to mean 1: 0 none, 1 balanced, 2 `class_weights` */
    const Record *class_weights;
    bool raw;      /* probabilities stay those of the weighted or balanced rows */
    uint64_t seed; /* of shuffles and dropout */
    int threads;
    long steps; /* stop after so many batches, in the middle of an epoch if need be; 0: no limit */
    GemmEngine engine;
    const char *words; /* the options as written */
} TrainConfig;

typedef enum TrainEventKind {
    EVENT_BATCH,
    EVENT_EPOCH,
    EVENT_PAUSED,
    EVENT_RESUMED,
    EVENT_DONE
} TrainEventKind;

#define PANEL_LAYERS 12

/* A sample for the display; copied, never pointing into a net. */
typedef struct TrainEvent {
    TrainEventKind kind;
    int epoch, epochs;   /* epoch it belongs to (EVENT_DONE: the last whole one), from 1 over all runs;
                          * last epoch this run will reach */
    long batch, batches; /* within the epoch, from 1 */
    double batch_loss;
    EpochRow row; /* EVENT_EPOCH */
    bool best;    /* EVENT_EPOCH: this epoch is the best so far */
    int best_epoch;
    double best_value;
    int patience_left;
    double lr;
    double rows_per_second, seconds;
    int n_layers; /* EVENT_EPOCH: panel of layers with weights */
    struct {
        char name[24];
        double weight_norm, gradient_norm, update_ratio, dead_share,
            saturated_share; /* NaN: not meaningful */
    } layers[PANEL_LAYERS];
} TrainEvent;

typedef enum JobCommand {
    JOB_PAUSE,
    JOB_RESUME,
    JOB_STEP_BATCH,
    JOB_STEP_EPOCH,
    JOB_STOP_BEST, /* x */
    JOB_STOP_LAST, /* X, Ctrl-C once: finish the batch, keep all */
    JOB_CANCEL,    /* Ctrl-C twice: the state before train */
    JOB_SET_LR,    /* value */
    JOB_TERMINATE  /* a signal ends the program: finish the batch, keep all */
} JobCommand;

typedef struct Job Job;

typedef struct JobInfo {
    const char *net, *frame;
    size_t n_train, n_valid, n_parameters;
    long batches;  /* of an epoch */
    double memory; /* bytes of data, parameters, state, workspace */
    Footprint footprint;
    const char *const *metrics;
    const int *metric_place; /* of each in EpochRow.train and .valid */
    int n_metrics;
    const char *monitor;
    int threads;
    uint64_t seed;
    int first_epoch, last_epoch;
    long patience;         /* 0: none */
    const History *before; /* of earlier runs, or NULL */
} JobInfo;

/* Prepares everything (inputs, targets, workspace; all memory) and starts the thread. The frame gives the
 * rows; the net must be prepared. Errors before the thread starts leave nothing behind. */
Job *job_start(const Net *net, const Frame *frame, const TrainConfig *config, Notes *notes, Err *err);
JobInfo job_info(const Job *job);
/* A descriptor that becomes readable when there are events (at most every 50 ms and at the end of an epoch).
 */
int job_descriptor(const Job *job);
bool job_next(Job *job, TrainEvent *out); /* false: none waiting; batch events may be dropped, epochs never */
bool job_send(Job *job, JobCommand command, double value);
bool job_running(const Job *job);
/* Waits for the end and takes the result: a new version of the net with history and why it stopped. A loss
 * that was not finite gives the net back at its last good epoch AND an error in err (result non-NULL);
 * a cancelled job gives the net as it was before. Frees the job. */
Net *job_finish(Job *job, Err *err);

/* Runs a job without display until its end (sweeps, folds, tests). `progress` may stop it. */
Net *net_train(const Net *net, const Frame *frame, const TrainConfig *config, Notes *notes,
               Progress *progress, Err *err);

extern const KindList batch_kinds; /* what batch= takes beside a number */
/* Kinds: optimizer_kinds (model/optim.h), average_kinds (average.h), loss_kinds (loss.h), schedule_kinds
 * (schedule.h), activation_kinds (activation.h), layer_kinds (layer.h). */

#endif
