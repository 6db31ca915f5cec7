/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/recipe.h"

static NamedRecipe *find(const Frame *frame, const char *name)
{
    for (int i = 0; i < frame->n_named; i++)
        if (!strcmp(frame->named[i].name, name)) return &frame->named[i];
    return NULL;
}

bool frame_has_recipe(const Frame *frame, const char *name)
{
    return !name || find(frame, name);
}

Recipe *frame_recipe(const Frame *frame, const char *name, Err *err)
{
    if (!name) return frame->recipe;
    NamedRecipe *named = find(frame, name);
    if (named) return named->recipe;
    const char *names[64];
    size_t n = 0;
    for (int i = 0; i < frame->n_named && n < 64; i++) names[n++] = frame->named[i].name;
    ERR(err, no_recipe, name);
    err_suggest(err, name, names, n);
    return NULL;
}

void frame_set_recipe(Frame *frame, const char *name, Recipe *recipe)
{
    NamedRecipe *named = name ? find(frame, name) : NULL;
    if (!name || named) {
        Recipe **place = name ? &named->recipe : &frame->recipe;
        recipe_unref(*place);
        *place = recipe;
        return;
    }
    NamedRecipe *grown = arena_take(frame->arena, (size_t)(frame->n_named + 1) * sizeof *grown);
    if (frame->n_named) memcpy(grown, frame->named, (size_t)frame->n_named * sizeof *grown);
    grown[frame->n_named++] = (NamedRecipe){ arena_text(frame->arena, name), recipe };
    frame->named = grown;
}

Frame *frame_with_recipe(const Frame *frame, const char *name, Err *err)
{
    Recipe *recipe = frame_recipe(frame, name, err);
    if (!recipe) return NULL;
    Frame *version = frame_version(frame);
    frame_set_recipe(version, NULL, recipe_ref(recipe));
    return version;
}
