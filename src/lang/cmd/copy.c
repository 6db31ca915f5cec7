/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "name", OPTION_OBJECT, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "what to copy" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    Object *object = session_get(session, option_text(&call->options, "name"));
    return session_put(session, call->as, object_again(object), call->replace, err);
}

const CommandKind command_copy = {
    .kind = { .name = "copy",
              .help = "gives a frame, net or value a second name; from then on each changes alone",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\ncopy toy as toy2",
              .since = "1" },
    .group = "Session",
    .flags = COMMAND_AS | COMMAND_AS_REQUIRED | COMMAND_REPLACE | COMMAND_UNDO,
    .run = run,
};
