/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net");
    Net *net = net_rewind(session_net(session, name, err), err);
    if (!net) return false;
    result_line(result, "%s is back at its first weights", name);
    session_set(session, name, object_net(net));
    return true;
}

const CommandKind command_rewind = {
    .kind = { .name = "rewind",
              .help = "puts a net back to its first weights, the same as before",
              .more = "They depend on the seed and the layers' names. After that train fits the recipe of "
                      "the frame anew.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nsplit toy train=80% valid=20%\nnet m\n  input "
                         "toy\n  dense 8 tanh\n"
                         "  dense 1 sigmoid\nend\ntrain m epochs=2\nrewind m",
              .since = "1" },
    .group = "Training",
    .flags = COMMAND_UNDO,
    .run = run,
};
