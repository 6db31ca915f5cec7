/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weight of evidence and information value of bins of a two-level target. */
#ifndef FNS_DATA_WOE_H
#define FNS_DATA_WOE_H

#include "data/recipe.h"

typedef struct WoeBin {
    double good, bad; /* rows without and with the event, by their weights */
    double woe;       /* ln(share of the good / share of the bad): above 0 is safer than the whole */
    double iv;        /* (share of the good - share of the bad) woe */
} WoeBin;

/* Fills woe and iv of n bins from their counts; returns the sum of iv. Where a bin lacks one of the two, one
 * half (of a row of mean weight) is added to both of its counts (and not to the totals); a bin without rows
 * has 0. */
double woe_fill(WoeBin *bins, int n);

/* Adds row i, which has a target. */
void woe_add(WoeBin *bin, const StepRows *rows, size_t i);
/* Adds up rows with a target, each by its weight, by the level of a category: bins[code], bins[0] the missing
 * ones (levels->n + 1 bins, to be zeroed before). Unseen levels are left out. */
void woe_count(const Feature *category, const StepRows *rows, size_t n, WoeBin *bins);

/* Whether set->rows holds a two-level target; else an error that says what `what` needs. */
bool woe_has_target(const FeatureSet *set, const char *step, const char *what, Err *err);

#endif
