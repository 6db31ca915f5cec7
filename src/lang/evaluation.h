/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What evaluate computes from judged rows: targets, weights and scores of the rows that every model
 * scores, in groups, and the figures of each. */
#ifndef FNS_LANG_EVALUATION_H
#define FNS_LANG_EVALUATION_H

#include "lang/judge_choice.h"

enum { EVALUATION_GROUPS = 100 };

typedef struct Group {
    const char *name;
    size_t from, n; /* rows from .. from + n */
} Group;

typedef struct Evaluation {
    Judged judged;
    Choice choice;
    size_t n;                 /* rows with a target and a score of every model */
    double *y, *w;            /* (n) */
    double **scores;          /* of each model: (n, n_outputs) */
    MetricSettings *settings; /* of each model: choice.settings, with its own cut-off where none is given */
    double *truth;            /* (n) P(y = 1 | x) or E[y | x]; NULL: not known */
    Group *groups;            /* of by=, after one of all rows */
    int n_groups;
    bool expected; /* set by the caller: y is the truth, not what was drawn from it */
} Evaluation;

/* Fills all but judged (opened by the caller), choice and expected; error no_truth. evaluation_free after
 * it, also after an error. `by`: column number, or -1. */
bool evaluation_make(Session *session, Evaluation *evaluation, int by, Result *result, Err *err);
void evaluation_free(Evaluation *evaluation);

/* What a metric sees of a model's rows in a group; the pointers are the evaluation's. */
Scored evaluation_scored(const Evaluation *evaluation, const Group *group, int model);
/* Whether every model gives as many scores as the target has levels; error bad_target. */
bool evaluation_check_outputs(const Judged *judged, Err *err);
/* Metric i of a group: by model m, of the constant prediction, and with the truth known. NaN: not
 * defined. */
double evaluation_figure(const Evaluation *evaluation, const Group *group, int model, int i);
double evaluation_naive(const Evaluation *evaluation, const Group *group, int i);
double evaluation_attainable(const Evaluation *evaluation, const Group *group, int i);

#endif
