/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics: pure functions over arrays, one a file; training, evaluation and finance use the same. */
#ifndef FNS_MEASURES_METRIC_H
#define FNS_MEASURES_METRIC_H

#include "base/option.h"

/* What some metrics of two levels ask for beside the rows. */
typedef struct MetricSettings {
    double cutoff; /* the event is said from this score on; NaN: 0.5, of probabilities alone */
    double worst;  /* the share of the rows with the highest scores that lift and capture look at */
    double false_negative, false_positive; /* costs of a missed event and of a false alarm */
} MetricSettings;
extern const MetricSettings judging_defaults; /* NaN, 10%, 1, 1 */

/* What a metric is computed from. Rows with a missing (NaN) target are left out by the caller. */
typedef struct Scored {
    size_t n;
    int n_outputs;        /* 1, or the number of levels */
    const double *target; /* (n): value, 0/1, or level number from 0 */
    const double *score;  /* (n, n_outputs): prediction, P(event), or P(level) */
    const double *weight; /* (n), or NULL */
    double reference;     /* mean of the target over the training rows (r2's benchmark), NaN: not known */
    const MetricSettings *settings; /* NULL: judging_defaults */
    /* Rows in rising order of each output's scores (rank_sort), so that resampling sorts once; of one output
     * or two, one order; NULL: not known. */
    const struct Ranked *const *orders;
} Scored;

typedef struct Interval {
    double low, high;
} Interval;

/* Of two models on the same rows. */
typedef struct Paired {
    double value; /* of b less that of a */
    Interval interval;
    double p; /* two-sided, of "no difference" */
} Paired;

/* Groups of metrics that metrics= names by one word; usual: shown where metrics= names none. */
enum { METRIC_USUAL = 1, METRIC_RANKING = 2, METRIC_PROBABILITY = 4, METRIC_CUTOFF = 8 };

typedef struct Metric {
    Kind kind;
    const char *targets; /* which target kinds it is for: letters of "nbc" (TargetInfo) */
    bool up;             /* larger is better */
    bool aims;           /* best at `aim`: the nearer the better, whatever `up` says */
    double aim;
    bool of_rows;                          /* of the rows alone, the same whatever the forecasts */
    bool of_mean;                          /* of numbers: no forecast is better than E[y | x] */
    bool is_test;                          /* a test statistic or p-value: it has no interval */
    int digits;                            /* significant digits when shown */
    unsigned sets;                         /* METRIC_... */
    double (*value)(const Scored *scored); /* NaN where it is not defined (one class only, ...) */
    /* What to beat: the figure of the constant prediction (majority class, base rate, mean); NaN: none. */
    double (*naive)(const Scored *scored);
    /* Where the value is the weighted mean over rows of such terms (given that it is defined), or NULL. */
    double (*term)(const Scored *scored, size_t row);
    /* A closed interval that covers with probability `level`, or NULL; false: not for these rows. */
    bool (*interval)(const Scored *scored, double level, Interval *out);
    const char *interval_name; /* "DeLong" */
    /* A paired test on the same rows, or NULL; false: not for these rows. */
    bool (*pair)(const Scored *a, const Scored *b, double level, Paired *out);
    const char *pair_name;
} Metric;

/* An example for the help of a metric of two levels. */
#define METRIC_EXAMPLE(name)                                                                                 \
    "simulate credit as loans rows=500\nsplit loans train=60% valid=40%\nfit logit loans as lr\n"            \
    "evaluate lr metrics=" name

/* How far a value is from good, to choose by: the smaller the better; NaN stays NaN. Of a loss where metric
 * is NULL. */
double metric_badness(const Metric *metric, double value);
/* Refuses a metric (NULL: a loss) that says nothing of the forecasts; `word` is how it was named. */
bool metric_chooses(const Metric *metric, const char *word, Err *err);

double metric_no_naive(const Scored *scored); /* NaN: nothing to beat */

extern const KindList metric_kinds;          /* src/measures/metrics.def */
const Metric *metric_find(const char *name); /* "auc"; NULL */
/* Raises `no_metric` with a suggestion; false. */
bool metric_unknown(const char *name, Span where, Err *err);

/* The attainable value of a metric when the truth is known: best->score is P(event | x), or of a
 * target of kind 'n' E[y | x]; best->target what was drawn. Of two levels by expected labels, of numbers by
 * those drawn. NaN where the truth does not say. */
double metric_attainable(const Metric *metric, char kind, const Scored *best);

#endif
