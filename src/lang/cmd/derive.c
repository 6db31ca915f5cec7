/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/expr/expr.h"
#include "data/rowprogram.h"
#include "lang/eval.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
};

/* One new column; later ones of the same statement may use it. */
static bool add_column(Session *session, const Call *call, const NewName *new_name, Frame *frame,
                       Result *result, Err *err)
{
    Expr *expr, *condition = NULL;
    if (!session_row_expression(session, frame, new_name->expression, &expr, err)) return false;
    if (call->condition && !session_row_expression(session, frame, call->condition, &condition, err))
        return false;
    bool ok = rowprogram_derive(frame, new_name->name, expr, condition, call->replace, &result->notes,
                                &session->progress, err);
    if (!ok && err && !err->span.source) err->span = new_name->name_span;
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    if (!call->n_news) return ERR(err, missing_argument, "derive", "a new column: NAME = EXPRESSION");
    Frame *frame = frame_version(call->frame);
    for (int i = 0; i < call->n_news; i++) {
        if (add_column(session, call, &call->news[i], frame, result, err)) continue;
        frame_unref(frame);
        return false;
    }
    session_set(session, call->frame_name, object_frame(frame));
    return true;
}

const CommandKind command_derive = {
    .kind = { .name = "derive",
              .help = "makes columns from other columns",
              .more = "An expression sees its own row, past rows of the same id (lag, mean(x, over=20)), or "
                      "rows of the same "
                      "time (rank(x, across=date)). A column made with lead is a future column: a target and "
                      "nothing else. "
                      "With `if` the other rows become missing, or keep their value with `replace`.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=100\nderive loans risky = x1 > 1 and x2 < 0 x3sq = "
                         "x3 ^ 2\nhead loans 3",
              .since = "1" },
    .group = "Data",
    .form = "derive FRAME NAME = EXPRESSION ... [if CONDITION] [replace]",
    .flags = COMMAND_FRAME | COMMAND_NEWS | COMMAND_REPLACE | COMMAND_IF | COMMAND_UNDO,
    .run = run,
};
