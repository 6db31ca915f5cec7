/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and walking the fitted state of a recipe step: a record with one member a feature. States may
 * come from a file, so nothing in them is taken for granted. */
#ifndef FNS_DATA_STEPSTATE_H
#define FNS_DATA_STEPSTATE_H

#include "data/recipe.h"

/* Members by type; false where absent or of another type. A missing value reads as NaN. */
bool state_number(const Record *state, const char *name, double *out);
bool state_text(const Record *state, const char *name, const char **out);
bool state_list(const Record *state, const char *name, ValueType type, ValueList *out);
bool state_bool(const Record *state, const char *name); /* false where absent */

Value state_numbers(const double *x, int n, Arena *arena); /* a list */

/* Applies `one` to each feature that the state names. `one` may insert and remove features at and after
 * place i. Error bad_prep where a feature is not there. */
typedef bool (*StateApply)(const Record *fitted, FeatureSet *set, int i, Err *err);
bool state_apply(const Record *state, FeatureSet *set, StateApply one, Err *err);
bool state_bad(const Feature *feature, Err *err); /* the error for a state that does not hold together */

/* The values of a number feature without missing ones, from mem_get. */
double *feature_values(const FeatureSet *set, int i, size_t *n, Err *err);
/* The error "column 'X': its WHY" of a step; false. */
bool step_column_failed(const char *step, const Feature *feature, const char *why, Err *err);
bool feature_no_values(const char *step, const Feature *feature, Err *err);

#endif
