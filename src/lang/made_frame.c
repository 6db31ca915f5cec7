/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/made_frame.h"

#include "data/gather.h"
#include "lang/bind.h"
#include "lang/eval.h"
#include "lang/frame_table.h"

enum { SHOWN = 20 };

static void show_rows(const Frame *frame, Result *result)
{
    uint32_t rows[SHOWN];
    size_t n = frame->n_rows < SHOWN ? frame->n_rows : SHOWN;
    for (uint32_t i = 0; i < n; i++) rows[i] = i;
    frame_table(result, frame, rows, n);
    if (n < frame->n_rows) result_line(result, "%zu of %zu rows; as NAME keeps them", n, frame->n_rows);
}

bool made_frame_put(Session *session, const Call *call, Frame *frame, const Frame *second, Result *result,
                    Err *err)
{
    const char *verb = call->command->kind.name;
    frame_set_origin(frame,
                     second
                         ? arena_format(call->arena, "%s %s %s", verb, call->frame_name, frame_label(second))
                         : arena_format(call->arena, "%s %s", verb, call->frame_name),
                     call->frame, second);
    record_number(call->arena, result->record, "rows", (double)frame->n_rows);
    record_number(call->arena, result->record, "columns", frame->n_columns);
    if (!call->as) {
        show_rows(frame, result);
        frame_unref(frame);
        return true;
    }
    result_line(result, "%s: %zu %s, %d %s", call->as, frame->n_rows,
                count_noun((double)frame->n_rows, "row", "rows"), frame->n_columns,
                count_noun(frame->n_columns, "column", "columns"));
    return session_put(session, call->as, object_frame(frame), call->replace, err);
}

static bool by_columns(const Call *call, GroupPlan *plan, Err *err)
{
    ValueList by = option_list(&call->options, "by");
    int *columns = NULL;
    if (by.n && !frame_select(call->frame, by, false, call->arena, &columns, &plan->n_by, err)) {
        if (err && !err->span.source) err->span = call_span(call, "by");
        return false;
    }
    plan->by = columns;
    return true;
}

static bool new_columns(Session *session, const Call *call, GroupPlan *plan, Err *err)
{
    GroupColumn *columns = arena_take(call->arena, (size_t)(call->n_news + 1) * sizeof *columns);
    if (!call->n_news)
        return ERR(err, missing_argument, call->command->kind.name, "a new column: NAME = mean(COLUMN)");
    for (int i = 0; i < call->n_news; i++) {
        Expr *expr;
        if (!eval_row(session, call->news[i].expression, &expr, err)) return false;
        columns[i] = (GroupColumn){ call->news[i].name, expr };
    }
    plan->columns = columns;
    plan->n = call->n_news;
    return true;
}

bool made_frame_group(Session *session, const Call *call, GroupPlan *plan, Result *result, Err *err)
{
    if (!by_columns(call, plan, err) || !new_columns(session, call, plan, err)) return false;
    Frame *frame = frame_group(call->frame, plan, &result->notes, &session->progress, err);
    if (!frame) return false;
    if (call->as && call->frame->split) NOTE(&result->notes, group_parts, call->frame_name);
    return made_frame_put(session, call, frame, NULL, result, err);
}
