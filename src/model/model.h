/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MODEL: what judging verbs take. A net, a fitted baseline, a cross-validated set or a score column, all
 * scoring frame rows through one interface. */
#ifndef FNS_MODEL_MODEL_H
#define FNS_MODEL_MODEL_H

#include "base/progress.h"
#include "model/feed.h"
#include "model/net.h"

typedef struct Model Model;

typedef struct ModelKind {
    const char *name; /* "net", "logit", "ols", "crossvalidation", "score" */
    const char *since;
    /* Scores of frame rows (n, model->n_outputs) in double: prediction, P(event) or P(level). */
    bool (*score)(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                  PrepReport *report, Notes *notes, Progress *progress, Err *err);
    /* All that the model gives of a row (n, model->n_columns), in the order of its columns. NULL: nothing
     * more than the score. */
    bool (*details)(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                    Progress *progress, Err *err);
    /* The same of n samples whose inputs are made: what it gives behind prep_apply. NULL: it has no inputs,
     * or several sets of them. */
    bool (*score_feed)(const Model *model, const Feed *feed, size_t n, double *out, Progress *progress,
                       Err *err);
    /* Of a linear predictor, 1 + features: the intercept, then one an input. NULL: it is none. */
    const double *(*coefficients)(const Model *model);
    Value (*record)(const Model *model, Arena *arena); /* of what it learned: for show, $name, saving */
    bool (*restore)(Model *model, const Record *record, Err *err);
    void (*free_state)(Model *model);
} ModelKind;

struct Model {
    atomic_int refs;
    Arena *arena;
    const ModelKind *kind;
    const char *name;
    const Prep *prep; /* NULL for a score column */
    int n_outputs;
    const char *const *columns; /* of several outputs for one number: "q05", "q50"; n_columns of them */
    const double *shares;       /* of each, what share of the targets should lie at or below it, or NaN */
    int n_columns;
    unsigned taint;
    const struct Decision *decision; /* calibration, cut-off, grades, points (model/decision.h), or NULL */
    const Model *base;               /* whose state a version with another decision shares, or NULL */
    const char *frame_name;          /* of a score column: its frame; or NULL */
    void *state;                     /* of the kind */
};

Model *model_new(const ModelKind *kind, const char *name, const Prep *prep, int n_outputs);
Model *model_ref(const Model *model);
void model_unref(const Model *model);
/* A version that shares all but its name and its decision (copied; NULL: none). */
Model *model_with_decision(const Model *model, const char *name, const struct Decision *decision);
/* Scores as the kind gives them, then calibrated: what every verb sees. */
bool model_score(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                 PrepReport *report, Notes *notes, Progress *progress, Err *err);
double model_threshold(const Model *model); /* the event is said from this score on; NaN: not decided */
Model *model_of_net(const Net *net, const char *name, int threads); /* for scoring a net */
const Net *model_net(const Model *model); /* behind such a model; NULL: another kind */

#endif
