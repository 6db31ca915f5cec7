/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics: pure functions over arrays, one a file; training, evaluation and finance use the same. */
#ifndef FNS_MEASURES_METRIC_H
#define FNS_MEASURES_METRIC_H

#include "base/option.h"

/* What a metric is computed from. Rows with a missing (NaN) target are left out by the caller. */
typedef struct Scored {
    size_t n;
    int n_outputs;        /* 1, or the number of levels */
    const double *target; /* (n): value, 0/1, or level number from 0 */
    const double *score;  /* (n, n_outputs): prediction, P(event), or P(level) */
    const double *weight; /* (n), or NULL */
    double reference;     /* mean of the target over the training rows (r2's benchmark), NaN: not known */
} Scored;

typedef struct Metric {
    Kind kind;
    const char *targets;                   /* which target kinds it is for: letters of "nbc" (TargetInfo) */
    bool up;                               /* larger is better */
    bool of_mean;                          /* of numbers: no forecast is better than E[y | x] */
    int digits;                            /* significant digits when shown */
    double (*value)(const Scored *scored); /* NaN where it is not defined (one class only, ...) */
    /* What to beat: the figure of the constant prediction (majority class, base rate, mean); NaN: none. */
    double (*naive)(const Scored *scored);
} Metric;

extern const KindList metric_kinds;          /* src/measures/metrics.def */
const Metric *metric_find(const char *name); /* "auc"; NULL */
/* Raises `no_metric` with a suggestion; false. */
bool metric_unknown(const char *name, Span where, Err *err);

/* The attainable value of a metric when the truth is known: best->score is P(event | x), or of a
 * target of kind 'n' E[y | x]; best->target what was drawn. Of two levels by expected labels, of numbers by
 * those drawn. NaN where the truth does not say. */
double metric_attainable(const Metric *metric, char kind, const Scored *best);

#endif
