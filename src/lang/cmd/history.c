/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "n", OPTION_INTEGER, OPTION_POSITIONAL, "20", 1, 1e6, NULL, NULL, "how many of the last statements" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)err;
    int n = (int)option_integer(&call->options, "n");
    int from = session->n_journal;
    for (int left = n; from > 0 && left > 0; from--) left -= !session->journal[from - 1].undone;
    for (int i = from; i < session->n_journal; i++)
        if (!session->journal[i].undone) result_line(result, "%s", session->journal[i].text);
    return true;
}

const CommandKind command_history = {
    .kind = { .name = "history",
              .help = "shows the statements of this session that succeeded",
              KIND_OPTIONS(options),
              .example = "let n = 3\nhistory",
              .since = "1" },
    .group = "Session",
    .run = run,
};
