/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `drift` computes: the score, the input columns, the calibration and the ranking of a model on groups
 * of rows, against a reference sample. */
#ifndef FNS_LANG_DRIFT_H
#define FNS_LANG_DRIFT_H

#include "lang/drift_bins.h"
#include "lang/judge.h"

enum { DRIFT_GROUPS = 400 };

typedef struct DriftGroup {
    const char *name;
    double time;    /* of a period: its label in ns */
    size_t from, n; /* rows from .. from + n of its sample's order */
    DriftFigure score, *columns;
    double observed, predicted; /* means of target and score; NaN without a target or a row */
    double intercept, error;    /* calibration in the large, of probabilities of two levels */
    double auc, auc_low, auc_high;
} DriftGroup;

/* Rows with what a model says of them. */
typedef struct DriftSample {
    Judged judged;
    Frame *frame;    /* with the columns of the model's row program; a reference */
    double *scores;  /* (n, n_outputs) */
    double *score;   /* (n): one number a row: P(event), prediction, or the likeliest level from 1 */
    double *y, *w;   /* (n); y NULL: no target */
    uint32_t *order; /* (n): the rows of the groups, one after the other */
} DriftSample;

typedef struct Drift {
    Session *session;
    const Call *call;
    Result *result;
    const Model *model; /* of the reference */
    DriftSample reference;
    int wanted; /* bins */
    DriftBins score;
    DriftBins *columns; /* of each input column */
    const char **names;
    const Levels **levels; /* of the reference, of categories */
    int n_columns;
    const char *by;  /* or NULL */
    bool periods;    /* groups are periods of the time column */
    TimeUnit unit;   /* of periods */
    DriftGroup base; /* the reference itself, without its drift */
    DriftGroup *groups;
    int n_groups;
    int halved;
    bool has_target;
} Drift;

/* Divides a sample's rows into groups, added to drift->groups: by periods, by a column, or one of all
 * (`part`: named so; before a group's name where several parts are compared). Periods without rows between
 * others are groups too. Errors: drift_no_time, drift_periods, by_many, by_type, no_column. */
bool drift_divide(Drift *drift, DriftSample *sample, bool several, Err *err);

/* Opens scores, target and weights of a judged sample. driftsample_close after it, also after an error. */
bool driftsample_open(const Drift *drift, DriftSample *sample, Err *err);
void driftsample_close(DriftSample *sample);
/* Fits all bins on the reference; fills base. */
bool drift_begin(Drift *drift, Err *err);
/* Fills the figures of the groups from .. n_groups - 1, which are of this sample. */
bool drift_measure(Drift *drift, DriftSample *sample, int from, Err *err);
void drift_end(Drift *drift);

/* Tables, chart and $last. */
bool drift_show(Drift *drift, Chart **chart, Err *err);

#endif
