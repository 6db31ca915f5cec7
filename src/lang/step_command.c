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

/* Those of by= and its like, which name one column. */
static bool check_column_options(const Call *call, const Options *options, Err *err)
{
    for (int i = 0; i < options->kind->n_options; i++) {
        int column;
        const Option *option = &options->items[i];
        if (options->kind->options[i].type != OPTION_COLUMN || !option->given) continue;
        if (option->value.type == VALUE_MISSING ||
            frame_column(call->frame, option->value.text, &column, err))
            continue;
        if (err && !err->span.source) err->span = option->span;
        return false;
    }
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const StepKind *step = (const StepKind *)kind_find(&step_kinds, call->command->kind.name);
    Options options = { &step->kind, call->options.items + 1 };
    if (!check_columns(call, &options, err) || !check_column_options(call, &options, err)) return false;
    int time = frame_role(call->frame, ROLE_TIME);
    const char *time_name = time < 0 ? NULL : call->frame->columns[time].name;
    if (step->ask && !step->ask(&options, time_name, &result->notes, err)) return false;
    const char *name = session->with_recipe;
    Recipe *recipe = name && !frame_has_recipe(call->frame, name)
                         ? recipe_new()
                         : recipe_ref(frame_recipe(call->frame, name, err));
    Frame *frame = frame_version(call->frame);
    frame_set_recipe(frame, name, recipe_with(recipe, step, &options));
    recipe_unref(recipe);
    session_set(session, call->frame_name, object_frame(frame));
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
