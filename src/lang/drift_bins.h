/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins that are fixed on a reference sample, and how far another sample has moved among them. */
#ifndef FNS_LANG_DRIFT_BINS_H
#define FNS_LANG_DRIFT_BINS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/binning.h"

/* Of numbers: intervals of equal mass on the reference, equal values together. Of levels, which are numbers 1
 * .. n_levels: one a level, then one for all that are above (levels which the reference frame does not know).
 * Last one for what is missing (NaN). */
typedef struct DriftBins {
    double breaks[BINS_MAX];
    int n_breaks;
    size_t n_levels; /* 0: numbers */
    size_t n;
    double *expected; /* (n) rows of the reference */
    double rows;      /* their sum */
} DriftBins;

/* x (n): the reference; wanted: bins of numbers, 2 .. BINS_MAX. driftbins_free after it, also after an
 * error. */
bool driftbins_fit(DriftBins *bins, const double *x, size_t n, size_t n_levels, int wanted, Err *err);
void driftbins_free(DriftBins *bins);

typedef struct DriftFigure {
    double psi, critical; /* NaN: no rows; critical of one bin: nothing can move */
    int halved;           /* bins that are empty on one side */
    double missing;       /* share of the rows */
} DriftFigure;

/* Of n other values. */
bool driftbins_compare(const DriftBins *bins, const double *x, size_t n, DriftFigure *out, Err *err);

/* "none shown" up to the critical value; above it by the usual thresholds: "small" below 0.1, "moderate"
 * below 0.25, else "large". NULL: not known. */
const char *drift_words(DriftFigure figure);
bool drift_is_shown(DriftFigure figure);

#endif
