/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps behind ROC, precision-recall, gains and KS curves of two levels. */
#ifndef FNS_MEASURES_CURVES_H
#define FNS_MEASURES_CURVES_H

#include "measures/metric.h"

/* What a cut at `score` says to be events: shares of all events, of all others and of all rows at or above
 * it. */
typedef struct CurveStep {
    double score, events, others, rows;
} CurveStep;

/* One step a distinct score, from the highest down; before them one of nothing (score INFINITY). out: n + 1.
 * Returns the number of steps; 0 where there is nothing to rank. */
size_t curve_steps(const Scored *scored, CurveStep *out);

#endif
