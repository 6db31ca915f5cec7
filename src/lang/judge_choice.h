/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the judging verbs compute: which metrics, at which cut-off and costs, with which intervals. */
#ifndef FNS_LANG_JUDGE_CHOICE_H
#define FNS_LANG_JUDGE_CHOICE_H

#include "lang/judge.h"
#include "measures/metric.h"

enum { CHOICE_METRICS = 64 };

/* off: none. on: closed where there is one, else by resampling. delong: closed ones alone. boot: all by
 * resampling. */
typedef enum Ci { CI_OFF, CI_ON, CI_CLOSED, CI_BOOT } Ci;

typedef struct Choice {
    const Metric *metrics[CHOICE_METRICS];
    int n_metrics;
    MetricSettings settings;
    bool cutoff_given; /* by cutoff= or cost= */
    Ci ci;
    int draws;    /* 0: by the number of rows */
    double level; /* of intervals */
} Choice;

#define CHOICE_OPTIONS                                                                                       \
    { "metrics",                                                                                             \
      OPTION_METRIC,                                                                                         \
      OPTION_LIST,                                                                                           \
      NULL,                                                                                                  \
      0,                                                                                                     \
      0,                                                                                                     \
      NULL,                                                                                                  \
      NULL,                                                                                                  \
      "what to compute; also all, ranking, probability, cutoff; by the target otherwise" },                  \
        { "ci", OPTION_ANY, 0,                                                                               \
          NULL, 0,          0,                                                                               \
          NULL, NULL,       "confidence intervals: on, off, delong (closed ones alone), boot(1000)" },       \
        { "level", OPTION_FRACTION,       OPTION_OPEN_MIN | OPTION_OPEN_MAX, "95%", 0, 1, NULL,              \
          NULL,    "what intervals cover" },                                                                 \
        { "cutoff",                                                                                          \
          OPTION_NUMBER,                                                                                     \
          0,                                                                                                 \
          NULL,                                                                                              \
          0,                                                                                                 \
          0,                                                                                                 \
          NULL,                                                                                              \
          NULL,                                                                                              \
          "the event is said from this score on; else what threshold chose, or 0.5" },                       \
        { "cost",                                                                                            \
          OPTION_RECORD,                                                                                     \
          0,                                                                                                 \
          NULL,                                                                                              \
          0,                                                                                                 \
          0,                                                                                                 \
          NULL,                                                                                              \
          NULL,                                                                                              \
          "{fn=5, fp=1}: of a missed event and a false alarm; sets the cut-off to fp / (fp + fn) too" },     \
    {                                                                                                        \
        "worst", OPTION_FRACTION, OPTION_OPEN_MIN | OPTION_OPEN_MAX, "10%", 0, 1, NULL, NULL,                \
            "the share of the rows that lift and capture look at"                                            \
    }

/* Metrics for a target of this kind; `ci` is the initial value of ci=. Errors: no_metric, bad_value. */
bool choice_read(const Call *call, char kind, Ci ci, Choice *out, Err *err);
/* How often to resample n rows. */
int choice_draws(const Choice *choice, size_t n);

#endif
