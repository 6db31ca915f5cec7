/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/woe_recipe.h"

#include <string.h>

static Recipe *extend(Recipe *recipe, const StepKind *kind, const Options *options)
{
    Recipe *longer = recipe_with(recipe, kind, options);
    recipe_unref(recipe);
    return longer;
}

/* `bin method=monotone`, `encode method=woe`. */
static Recipe *add_step(Recipe *recipe, const char *step, const char *method, Arena *arena, Err *err)
{
    const StepKind *kind = (const StepKind *)kind_find(&step_kinds, step);
    Arg arg = { .key = "method", .value = value_word(arena, method) };
    Options options;
    if (options_bind(&kind->kind, &(Args){ &arg, 1 }, arena, (Span){ 0 }, &options, err))
        return extend(recipe, kind, &options);
    recipe_unref(recipe);
    return NULL;
}

Recipe *woe_recipe_bins(const Recipe *recipe, bool encode, Arena *arena, Err *err)
{
    Recipe *made = recipe_new();
    for (int i = 0; i < recipe->n; i++)
        if (!strcmp(recipe->steps[i].kind->kind.name, "bin"))
            made = extend(made, recipe->steps[i].kind, recipe->steps[i].options);
    made = add_step(made, "bin", "monotone", arena, err);
    return made && encode ? add_step(made, "encode", "woe", arena, err) : made;
}

static bool is_woe(const StepDef *step)
{
    return !strcmp(step->kind->kind.name, "encode") && !strcmp(option_text(step->options, "method"), "woe");
}

Recipe *woe_recipe_before(const Recipe *recipe)
{
    Recipe *made = recipe_new();
    for (int i = 0; i < recipe->n; i++)
        if (!is_woe(&recipe->steps[i])) made = extend(made, recipe->steps[i].kind, recipe->steps[i].options);
    return made;
}
