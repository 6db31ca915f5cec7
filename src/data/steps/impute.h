/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways of `impute` that look at other rows or columns. Each writes what it learned of feature i into
 * `fitted` and fills from that; what it leaves missing gets the value of all training rows. */
#ifndef FNS_DATA_STEPS_IMPUTE_H
#define FNS_DATA_STEPS_IMPUTE_H

#include "data/stepstate.h"

enum { IMPUTE_NEAREST_MAX = 100 };

/* Mean, median or mode of n >= 1 values, which it may reorder. */
double impute_value(const char *method, double *values, size_t n);
/* The code of a level, which is added to the feature's levels where it is new; 0 without memory. */
uint32_t impute_code(Feature *feature, const char *level, Err *err);

/* by=: a value for each level of a category, or nothing where by= is the time column, since every date's own
 * rows say it. */
bool impute_fit_groups(const Options *opts, const char *method, const FeatureSet *train, int i, Arena *arena,
                       Record *fitted, Err *err);
bool impute_groups(const Record *fitted, FeatureSet *set, int i, Err *err);

/* ffill: the last value of the id, at most `gap` rows back. */
bool impute_forward(const Record *fitted, FeatureSet *set, int i, Err *err);

/* knn: opts are those of the method. */
bool impute_fit_knn(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                    Record *state, Err *err);
bool impute_knn(const Options *opts, const Record *state, FeatureSet *set, Err *err);

/* em: opts are those of the method; notes em_not_done. */
bool impute_fit_em(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                   Record *state, Notes *notes, Err *err);
bool impute_em(const Record *state, FeatureSet *set, Err *err);

#endif
