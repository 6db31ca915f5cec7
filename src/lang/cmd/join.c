/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/join.h"

#include <string.h>

#include "lang/bind.h"
#include "lang/made_frame.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "the frame whose rows stay" },
    { "other", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "the frame whose columns are added" },
    { "key", OPTION_ANY, OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "columns whose values must agree: of both, or {id=customer} where the other frame calls it customer" },
    { "asof", OPTION_COLUMN, 0, NULL, 0, 0, NULL, NULL,
      "a time: only the last row of the other frame at or before it" },
    { "within", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL, "with asof=: no older than this (30d, 3mo)" },
    { "strict", OPTION_BOOL, 0, "off", 0, 0, NULL, NULL, "with asof=: before the time, not at it" },
    { "kind", OPTION_WORD, 0, "left", 0, 0, "left|inner", NULL,
      "left: rows without a match stay, with missing cells; inner: they go" },
};

static bool at_option(const Call *call, const char *option, Err *err)
{
    if (err && !err->span.source) err->span = call_span(call, option);
    return false;
}

/* One name in both frames. */
static bool same_keys(const Call *call, const Frame *other, ValueList keys, JoinPlan *plan, Err *err)
{
    int *left = NULL, *right;
    if (keys.n && !frame_select(call->frame, keys, false, call->arena, &left, &plan->n_keys, err))
        return false;
    right = arena_take(call->arena, (size_t)(plan->n_keys + 1) * sizeof *right);
    for (int k = 0; k < plan->n_keys; k++) {
        const char *name = call->frame->columns[left[k]].name;
        if (frame_column(other, name, &right[k], err)) continue;
        return err_hint(err, "where it has another name in %s write key={%s=NAME}", frame_label(other), name);
    }
    plan->left_keys = left;
    plan->right_keys = right;
    return true;
}

/* key={id=customer, day=date}: the name here, the name there. */
static bool paired_keys(const Call *call, const Frame *other, const Record *pairs, JoinPlan *plan, Err *err)
{
    int *left = arena_take(call->arena, (size_t)(pairs->n + 1) * sizeof *left);
    int *right = arena_take(call->arena, (size_t)(pairs->n + 1) * sizeof *right);
    for (int k = 0; k < pairs->n; k++) {
        const Value *there = pairs->members[k].value;
        if (there->type != VALUE_WORD && there->type != VALUE_TEXT)
            return ERR(err, bad_value, "key", "names of columns, as {id=customer}",
                       value_type_name(there->type));
        if (!frame_column(call->frame, pairs->members[k].name, &left[k], err) ||
            !frame_column(other, there->text, &right[k], err))
            return false;
    }
    plan->left_keys = left;
    plan->right_keys = right;
    plan->n_keys = pairs->n;
    return true;
}

static bool key_columns(const Call *call, const Frame *other, JoinPlan *plan, Err *err)
{
    ValueList keys = option_list(&call->options, "key");
    bool paired = keys.n == 1 && keys.items[0].type == VALUE_RECORD;
    bool done = paired ? paired_keys(call, other, keys.items[0].record, plan, err)
                       : same_keys(call, other, keys, plan, err);
    return done || at_option(call, "key", err);
}

/* The other frame's time: its column of the same name, else its time role. */
static bool asof_columns(const Call *call, const Frame *other, JoinPlan *plan, Err *err)
{
    const char *name = option_text(&call->options, "asof");
    plan->left_time = plan->right_time = -1;
    plan->within = option_get(&call->options, "within")->value;
    plan->strict = option_bool(&call->options, "strict");
    if (!name) {
        const char *alone = option_given(&call->options, "within") ? "within" : "strict";
        if (!option_given(&call->options, "within") && !plan->strict) return true;
        return ERR_AT(err, call_span(call, alone), missing_argument, "join",
                      "asof= beside within= and strict=");
    }
    if (!frame_column(call->frame, name, &plan->left_time, err)) return at_option(call, "asof", err);
    plan->right_time = frame_find(other, name);
    if (plan->right_time < 0) plan->right_time = frame_role(other, ROLE_TIME);
    return plan->right_time >= 0 ||
           ERR_AT(err, call_span(call, "asof"), join_no_asof, frame_label(other), name);
}

static bool fill_plan(const Call *call, const Frame *other, JoinPlan *plan, Err *err)
{
    if (!key_columns(call, other, plan, err) || !asof_columns(call, other, plan, err)) return false;
    if (!plan->n_keys && plan->left_time < 0) return ERR(err, join_no_key, NULL);
    plan->inner = !strcmp(option_text(&call->options, "kind"), "inner");
    return true;
}

/* Rows of later times may be met where nothing ties the times. */
static void note_times(const Frame *other, const JoinPlan *plan, Result *result)
{
    int time = frame_role(other, ROLE_TIME);
    bool tied = time < 0 || plan->left_time >= 0;
    for (int k = 0; k < plan->n_keys; k++) tied = tied || plan->right_keys[k] == time;
    if (!tied) NOTE(&result->notes, join_later_rows, frame_label(other));
}

static void report(const Call *call, const Frame *other, const JoinCounts *counts, Result *result)
{
    Record *record = result->record;
    record_number(call->arena, record, "matched", (double)counts->matched);
    record_number(call->arena, record, "unmatched", (double)counts->unmatched);
    record_number(call->arena, record, "multiplied", (double)counts->multiplied);
    record_number(call->arena, record, "unused", (double)counts->unused);
    result_line(result, "%zu of %zu rows of %s matched, %zu unmatched; %zu %s of %s not used",
                counts->matched, call->frame->n_rows, call->frame_name, counts->unmatched, counts->unused,
                count_noun((double)counts->unused, "row", "rows"), frame_label(other));
    if (counts->multiplied)
        result_line(result, "%zu %s several matches and became %zu rows", counts->multiplied,
                    count_noun((double)counts->multiplied, "row had", "rows had"), counts->copies);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    JoinPlan plan = { 0 };
    JoinCounts counts;
    const Frame *other = session_frame(session, option_text(&call->options, "other"), err);
    if (!other || !fill_plan(call, other, &plan, err)) return false;
    Frame *frame = frame_join(call->frame, other, &plan, &counts, &result->notes, &session->progress, err);
    if (!frame) return at_option(call, plan.n_keys ? "key" : "asof", err);
    note_times(other, &plan, result);
    report(call, other, &counts, result);
    return made_frame_put(session, call, frame, other, result, err);
}

const CommandKind command_join = {
    .kind = { .name = "join",
              .help = "adds to each row the columns of the rows of another frame with the same key",
              .more =
                  "Rows keep their order; a row with several matches becomes as many. asof= takes the last "
                  "row "
                  "of the other frame at or before the time (strict=on: before it), so that nothing later "
                  "than "
                  "the row is seen: its time is the column of that name, else its time role; of times that "
                  "are "
                  "equal, the last row. A coarser period there counts from its end: January is known on the "
                  "first of February. A missing key meets nothing. Texts and categories, integers and "
                  "numbers "
                  "may meet; other types may not. A name that is taken becomes NAME_FRAME.\n"
                  "The new frame keeps the first one's roles, event, split (a row stays in its part), "
                  "recipe, "
                  "sample rule and row numbers; columns of the other one with a role are held, and its "
                  "derived "
                  "columns count as raw: to predict, join new rows in the same way.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=100\n"
                         "derive loans risky = x1 > 0\n"
                         "group loans by=risky spread=std(x2) as rates\n"
                         "join loans rates key=risky as loans2\n"
                         "rename rates risky=group\njoin loans rates key={risky=group} as loans3\n"
                         "simulate garch as prices rows=60\nsimulate garch as other rows=40\n"
                         "join prices other asof=t within=30 strict=on as both",
              .since = "1" },
    .group = "Data",
    .form = "join FRAME OTHER key=COLUMN,...|{COLUMN=ITS NAME THERE} [asof=TIME] [within=] [strict=on] "
            "[kind=left|inner] as NAME",
    .flags = COMMAND_FRAME | COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
