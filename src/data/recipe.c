/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes as definitions: immutable lists of steps with their options. */
#include "data/recipe.h"

#include <string.h>

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

/* The options of steps that hold column names; patterns and ranges are none. */
static const char *const name_options[] = { "columns", "by" };
enum { N_NAME_OPTIONS = 2 };

static bool names_column(const Value *item, const char *name)
{
    return (item->type == VALUE_WORD || item->type == VALUE_TEXT) && !strcmp(item->text, name);
}

static bool recipe_names(const Recipe *recipe, const char *name)
{
    for (int i = 0; i < recipe->n * N_NAME_OPTIONS; i++) {
        ValueList items =
            option_list(recipe->steps[i / N_NAME_OPTIONS].options, name_options[i % N_NAME_OPTIONS]);
        for (int k = 0; k < items.n; k++)
            if (names_column(&items.items[k], name)) return true;
    }
    return false;
}

static void rename_in(Options *options, const char *option, Arena *arena, const char *from, const char *to)
{
    ValueList items = option_list(options, option);
    for (int k = 0; k < items.n; k++)
        if (names_column(&items.items[k], from)) items.items[k].text = arena_text(arena, to);
}

Recipe *recipe_renamed(const Recipe *recipe, const char *from, const char *to)
{
    if (!recipe_names(recipe, from)) return recipe_ref(recipe);
    Recipe *renamed = recipe_new();
    renamed->steps = arena_take(renamed->arena, (size_t)recipe->n * sizeof *renamed->steps);
    renamed->n = recipe->n;
    for (int i = 0; i < recipe->n; i++) {
        Options *options = options_copy(renamed->arena, recipe->steps[i].options);
        for (int k = 0; k < N_NAME_OPTIONS; k++)
            rename_in(options, name_options[k], renamed->arena, from, to);
        renamed->steps[i] = (StepDef){ recipe->steps[i].kind, options };
    }
    return renamed;
}
