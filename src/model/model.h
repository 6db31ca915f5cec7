/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MODEL: what judging verbs take. A net, a fitted baseline, a cross-validated set or a score column, all
 * scoring frame rows through one interface. */
#ifndef FNS_MODEL_MODEL_H
#define FNS_MODEL_MODEL_H

#include "base/progress.h"
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
    void *state; /* of the kind */
};

Model *model_new(const ModelKind *kind, const char *name, const Prep *prep, int n_outputs);
Model *model_ref(const Model *model);
void model_unref(const Model *model);
Model *model_of_net(const Net *net, const char *name, int threads); /* for scoring a net */

#endif
