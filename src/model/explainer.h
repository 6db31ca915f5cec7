/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Explainers: what each frame column adds to a model's answer for a row, compared with reference inputs. All
 * inputs that the recipe made of a column (one-hot, flags, bins) count as that column. Of linear predictors
 * the parts are exact: coefficient times (input - reference). */
#ifndef FNS_MODEL_EXPLAINER_H
#define FNS_MODEL_EXPLAINER_H

#include "model/attribution.h"
#include "model/model.h"

/* The inputs of samples, ready for score_feed. */
typedef struct ModelInputs {
    size_t n;         /* samples */
    uint32_t *row;    /* (n): the frame row that each ends with */
    uint64_t *number; /* (n): what that row is called (frame_row_number) */
    Feed feed;
    real *x;
    Samples *samples; /* NULL: a sample is a row */
} ModelInputs;

/* Inputs of the samples with these target rows; those that end no sample are left out. inputs_free after it,
 * also after an error. Errors: those of prep_apply and samples_new. */
bool inputs_read(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, ModelInputs *out,
                 Notes *notes, Err *err);
void inputs_free(ModelInputs *inputs);
/* Rows of a sample, and where they begin. */
size_t inputs_steps(const ModelInputs *inputs, size_t sample);
const real *inputs_of(const ModelInputs *inputs, size_t sample);

typedef struct Explainer {
    Arena *arena;
    const Model *model; /* a reference */
    const Prep *prep;
    const Net *net;             /* NULL: a linear predictor */
    const double *coefficients; /* of that; NULL: a net */
    int output;
    bool link;            /* log-odds; off: the score */
    real *reference;      /* (prep->n_features); 0 at first */
    const char **columns; /* (n_columns): frame columns that the model reads, in order */
    int n_columns;
    int *group; /* (prep->n_features): the column of each input */
} Explainer;

/* Whether its score is the logistic of log-odds: of two levels, or each of several against the others. */
bool explainer_has_link(const Model *model);
/* output: the level that is explained, from 0; of numbers and two levels not looked at. NULL and an error
 * not_explained, explain_no_link, not_prepared. */
Explainer *explainer_new(const Model *model, int output, bool link, Err *err);
void explainer_free(Explainer *explainer);
/* The reference becomes the mean of the inputs of rows (of codes the commonest), or those of one row. */
bool explainer_use_mean(Explainer *explainer, const Frame *frame, const uint32_t *rows, size_t n,
                        Progress *progress, Err *err);
bool explainer_use_row(Explainer *explainer, const Frame *frame, uint32_t row, Err *err);

typedef struct ExplainHow {
    bool gradients;   /* integrated gradients; off: Shapley values */
    int permutations; /* pairs of orders, where columns are too many to count all coalitions; points */
    uint64_t seed;
} ExplainHow;
enum { EXPLAIN_POINTS = 64 }; /* of a line of gradients, unless permutations says more */

/* Whether the parts are known without sampling or integrating. */
bool explainer_is_exact(const Explainer *explainer, const ExplainHow *how);

typedef struct Explained {
    double *parts;             /* (n, n_columns) */
    double *errors;            /* as parts: standard errors of sampling; NULL: not wanted */
    double *score, *reference; /* (n) */
} Explained;

/* All samples of inputs, rows in parallel (progress_threads), with the same bits for any number of threads.
 * The arrays are given by the caller. Errors: explain_slopes, not_smooth, no_memory, interrupted. */
bool explainer_run(const Explainer *explainer, const ModelInputs *inputs, const ExplainHow *how,
                   Progress *progress, Explained *out, Err *err);

#endif
