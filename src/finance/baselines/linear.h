/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What linear baselines learn: an intercept and a coefficient for each input of the preparation,
 * with standard errors; scoring, records and restoring that they share. */
#ifndef FNS_FINANCE_LINEAR_H
#define FNS_FINANCE_LINEAR_H

#include "finance/baselines/design.h"

typedef struct Linear {
    int n_terms;         /* 1 + features; term 0 is the intercept */
    double *coefficient; /* (n_terms); 0 for an input that was left out */
    double *error;       /* standard errors; NaN for an input that was left out */
    double *ratio;       /* coefficient / error */
    double *p;           /* two-sided p-value of the ratio */
    double n_rows, l2;
    double fit;   /* log-likelihood of a logit, residual standard deviation of ols */
    double steps; /* Newton steps */
} Linear;

/* A model of the kind with a Linear as its state, all 0. Owned by the caller. */
Model *linear_new(const ModelKind *kind, const char *name, const Prep *prep);
/* Takes coefficients and their covariance (n_terms of the design, squared) back from standardised
 * inputs to the inputs as they are. `freedom`: degrees of the t distribution; INFINITY: normal. */
void linear_take(Linear *linear, const Design *design, const double *beta, const double *covariance,
                 double freedom);

/* Linear predictors of frame rows (n), intercept + sum of coefficient * input. */
bool linear_predict(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                    PrepReport *report, Notes *notes, Err *err);

/* A record {n, l2, <fit_name>, steps, coefficients, errors, ratios, p}: the last four hold a member
 * for "(intercept)" and each input. */
Value linear_record(const Model *model, const char *fit_name, Arena *arena);
/* Errors: bad_model_part. */
bool linear_restore(Model *model, const char *fit_name, const Record *record, Err *err);
void linear_free(Model *model);

#endif
