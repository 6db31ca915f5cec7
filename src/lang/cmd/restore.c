/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/bind.h"
#include "lang/session.h"
#include "model/decision.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "epoch", OPTION_ANY, OPTION_POSITIONAL, "best", 0, 0, NULL, NULL,
      "best, or the number of an epoch that is kept" },
};

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net");
    const Net *net = session_net(session, name, err);
    const Value *epoch = &option_get(&call->options, "epoch")->value;
    bool best = epoch->type != VALUE_NUMBER;
    if (best && strcmp(epoch->text, "best"))
        return ERR_AT(err, call_span(call, "epoch"), bad_value, "restore", "best or the number of an epoch",
                      epoch->text);
    Net *restored = net_restore(net, best ? net->best_epoch : (int)epoch->number, err);
    if (!restored) return false;
    result_line(result, "%s is at epoch %d", name, restored->epoch);
    decision_note_dropped(net->decision, restored->decision, name, &result->notes);
    session_set(session, name, object_net(restored));
    return true;
}

const CommandKind command_restore = {
    .kind = { .name = "restore",
              .help = "puts a net back to its best epoch",
              .more = "Weights, moments and counters: training from there goes on as it did then.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nsplit toy train=80% valid=20%\nnet m\n  input "
                         "toy\n  dense 8 tanh\n"
                         "  dense 1 sigmoid\nend\ntrain m epochs=5\nrestore m best",
              .since = "1" },
    .group = "Training",
    .form = "restore NET best|EPOCH",
    .flags = COMMAND_UNDO,
    .run = run,
};
