/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optimizers: one step over a run of weights with their moments. */
#ifndef FNS_MODEL_OPTIM_H
#define FNS_MODEL_OPTIM_H

#include <gsl/gsl_multimin.h>
#include <stdint.h>

#include "base/option.h"
#include "numeric/real.h"

#ifdef FNS_DOUBLE
#define REAL_SQRT sqrt
#else
#define REAL_SQRT sqrtf
#endif

#define OPTIM_SLOTS    3
#define OPTIM_SETTINGS 6

typedef struct OptimStep {
    real *w;                  /* (n) */
    const real *g;            /* (n) */
    real *slots[OPTIM_SLOTS]; /* (n) each: moments, all 0 at first */
    size_t n;
    double lr;
    double decay;           /* decoupled: w shrinks by lr * decay * w */
    uint64_t t;             /* number of this step, from 1 */
    const double *settings; /* the kind's options in table order */
} OptimStep;

typedef struct OptimizerKind {
    Kind kind;
    double lr;                /* where lr= is not given */
    const char *decay_option; /* its option that weight_decay= overrides; NULL: no decay by itself */
    int n_slots;
    void (*step)(const OptimStep *step);
    /* Of one that works on all training rows at once: what GSL does then; `step` is NULL. Its first setting
     * is the tolerance of line searches. */
    const gsl_multimin_fdfminimizer_type *(*minimiser)(const double *settings);
} OptimizerKind;

extern const KindList optimizer_kinds; /* src/model/optims.def */

/* Numbers of options in table order (on is 1, missing NaN); options NULL: the kind's defaults. Shared by
 * optimizers, schedules and losses. */
void kind_settings(const Kind *kind, const Options *options, double *settings, int capacity);
/* w -= lr * decay * w */
void optim_decay(const OptimStep *step);

#endif
