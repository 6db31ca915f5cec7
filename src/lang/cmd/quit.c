/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "status", OPTION_INTEGER, OPTION_POSITIONAL, "0", 0, 255, NULL, NULL, "exit status" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result, (void)err;
    session->quit = true;
    session->quit_status = (int)option_integer(&call->options, "status");
    return true;
}

const CommandKind command_quit = {
    .kind = { .name = "quit", .help = "ends fns", KIND_OPTIONS(options), .example = "quit", .since = "1" },
    .group = "Session",
    .run = run,
};
