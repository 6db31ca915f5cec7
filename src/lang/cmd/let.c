/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)result;
    for (int i = 0; i < call->n_news; i++) {
        Value value;
        if (!session_value(session, call->news[i].expression, &value, err)) return false;
        if (!session_let(session, call->news[i].name, value, err)) {
            if (err && !err->span.source) err->span = call->news[i].name_span;
            return false;
        }
    }
    return true;
}

const CommandKind command_let = {
    .kind = { .name = "let",
              .help = "gives a value a name",
              .more = "Inside a def the name is local. $name stands for the value.",
              .example = "let n = 3 lr = 0.01 * $n\nprint \"n is $n, lr is $lr\"",
              .since = "1" },
    .group = "Language",
    .form = "let NAME = EXPRESSION ...",
    .flags = COMMAND_NEWS | COMMAND_UNDO,
    .run = run,
};
