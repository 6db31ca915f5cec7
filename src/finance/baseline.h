/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines: fitted models that a net has to beat, one a file in finance/baselines/. */
#ifndef FNS_FINANCE_BASELINE_H
#define FNS_FINANCE_BASELINE_H

#include "model/model.h"

/* The training rows of a preparation, as a baseline fits them; all have a target. */
typedef struct BaselineRows {
    size_t n;
    int n_features;
    const real *x;   /* (n, n_features) */
    const double *y; /* (n): value, or 0/1 */
    const double *w; /* (n) */
} BaselineRows;

typedef struct BaselineKind {
    Kind kind;
    const char *targets;    /* letters of "nbc" (TargetInfo) */
    const ModelKind *model; /* of what fit makes */
    /* A new model (one reference to the caller), which refers to prep. */
    bool (*fit)(const Prep *prep, const char *name, const BaselineRows *rows, const Options *options,
                Model **model, Notes *notes, Progress *progress, Err *err);
} BaselineKind;

extern const KindList baseline_kinds; /* src/finance/baselines.def */

/* The kind of a fitted baseline by its name ("logit"), for opening files; NULL: there is none. */
const ModelKind *baseline_model_kind(const char *name);

/* Fits on the training rows of a frame that have a target, through the frame's recipe. `columns` as
 * in prep_fit. A new reference, or NULL. */
Model *baseline_fit(const BaselineKind *kind, const Frame *frame, const char *frame_name, ValueList columns,
                    const Options *options, const char *name, Notes *notes, Progress *progress, Err *err);

#endif
