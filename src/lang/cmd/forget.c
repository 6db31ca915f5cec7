/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "names", OPTION_TEXT, OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "what to forget; `all` is everything" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    ValueList names = option_list(&call->options, "names");
    if (names.n == 1 && !strcmp(names.items[0].text, "all")) {
        while (session->names.n)
            if (!session_forget(session, session->names.items[0].name, err)) return false;
        return true;
    }
    for (int i = 0; i < names.n; i++) {
        if (session_forget(session, names.items[i].text, err)) continue;
        if (err) err->span = option_get(&call->options, "names")->span;
        return false;
    }
    return true;
}

static void complete(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context)
{
    (void)prefix;
    for (int i = 0; i < session->names.n; i++) add(context, session->names.items[i].name);
}

const CommandKind command_forget = {
    .kind = { .name = "forget",
              .help = "forgets names; undo brings them back",
              KIND_OPTIONS(options),
              .example = "let n = 3\nforget n",
              .since = "1" },
    .group = "Session",
    .form = "forget NAME ...|all",
    .flags = COMMAND_UNDO,
    .run = run,
    .complete = complete,
};
