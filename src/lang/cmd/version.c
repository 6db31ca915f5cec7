/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "number", OPTION_INTEGER, OPTION_POSITIONAL, NULL, 1, 1e6, NULL, NULL,
      "the language a script is written for: 1" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)session;
    const Option *number = option_get(&call->options, "number");
    if (number->given && number->value.number != 1)
        return ERR_AT(err, number->span, out_of_range, "version", "1, the only language there is",
                      INT(number->value.number));
    if (!number->given) result_line(result, "language 1");
    return true;
}

const CommandKind command_version = {
    .kind = { .name = "version",
              .help = "pins the language that a script is written for",
              KIND_OPTIONS(options),
              .example = "version 1",
              .since = "1" },
    .group = "Language",
    .run = run,
};
