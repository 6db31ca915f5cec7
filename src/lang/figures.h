/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How evaluate shows figures: one table over parts, groups and models, and the same in $last.
 *     $last.pd.auc  $last.pd.test.auc  $last.pd.test.groups.north.auc  $last.pd.ci.auc.low
 * With several parts only those with the part's name; of a single model also without its own. */
#ifndef FNS_LANG_FIGURES_H
#define FNS_LANG_FIGURES_H

#include "lang/intervals.h"

typedef struct Figures {
    Session *session;
    Result *result;
    const char *by; /* the column of by=, or NULL */
    int n_parts;
    Table *table; /* begun with the first part */
    Table *tests; /* of pairs, or NULL */
} Figures;

/* Adds one evaluated part: all groups, all models, what to beat, what can be reached; then, of two models and
 * more, paired tests. */
bool figures_add(Figures *figures, const Evaluation *evaluation, Err *err);

/* Where a name's figures go: $last.pd, $last.loans.points of a score column. */
Record *figures_place(Result *result, const char *name);
Value figures_value(double x); /* missing where it is not finite */
/* {value, low, high} as far as they are known. */
void figures_set_interval(Arena *arena, Record *record, const char *name, Interval interval);
/* "training rows", "test rows". */
const char *figures_part_words(Arena *arena, const char *part);
const char *figures_naive_name(char kind);

#endif
