/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST, NULL, 0, 0, NULL, NULL, "columns to drop" },
};

static bool drop_rows(Session *session, const Call *call, Frame *frame, Result *result, Err *err)
{
    uint8_t *flags;
    if (!session_rows_if(session, call->frame, call->condition, &flags, &result->notes, err)) return false;
    for (size_t i = 0; i < frame->n_rows; i++) flags[i] = !flags[i];
    bool ok = frame_filter(frame, flags, err);
    mem_free(flags);
    if (ok) result_line(result, "%s: %zu of %zu rows", call->frame_name, frame->n_rows, call->frame->n_rows);
    return ok;
}

static bool drop_columns(const Call *call, Frame *frame, Err *err)
{
    int *columns, n;
    bool ok = frame_select(call->frame, option_list(&call->options, "columns"), false, call->arena, &columns,
                           &n, err) &&
              frame_drop_columns(frame, columns, n, err);
    if (!ok && err && !err->span.source) err->span = call_span(call, "columns");
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    bool columns = option_given(&call->options, "columns");
    if (!columns && !call->condition)
        return ERR(err, missing_argument, "drop", "columns, or a condition: drop FRAME if ...");
    Frame *frame = frame_version(call->frame);
    bool ok = (!call->condition || drop_rows(session, call, frame, result, err)) &&
              (!columns || drop_columns(call, frame, err));
    if (!ok) {
        frame_unref(frame);
        return false;
    }
    session_set(session, call->frame_name, object_frame(frame));
    return true;
}

const CommandKind command_drop = {
    .kind = { .name = "drop",
              .help = "drops columns, or the rows that a condition selects",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=100\ndrop loans x5 x6\ndrop loans if x1 > 2",
              .since = "1" },
    .group = "Data",
    .form = "drop FRAME column ...|if CONDITION",
    .flags = COMMAND_FRAME | COMMAND_IF | COMMAND_UNDO,
    .run = run,
};
