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
    double *vif;         /* variance inflation factor; NaN for the intercept and an input left out */
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

/* Variance inflation factors 1 / (1 - R^2) of each input of the design on the others (the diagonal of the
 * inverse of their correlations; Marquardt 1970, Technometrics 12:591), one note that names those above 10.
 * Left NaN where an input is a combination of others. */
bool linear_inflate(Linear *linear, Design *design, const Prep *prep, const char *name, Notes *notes,
                    Err *err);

/* Linear predictors of frame rows (n), intercept + sum of coefficient * input. */
bool linear_predict(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                    PrepReport *report, Notes *notes, Err *err);

/* The same of inputs that are made: one row a sample. */
void linear_predict_feed(const Model *model, const Feed *feed, size_t n, double *out);
const double *linear_coefficients(const Model *model);

/* A record {n, l2, <fit_name>, steps, coefficients, errors, ratios, p, vif}: the last five hold a member
 * for "(intercept)" and each input. */
Value linear_record(const Model *model, const char *fit_name, Arena *arena);
/* Errors: bad_model_part. */
bool linear_restore(Model *model, const char *fit_name, const Record *record, Err *err);
void linear_free(Model *model);

#endif
