/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    uint8_t *flags;
    if (!call->condition) return ERR(err, missing_argument, "keep", "a condition: keep FRAME if ...");
    if (!session_rows_if(session, call->frame, call->condition, &flags, &result->notes, err)) return false;
    Frame *frame = frame_version(call->frame);
    bool ok = frame_filter(frame, flags, err);
    mem_free(flags);
    if (!ok) {
        frame_unref(frame);
        return false;
    }
    result_line(result, "%s: %zu of %zu rows", call->frame_name, frame->n_rows, call->frame->n_rows);
    session_set(session, call->frame_name, object_frame(frame));
    return true;
}

const CommandKind command_keep = {
    .kind = { .name = "keep",
              .help = "keeps the rows that a condition selects",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=100\nkeep loans if x1 > 0",
              .since = "1" },
    .group = "Data",
    .form = "keep FRAME if CONDITION",
    .flags = COMMAND_FRAME | COMMAND_IF | COMMAND_UNDO,
    .run = run,
};
