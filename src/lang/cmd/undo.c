/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)call;
    if (!session_undo(session, err)) return false;
    result_line(result, "undone: %s", session->redo[session->n_redo - 1].words);
    return true;
}

const CommandKind command_undo = {
    .kind = { .name = "undo",
              .help = "takes back the last step: names, frames, nets, values, settings",
              .more = "One step is one simple statement in a file, one entry at the prompt. Files, what was "
                      "printed, and the "
                      "counters of trials and of test openings stay.",
              .example = "let n = 3\nundo",
              .since = "1" },
    .group = "Session",
    .run = run,
};
