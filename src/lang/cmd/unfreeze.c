/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/net_train.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "layers", OPTION_LAYER, OPTION_POSITIONAL | OPTION_REQUIRED | OPTION_LIST, NULL, 0, 0, NULL, NULL,
      "layers or blocks" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    return train_freeze(session, call, false, result, err);
}

const CommandKind command_unfreeze = {
    .kind = { .name = "unfreeze",
              .help = "lets frozen layers train again",
              .more = "A layer or a whole block by its name.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nsplit toy train=80% valid=20%\nnet m\n  input "
                         "toy\n  dense 8 tanh\n"
                         "  dense 1 sigmoid\nend\nfreeze m dense1\nunfreeze m dense1\ntrain m epochs=2",
              .since = "1" },
    .group = "Networks",
    .flags = COMMAND_UNDO,
    .run = run,
};
