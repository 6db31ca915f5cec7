/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/prep.h"
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
};

static void list_steps(const Call *call, const Recipe *recipe, const char *name, Result *result)
{
    if (!recipe->n) {
        result_line(result, "%s: the recipe%s%s is empty", call->frame_name, name ? " " : "",
                    name ? name : "");
        return;
    }
    Table *table = result_table(result, name ? name : "recipe",
                                name ? arena_format(call->arena, "recipe %s", name) : NULL);
    table_column(call->arena, table, "#", ALIGN_RIGHT, 0);
    table_column(call->arena, table, "step", ALIGN_LEFT, 0);
    for (int i = 0; i < recipe->n; i++) {
        Buf text = { 0 };
        buf_printf(&text, "%s ", recipe->steps[i].kind->kind.name);
        options_write(&text, recipe->steps[i].options);
        Value *row = table_row(call->arena, table);
        row[0] = value_number(i + 1);
        row[1] = value_text(call->arena, buf_text(&text));
        buf_free(&text);
    }
}

enum { LEARNED_MOST = 160 }; /* characters of what a step learned of a column; donors of knn fill pages */

/* Long ones are cut, between characters. */
static const char *learned_text(Arena *arena, const Buf *text)
{
    size_t at = LEARNED_MOST;
    if (text->length <= LEARNED_MOST) return buf_text(text);
    while (at > 0 && (buf_text(text)[at] & 0xC0) == 0x80) at--;
    return arena_format(arena, "%.*s ...", (int)at, buf_text(text));
}

/* What each step learned from the training rows. */
static void list_states(const Call *call, const Prep *prep, Result *result)
{
    Table *table = result_table(result, "learned",
                                arena_format(call->arena, "learned from %zu training %s", prep->n_train,
                                             count_noun((double)prep->n_train, "row", "rows")));
    table_column(call->arena, table, "step", ALIGN_LEFT, 0);
    table_column(call->arena, table, "column", ALIGN_LEFT, 0);
    table_column(call->arena, table, "learned", ALIGN_LEFT, 0);
    for (int i = 0; i < prep->n_steps; i++) {
        const Record *state = prep->steps[i].state;
        for (int k = 0; k < state->n; k++) {
            Buf text = { 0 };
            value_show(&text, state->members[k].value, 4);
            Value *row = table_row(call->arena, table);
            row[0] = value_text(call->arena, prep->steps[i].kind->kind.name);
            row[1] = value_text(call->arena, state->members[k].name);
            row[2] = value_text(call->arena, learned_text(call->arena, &text));
            buf_free(&text);
        }
    }
    result_line(result, "%d inputs of a net", prep->n_features);
    record_number(call->arena, result->record, "inputs", prep->n_features);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)err;
    list_steps(call, call->frame->recipe, NULL, result);
    for (int i = 0; i < call->frame->n_named; i++)
        list_steps(call, call->frame->named[i].recipe, call->frame->named[i].name, result);
    Err problem = { 0 };
    Prep *prep = prep_fit(call->frame, call->frame_name, (ValueList){ 0 }, false, &result->notes,
                          &session->progress, &problem);
    if (prep)
        list_states(call, prep, result);
    else
        result_line(result, "it cannot be fitted yet: %s", problem.message);
    prep_unref(prep);
    return true;
}

const CommandKind command_recipe = {
    .kind = { .name = "recipe",
              .help = "shows the steps of a frame's recipe and what they learned from the training rows",
              .more = "recipe FRAME as NAME ... end writes a second recipe, for `input FRAME recipe=NAME`.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=1000\nsplit loans train=60% valid=20% "
                         "test=20%\nscale loans\nrecipe loans",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_LAST,
    .run = run,
};
