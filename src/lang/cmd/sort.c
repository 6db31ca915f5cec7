/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "columns", OPTION_COLUMNS, OPTION_POSITIONAL | OPTION_LIST | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "columns, the most important first" },
    { "order", OPTION_WORD, 0, "up", 0, 0, "up|down", NULL, "smallest or largest first" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    int *columns, n;
    if (!frame_select(call->frame, option_list(&call->options, "columns"), false, call->arena, &columns, &n,
                      err)) {
        if (err && !err->span.source) err->span = call_span(call, "columns");
        return false;
    }
    bool down = !strcmp(option_text(&call->options, "order"), "down");
    SortKey *keys = arena_take(call->arena, (size_t)n * sizeof *keys);
    for (int i = 0; i < n; i++) keys[i] = (SortKey){ columns[i], down };
    Frame *frame = frame_version(call->frame);
    if (!frame_sort(frame, keys, n, err)) {
        frame_unref(frame);
        return false;
    }
    session_set(session, call->frame_name, object_frame(frame));
    return true;
}

const CommandKind command_sort = {
    .kind = { .name = "sort",
              .help = "puts the rows in order; equal rows keep theirs, missing values come last",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=100\nsort loans x1 order=down\nhead loans 3",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME | COMMAND_UNDO,
    .run = run,
};
