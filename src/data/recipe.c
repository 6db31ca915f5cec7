/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes as definitions: immutable lists of steps with their options. */
#include "data/recipe.h"

Recipe *recipe_new(void)
{
    Recipe *recipe = mem_own(sizeof *recipe);
    atomic_init(&recipe->refs, 1);
    recipe->arena = arena_new();
    return recipe;
}

Recipe *recipe_ref(const Recipe *recipe)
{
    Recipe *shared = (Recipe *)recipe;
    if (shared) atomic_fetch_add(&shared->refs, 1);
    return shared;
}

void recipe_unref(const Recipe *recipe)
{
    Recipe *own = (Recipe *)recipe;
    if (!own || atomic_fetch_sub(&own->refs, 1) != 1) return;
    arena_free(own->arena);
    mem_free(own);
}

Recipe *recipe_with(const Recipe *recipe, const StepKind *kind, const Options *options)
{
    Recipe *longer = recipe_new();
    int n = recipe ? recipe->n : 0;
    longer->steps = arena_take(longer->arena, ((size_t)n + 1) * sizeof *longer->steps);
    for (int i = 0; i < n; i++)
        longer->steps[i] =
            (StepDef){ recipe->steps[i].kind, options_copy(longer->arena, recipe->steps[i].options) };
    longer->steps[n] = (StepDef){ kind, options_copy(longer->arena, options) };
    longer->n = n + 1;
    return longer;
}
