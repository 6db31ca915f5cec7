/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/frame_table.h"
#include "lang/seen_frame.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "n", OPTION_INTEGER, OPTION_POSITIONAL, "6", 1, 1e6, NULL, NULL, "how many rows" },
    { "part", OPTION_PART, 0, "all", 0, 0, NULL, NULL, "rows of one part only" },
    SEEN_FRAME_OPTION,
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Call seen;
    if (!seen_frame(session, call, &seen, result, err)) return false;
    bool ok = frame_table_end(session, &seen, true, result, err);
    frame_unref(seen.frame);
    return ok;
}

const CommandKind command_tail = {
    .kind = { .name = "tail",
              .help = "shows the last rows of a frame",
              .more = "The first column is the row's number in the file or simulation it came from. "
                      "recipe=on shows the inputs of a net in place of the columns.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\nscale toy\ntail toy 3\ntail toy 3 recipe=on",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME,
    .run = run,
};
