/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "text", OPTION_TEXT, OPTION_POSITIONAL, "Press Enter to go on.", 0, 0, NULL, NULL, "what to say" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    if (session->display->wait(session->display, option_text(&call->options, "text"))) return true;
    return ERR(err, interrupted, NULL);
}

const CommandKind command_wait = {
    .kind = { .name = "wait",
              .help = "waits for Enter; goes on at once where nobody can answer",
              KIND_OPTIONS(options),
              .example = "wait \"The curve falls first, then turns.\"",
              .since = "1" },
    .group = "Session",
    .run = run,
};
