/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `fairness` computes and shows: groups of a column under one cut-off, each compared with a reference
 * group. */
#ifndef FNS_LANG_FAIRNESS_H
#define FNS_LANG_FAIRNESS_H

#include "lang/grouping.h"

/* A group with fewer rows, or fewer events or others, is marked. */
enum { FAIR_FEW_ROWS = 30, FAIR_FEW_EVENTS = 5 };

/* One group of a column; sums are of row weights. */
typedef struct FairPart {
    const char *name;
    size_t rows, events_seen;
    double n, events, score, approved, caught, refused; /* caught: events declined; refused: others */
    double auc;
} FairPart;

typedef struct Fairness {
    const Call *call;
    Evaluation evaluation;
    double cutoff, z;
    Result *result;
    Table *table;
    bool marked, found_reference;
} Fairness;

/* Figures of the groups into parts (grouping->n), which are zero before. */
bool fairness_fill(const Fairness *fairness, const Grouping *grouping, FairPart *parts, Err *err);
/* Share of the rows that are approved. */
double fairness_approval(const FairPart *part);
/* Share of the events that are declined, and of the others. */
double fairness_true_rate(const FairPart *part);
double fairness_false_rate(const FairPart *part);
/* Of the approval of a group over that of the reference; NaN where there is none. */
Interval fairness_ratio(const FairPart *part, const FairPart *reference, double z);

/* Begins the table that all columns share. */
void fairness_begin(Fairness *fairness);
/* Adds the groups of a column to the table and to $last; marks what few rows say, and notes in
 * found_reference that reference= names one of the groups. */
void fairness_show(Fairness *fairness, const Grouping *grouping, const FairPart *parts);

#endif
