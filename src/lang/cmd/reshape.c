/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/stack.h"

#include <string.h>

#include "lang/bind.h"
#include "lang/made_frame.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "to", OPTION_WORD, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, "long|wide", NULL,
      "long: columns become rows; wide: rows become columns" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "long: the columns that become rows" },
    { "id", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "wide: columns whose equal rows become one; the id role otherwise" },
    { "key", OPTION_TEXT, 0, "key", 0, 0, NULL, NULL,
      "long: the new column of names; wide: the column whose values become columns" },
    { "value", OPTION_TEXT, 0, "value", 0, 0, NULL, NULL,
      "long: the new column of cells; wide: that of the cells" },
};

static bool at_option(const Call *call, const char *option, Err *err)
{
    if (err && !err->span.source) err->span = call_span(call, option);
    return false;
}

static Frame *to_long(const Call *call, Err *err)
{
    int *columns;
    LongPlan plan = { .key = option_text(&call->options, "key"),
                      .value = option_text(&call->options, "value") };
    ValueList named = option_list(&call->options, "columns");
    if (!named.n) {
        ERR(err, reshape_columns, "name the columns that become rows: reshape FRAME long x1 x2 x3");
        return NULL;
    }
    if (option_given(&call->options, "id")) {
        ERR_AT(err, call_span(call, "id"), reshape_columns,
               "id= is for wide; to long, all columns that are not named stay beside each row");
        return NULL;
    }
    if (!frame_select(call->frame, named, false, call->arena, &columns, &plan.n, err)) {
        at_option(call, "columns", err);
        return NULL;
    }
    plan.columns = columns;
    return frame_long(call->frame, &plan, err);
}

static bool id_columns(const Call *call, WidePlan *plan, Err *err)
{
    int *ids = arena_take(call->arena, sizeof *ids), role = frame_role(call->frame, ROLE_ID);
    if (!option_given(&call->options, "id")) {
        if (role < 0) return ERR(err, reshape_columns, "say which rows become one: id=COLUMN");
        ids[0] = role;
        plan->n_ids = 1;
    } else if (!frame_select(call->frame, option_list(&call->options, "id"), false, call->arena, &ids,
                             &plan->n_ids, err)) {
        return at_option(call, "id", err);
    }
    plan->ids = ids;
    return true;
}

static Frame *to_wide(Session *session, const Call *call, Result *result, Err *err)
{
    WidePlan plan = { 0 };
    if (option_list(&call->options, "columns").n) {
        ERR_AT(err, call_span(call, "columns"), reshape_columns,
               "wide goes by id=, key= and value=; only long names columns");
        return NULL;
    }
    if (!id_columns(call, &plan, err)) return NULL;
    if (!frame_column(call->frame, option_text(&call->options, "key"), &plan.key, err)) {
        at_option(call, "key", err);
        return NULL;
    }
    if (!frame_column(call->frame, option_text(&call->options, "value"), &plan.value, err)) {
        at_option(call, "value", err);
        return NULL;
    }
    return frame_wide(call->frame, &plan, &result->notes, &session->progress, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    bool wide = !strcmp(option_text(&call->options, "to"), "wide");
    Frame *frame = wide ? to_wide(session, call, result, err) : to_long(call, err);
    if (!frame) return false;
    if (wide && call->frame->split) NOTE(&result->notes, group_parts, call->frame_name);
    return made_frame_put(session, call, frame, NULL, result, err);
}

const CommandKind command_reshape = {
    .kind = { .name = "reshape",
              .help = "makes a long table of a wide one, or a wide one of a long one",
              .more =
                  "long: each row becomes one row for each named column, with the column's name in key= and "
                  "its "
                  "cell in value=; all other columns are repeated, and a row's copies stay in its part of "
                  "the "
                  "split, with its number. wide: one row for each id, one column for each value of key= in "
                  "order, with the cells of value=, missing where there is none; a key that stands twice for "
                  "an "
                  "id is an error. Roles of id, time and group stay; the new frame of wide has rows numbered "
                  "from "
                  "1, no split, no recipe and no sample rule. Without `as` the first rows are shown and "
                  "nothing "
                  "is kept.",
              KIND_OPTIONS(options),
              .example = "simulate borrowers as loans rows=3\n"
                         "reshape loans long income burden key=item value=amount as items\n"
                         "aggregate loans every=year worst=max(dpd) as years\n"
                         "reshape years wide key=month value=worst",
              .since = "1" },
    .group = "Data",
    .form = "reshape FRAME long COLUMN ... [key=] [value=] | wide [id=COLUMN,...] key= value= [as NAME]",
    .flags = COMMAND_FRAME | COMMAND_AS | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
