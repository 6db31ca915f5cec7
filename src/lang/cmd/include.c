/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/bind.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "file", OPTION_FILE, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a script" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    const char *path = session_path(session, call->arena, option_text(&call->options, "file"));
    if (session_include(session, path, call->node->span, err)) return true;
    if (err && !err->span.source) err->span = call_span(call, "file");
    return false;
}

const CommandKind command_include = {
    .kind = { .name = "include",
              .help = "runs the statements of another script here",
              .more = "Relative paths in it are relative to its own folder. It stops where a statement "
                      "fails; what ran "
                      "before is kept.",
              KIND_OPTIONS(options),
              .example = "let x = 3\nsave session \"steps.fns\"\ninclude \"steps.fns\"",
              .since = "1" },
    .group = "Language",
    .flags = COMMAND_RUNS,
    .run = run,
};
