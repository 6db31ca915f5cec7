/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/step_command.h"

#include <string.h>

#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec frame_option = {
    "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0,
    NULL,    NULL,         "the frame whose recipe grows"
};

/* The columns that are named must exist and be inputs; patterns and classes resolve when the recipe is
 * fitted. */
static bool check_columns(const Call *call, const Options *options, Err *err)
{
    int *columns, n;
    ValueList selection = option_list(options, "columns");
    if (!selection.n || frame_select(call->frame, selection, true, call->arena, &columns, &n, err))
        return true;
    if (err && !err->span.source) err->span = call_span(call, "columns");
    return false;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const StepKind *step = (const StepKind *)kind_find(&step_kinds, call->command->kind.name);
    Options options = { &step->kind, call->options.items + 1 };
    if (!check_columns(call, &options, err)) return false;
    const char *name = session->with_recipe;
    Recipe *recipe = name && !frame_has_recipe(call->frame, name)
                         ? recipe_new()
                         : recipe_ref(frame_recipe(call->frame, name, err));
    Frame *frame = frame_version(call->frame);
    frame_set_recipe(frame, name, recipe_with(recipe, step, &options));
    recipe_unref(recipe);
    session_set(session, call->frame_name, object_frame(frame));
    (void)result;
    return true;
}

void step_command_make(const StepKind *step, CommandKind *out)
{
    int n = step->kind.n_options + 1;
    OptionSpec *specs = mem_own((size_t)n * sizeof *specs);
    specs[0] = frame_option;
    memcpy(specs + 1, step->kind.options, (size_t)(n - 1) * sizeof *specs);
    *out = (CommandKind){
        .kind = step->kind, .group = "Recipe", .flags = COMMAND_FRAME | COMMAND_UNDO, .run = run
    };
    out->kind.options = specs;
    out->kind.n_options = n;
}
