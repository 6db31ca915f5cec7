/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes that bin every column, for what is said of bins. */
#ifndef FNS_LANG_WOE_RECIPE_H
#define FNS_LANG_WOE_RECIPE_H

#include "data/recipe.h"

/* The bin steps of a recipe, then monotone bins of the numbers that are left; with `encode` their weights of
 * evidence behind them. A new reference, or NULL. */
Recipe *woe_recipe_bins(const Recipe *recipe, bool encode, Arena *arena, Err *err);
/* The recipe without its steps `encode method=woe`. */
Recipe *woe_recipe_before(const Recipe *recipe);

#endif
