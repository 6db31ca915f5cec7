/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)call;
    if (!session_redo(session, err)) return false;
    result_line(result, "done again: %s", session->undo[session->n_undo - 1].words);
    return true;
}

const CommandKind command_redo = {
    .kind = { .name = "redo",
              .help = "does again what undo took back",
              .example = "let n = 3\nundo\nredo",
              .since = "1" },
    .group = "Session",
    .run = run,
};
