/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/frame_table.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "n", OPTION_INTEGER, OPTION_POSITIONAL, "6", 1, 1e6, NULL, NULL, "how many rows" },
    { "part", OPTION_PART, 0, "all", 0, 0, NULL, NULL, "rows of one part only" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    return frame_table_end(session, call, true, result, err);
}

const CommandKind command_tail = {
    .kind = { .name = "tail",
              .help = "shows the last rows of a frame",
              .more = "The first column is the row's number in the file or simulation it came from.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\ntail toy 3",
              .since = "1" },
    .group = "Data",
    .flags = COMMAND_FRAME,
    .run = run,
};
