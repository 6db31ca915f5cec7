/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways of `select`: filters, which leave columns out, and principal components, which replace them. */
#ifndef FNS_DATA_STEPS_SELECT_H
#define FNS_DATA_STEPS_SELECT_H

#include "data/stepstate.h"

/* Information value of a number (in monotone bins) or a category; missing cells are a bin. NaN with an error.
 */
double select_iv(const FeatureSet *set, const Feature *feature, Err *err);

bool select_fit_pca(const FeatureSet *train, const int *selected, int n, double top, double above,
                    Arena *arena, Record *state, Err *err);
bool select_apply_pca(const Record *state, FeatureSet *set, Err *err);

#endif
