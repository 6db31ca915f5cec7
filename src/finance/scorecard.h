/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scorecards: the points that a logit on weights of evidence gives each bin of each column.
 *     points of a bin = (offset - factor b_0) / k - factor b_j woe,   k columns
 * so that those of a row add up to offset - factor ln(p / (1 - p)). */
#ifndef FNS_FINANCE_SCORECARD_H
#define FNS_FINANCE_SCORECARD_H

#include "model/decision.h"
#include "model/model.h"

typedef struct CardBin {
    const char *level; /* "<30", "missing", "other" */
    double woe, points;
} CardBin;

typedef struct CardColumn {
    const char *name;
    double coefficient, iv;
    CardBin *bins;
    int n;
} CardColumn;

typedef struct Card {
    CardColumn *columns;
    int n;
    double base;            /* of each column: its part of the intercept's points */
    double lowest, highest; /* sums of points that rows can have */
} Card;

/* From a fitted logit each input of which is the weight of evidence of a column. False, and *out empty, where
 * the model is something else. Memory from the arena. */
bool scorecard_make(const Model *model, const PointScale *scale, Arena *arena, Card *out);

#endif
