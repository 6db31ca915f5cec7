/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many trainings in a row: sweeps over settings, and cross-validation. Points and folds are independent,
 * each trains on one thread, and results do not depend on how many run at once. */
#ifndef FNS_MODEL_SEARCH_H
#define FNS_MODEL_SEARCH_H

#include "model/model.h"
#include "model/train.h"

/* ---- sweeps */

typedef struct SweepAxis {
    const char *key; /* an option of training, "lr", or of a layer, "dense1.units" */
    ValueList values;
} SweepAxis;

typedef struct SweepPlan SweepPlan;

struct SweepPlan {
    const Net *net; /* prepared; every point starts from first weights with its preparation and seed */
    const Frame *frame;
    TrainConfig config; /* what no axis sets; monitor NULL: the sweep's metric */
    const SweepAxis *axes;
    int n_axes;
    long tries;         /* 0: the whole grid; otherwise so many different points of it, drawn at random */
    uint64_t seed;      /* of the draw */
    const char *metric; /* "valid.auc", "valid.loss"; NULL: as monitor */
    /* Makes the configuration of a point, whose values are one an axis, from `config` above; false with an
     * error. Called in the caller's thread, before any training; not for a sweep of layers alone. */
    bool (*configure)(void *context, const SweepPlan *plan, const Value **values, Arena *arena,
                      TrainConfig *config, Err *err);
    void *context;
    int threads;
};

typedef struct SweepPoint {
    const Value **values; /* one an axis */
    Net *net;             /* trained; NULL where it failed */
    double value;         /* of the metric, at the epoch that the net keeps; NaN where it failed */
    int epoch;
    double seconds;
    Err err; /* why it failed (a loss that was not finite, shapes) */
} SweepPoint;

typedef struct Sweep {
    Arena *arena;
    SweepPoint *points; /* in grid order: the last axis fastest */
    int n;
    int best; /* -1: none has a value; ties go to the first */
    const char *metric;
    const Metric *metric_kind; /* NULL: a loss */
} Sweep;

/* Trains every point. A point that fails is kept with its error; only what stops the sweep as a whole
 * (an unknown key, Ctrl-C) is an error. Free with sweep_free. */
Sweep *sweep_run(const SweepPlan *plan, Notes *notes, Progress *progress, Err *err);
void sweep_free(Sweep *sweep);

/* ---- cross-validation */

typedef struct CrossPlan {
    const NetDef *def;
    const Frame *frame;
    const char *name, *frame_name;
    const int32_t *
        fold; /* (n_paths, frame->n_rows): fold from 0; FOLD_NONE: test rows; FOLD_TRAINS (data/foldplan.h) */
    const uint8_t *part; /* (k, frame->n_rows): as FoldPlan; NULL: the rows of all other folds train */
    int k;
    int n_paths;           /* how often each row is scored; 0: once */
    const uint64_t *seeds; /* of weights, shuffles and dropout: a net for each, forecasts averaged */
    int n_seeds;
    /* Where patience or keep_best need validation rows, a seventh of each fold's training rows serves:
     * the fold itself is never looked at. */
    TrainConfig config;
    int threads;
    unsigned taint; /* that the way of folding brings */
} CrossPlan;

/* Whether training with this configuration looks at validation rows. */
bool crossvalidate_looks(const TrainConfig *config);

/* What a Model of kind "crossvalidation" holds (model->state). */
typedef struct CrossState {
    const Frame *frame; /* a reference */
    int k, n_paths, n_seeds, n_outputs;
    int32_t *fold;  /* a physical row, on the first path; FOLD_NONE: the mean of all nets; FOLD_TRAINS: it has
                       no forecast */
    Net **nets;     /* (k, n_seeds) */
    double *scores; /* (n_paths, n_seeds, n_physical, n_outputs): out of sample; NaN in no fold */
    CrossPlan plan; /* a copy of what it was made by, with frame as above; but config holds the words alone */
} CrossState;

/* A MODEL whose forecasts of the frame's own rows are the mean over the nets that did not see them; other
 * frames get the mean of all nets. NULL with the error of the first fold that failed. */
Model *crossvalidate_run(const CrossPlan *plan, Notes *notes, Progress *progress, Err *err);
const CrossState *model_cross_state(const Model *model); /* NULL: another kind */

#endif
