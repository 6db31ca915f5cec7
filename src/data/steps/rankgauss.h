/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale method=rankgauss: values to normal quantiles by their ranks. */
#ifndef FNS_DATA_STEPS_RANKGAUSS_H
#define FNS_DATA_STEPS_RANKGAUSS_H

#include "data/stepstate.h"

/* n >= 1 values without NaN become the normal quantiles of (mean rank - 0.5) / n. */
bool rankgauss_ranks(double *values, size_t n, Err *err);
/* The training values as at most 1001 points of the map: "values", rising, and "ranks", what they become. */
bool rankgauss_fit(double *values, size_t n, Arena *arena, Record *fitted, Err *err);
/* Any value: linear between the points, the outermost beyond them. */
bool rankgauss_apply(const Record *fitted, FeatureSet *set, int i, Err *err);

#endif
