/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/bind.h"
#include "lang/sample_report.h"

static const OptionSpec options[] = {
    { "frame", OPTION_FRAME, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a frame" },
    { "length", OPTION_INTEGER, OPTION_REQUIRED, NULL, 1, 1e6, NULL, NULL,
      "rows of a window: the target row and those before it" },
    { "step", OPTION_INTEGER, 0, "1", 1, 1e6, NULL, NULL, "rows from one target row of an id to the next" },
    { "horizon", OPTION_INTEGER, 0, "0", 0, 1e6, NULL, NULL,
      "the label is that of so many rows later of the same id" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    SampleRule rule = { .kind = SAMPLE_WINDOW,
                        .length = option_integer(&call->options, "length"),
                        .step = option_integer(&call->options, "step"),
                        .horizon = option_integer(&call->options, "horizon") };
    return sample_rule_set(session, call, rule, NULL, 0, result, err);
}

const CommandKind command_window = {
    .kind = { .name = "window",
              .help = "lets a net read the last rows of an id up to each row",
              .more = "Nothing is copied: memory does not grow with the length. A window belongs to the part "
                      "of its last row and "
                      "may read rows of earlier parts; a label that horizon= takes from another part is left "
                      "out and counted. "
                      "Layers see (length, columns).",
              KIND_OPTIONS(options),
              .example = "simulate markov as days rows=500\nwindow days length=20",
              .since = "1" },
    .group = "Data",
    .form = "window FRAME length= [step=] [horizon=]",
    .flags = COMMAND_FRAME | COMMAND_UNDO | COMMAND_LAST,
    .run = run,
};
