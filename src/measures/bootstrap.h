/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percentile intervals by resampling rows (Efron 1979), within classes where targets are 0 and 1. A draw is a
 * set of row counts, so that scores are put in order once; draws are numbered and keyed by the seed: the same
 * bits for any number of threads. */
#ifndef FNS_MEASURES_BOOTSTRAP_H
#define FNS_MEASURES_BOOTSTRAP_H

#include "base/progress.h"
#include "measures/metric.h"

typedef struct BootstrapPlan {
    const Scored *models; /* n_models of the same rows: n, target and weight are equal */
    int n_models;
    const Metric *const *metrics;
    int n_metrics;
    char kind; /* of the target: 'b' resamples within classes */
    int draws;
    uint64_t seed;
    Progress *progress; /* NULL: nobody asks, one thread */
} BootstrapPlan;

/* out (n_models, n_metrics, draws): the figure of each draw, NaN where it is not defined. */
bool bootstrap_run(const BootstrapPlan *plan, double *out, Err *err);

/* The interval that holds the middle `level` of n draws (quantiles of type 7). Draws are put in order; false
 * where more than a tenth of them is NaN. */
bool bootstrap_interval(double *draws, size_t n, double level, Interval *out);
/* Two-sided p-value of "no difference" from n draws of a difference: twice the smaller tail, (k + 1) / (n +
 * 1). */
double bootstrap_p(const double *draws, size_t n);

#endif
