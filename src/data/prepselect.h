/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which working columns a recipe step takes. */
#ifndef FNS_DATA_PREPSELECT_H
#define FNS_DATA_PREPSELECT_H

#include "data/recipe.h"

/* Resolves the step's "columns" option: features by name, or those made from the input columns that
 * frame_select finds; every feature that the step accepts where nothing is named. Flags never; a column
 * named outright must be accepted. Columns that this net does not use are passed over. out: n places in
 * the set, from the arena. */
bool prep_select(const Frame *frame, const StepDef *step, const FeatureSet *set, Arena *arena, int **out,
                 int *n, Err *err);

#endif
