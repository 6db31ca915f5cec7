/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "digits", OPTION_INTEGER, 0, NULL, 1, 17, NULL, NULL, "significant digits of numbers" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)session, (void)err;
    int digits = (int)option_integer(&call->options, "digits");
    Buf line = { 0 };
    for (int i = 0; i < call->n_values; i++) {
        if (i) buf_putc(&line, ' ');
        value_show(&line, &call->values[i], digits);
    }
    result_line(result, "%s", buf_text(&line));
    buf_free(&line);
    return true;
}

const CommandKind command_print = {
    .kind = { .name = "print",
              .help = "writes values on one line",
              KIND_OPTIONS(options),
              .example = "print \"one third is\" 1 / 3 digits=3",
              .since = "1" },
    .group = "Language",
    .form = "print EXPRESSION ... [digits=]",
    .flags = COMMAND_VALUES,
    .run = run,
};
