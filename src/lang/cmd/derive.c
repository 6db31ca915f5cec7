/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/expr/expr.h"
#include "data/rowprogram.h"
#include "lang/eval.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
};

/* The columns that stand for statistics of other frames, under their own text. */
static bool put_lookups(Session *session, const RowLookup *lookups, Frame *frame, Result *result, Err *err)
{
    for (const RowLookup *one = lookups; one; one = one->next) {
        Column *column;
        const Value *within = &one->lookup.within;
        bool is_ahead = within->type != VALUE_MISSING;
        if (frame_find(frame, one->name) >= 0) continue;
        if (!lookup_column(frame, &one->lookup, &result->notes, &session->progress, &column, err))
            return false;
        if (!frame_put_column(frame, one->name, column, is_ahead ? ROLE_HELD : ROLE_INPUT, false, err)) {
            column_unref(column);
            return false;
        }
        FrameColumn *made = &frame->columns[frame->n_columns - 1];
        int lead = expr_lead(one->lookup.value, one->lookup.other);
        made->lead = is_ahead || lead ? 1 : 0;
        made->ahead = expr_ahead(one->lookup.value, one->lookup.other);
        if (!is_ahead) continue;
        LeadTime window = { within->duration.months, within->duration.ns };
        made->ahead = (LeadTime){ made->ahead.months + window.months, made->ahead.ns + window.ns };
    }
    return true;
}

/* What other frames say is data, as if it had been loaded: no step of the row program, which has one frame.
 */
static bool drop_lookups(const RowLookup *lookups, Frame *frame, const RowProgram *program, Err *err)
{
    if (!lookups) return true;
    rowprogram_unref(frame->program);
    frame->program = rowprogram_ref(program);
    for (const RowLookup *one = lookups; one; one = one->next) {
        int column = frame_find(frame, one->name);
        if (column >= 0 && !frame_drop_columns(frame, &column, 1, err)) return false;
    }
    return true;
}

/* A row expression, with the statistics of other frames that it reads. */
static bool compile(Session *session, const Node *node, Expr **expr, RowLookup **lookups, Err *err)
{
    *lookups = NULL;
    session->lookups = lookups;
    bool done = eval_row(session, node, expr, err);
    session->lookups = NULL;
    return done;
}

/* One new column; later ones of the same statement may use it. */
static bool add_column(Session *session, const Call *call, const NewName *new_name, Frame *frame,
                       Result *result, Err *err)
{
    Expr *expr, *condition = NULL;
    RowLookup *lookups;
    ExprType type;
    if (!compile(session, new_name->expression, &expr, &lookups, err) ||
        !put_lookups(session, lookups, frame, result, err) || !expr_type(expr, frame, &type, err))
        return false;
    if (call->condition && !session_row_expression(session, frame, call->condition, &condition, err))
        return false;
    RowProgram *program = rowprogram_ref(frame->program);
    bool ok = rowprogram_derive(frame, new_name->name, expr, condition, call->replace, &result->notes,
                                &session->progress, err) &&
              drop_lookups(lookups, frame, program, err);
    rowprogram_unref(program);
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
              .more =
                  "An expression sees its own row, past rows of the same id (lag, mean(x, over=20)), or "
                  "rows of the same "
                  "time (rank(x, across=date)). A column made with lead is a future column: a target and "
                  "nothing else. "
                  "With `if` the other rows become missing, or keep their value with `replace`.\n"
                  "A statistic of another frame goes by the id roles of both: any(perf.dpd >= 90, "
                  "within=12mo) is on where a row of perf with the same id meets the condition in the 12 "
                  "months after the row's time, and missing where the data of perf end before that, or hold "
                  "no row of the id in the window: a target and nothing else, whose window is the gap that "
                  "splits keep. mean(perf.balance, over=6mo) takes the 6 months up to the row's time, "
                  "over=3 the last 3 rows. Such a column is data: new rows to predict bring it along.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=100\nderive loans risky = x1 > 1 and x2 < 0 x3sq = "
                  "x3 ^ 2\nhead loans 3\n"
                  "simulate borrowers as perf rows=50\n"
                  "aggregate perf every=year burden=last(burden) as apps\n"
                  "derive apps late = any(perf.dpd >= 30, within=12mo) before = max(perf.dpd, over=6mo)\n"
                  "role apps target=late",
              .since = "1" },
    .group = "Data",
    .form = "derive FRAME NAME = EXPRESSION ... [if CONDITION] [replace]",
    .flags = COMMAND_FRAME | COMMAND_NEWS | COMMAND_REPLACE | COMMAND_IF | COMMAND_UNDO,
    .run = run,
};
