/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cut-offs: what saying "event" from a score on costs and finds, at every distinct score. */
#ifndef FNS_MEASURES_CUTOFF_H
#define FNS_MEASURES_CUTOFF_H

#include "measures/cells.h"

typedef enum CutoffRule { CUTOFF_COST, CUTOFF_KS, CUTOFF_YOUDEN, CUTOFF_F1, CUTOFF_RATE } CutoffRule;

/* Costs by cell; of a row with an amount that amount (n) in the place of the constant. Earnings are negative.
 */
typedef struct CutoffCosts {
    double fn, fp, tp, tn;
    const double *fn_amount, *fp_amount, *tp_amount, *tn_amount; /* (n), or NULL */
} CutoffCosts;

/* A cut: the event is said from `score` on. The first cut says none: its score is above all. */
typedef struct Cutoff {
    double score;
    Cells cells;
    double cost; /* of all rows */
} Cutoff;

/* The cuts from the highest score down, one for each distinct score after that of none (out: n + 1). Returns
 * how many; 0 without memory, or where a score is NaN or nothing has weight. costs may be NULL. */
size_t cutoff_curve(const Scored *scored, const CutoffCosts *costs, Cutoff *out);
/* What a rule looks at, larger is better: less cost; the gap of both classes; recall + specificity - 1; F1;
 * nearness of the share that is said to be an event to `rate`. NaN where it is not defined. */
double cutoff_value(CutoffRule rule, double rate, const Cutoff *cut);
/* The place of the best cut, the highest of equals. */
size_t cutoff_best(CutoffRule rule, double rate, const Cutoff *cuts, size_t n);
/* The place of the last cut at or above a score. */
size_t cutoff_at(const Cutoff *cuts, size_t n, double score);

/* (C_FP - C_TN) / (C_FP - C_TN + C_FN - C_TP): the cut-off that is right for probabilities (Elkan 2001); NaN
 * where amounts differ by row. 5 and 1: 1/6. */
double cutoff_bayes(const CutoffCosts *costs);

#endif
