/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/bind.h"
#include "lang/net_train.h"
#include "model/probe.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
    { "most", OPTION_INTEGER, 0, "50", 1, 1e6, NULL, NULL, "weights of each tensor that are looked at" },
    TRAIN_OPTIONS,
};

static void tensor_row(const GradTensor *tensor, Table *table, Arena *arena)
{
    char shape[96];
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, tensor->layer);
    row[1] = value_text(arena, tensor->tensor);
    row[2] = value_text(arena, shape_text(tensor->shape, shape));
    row[3] = value_number((double)tensor->checked);
    row[4] = value_number((double)tensor->kinks);
    if (tensor->frozen) {
        row[7] = value_text(arena, "frozen");
        return;
    }
    row[5] = value_number(tensor->largest);
    row[6] = value_number(tensor->worst);
    row[7] = value_text(arena, tensor->worst <= GRADCHECK_TOLERANCE ? "ok" : "differs");
}

static void report(const char *name, const GradCheck *check, Result *result)
{
    static const char *const names[] = { "layer", "tensor",  "shape", "checked",
                                         "kinks", "largest", "error", "is" };
    Arena *arena = result->arena;
    Table *table = result_table(result, "tensors", NULL);
    for (int i = 0; i < 8; i++)
        table_column(arena, table, names[i], i < 2 || i == 7 ? ALIGN_LEFT : ALIGN_RIGHT,
                     i == 5 || i == 6 ? 3 : 0);
    for (int i = 0; i < check->n; i++) tensor_row(&check->tensors[i], table, arena);
    bool ok = check->worst <= GRADCHECK_TOLERANCE;
    char worst[40];
    result_line_ink(result, ok ? INK_GOOD : INK_BAD, "%s: the largest error over %zu rows is %s; %s %g", name,
                    check->rows, number_short(check->worst, 2, worst), ok ? "within" : "beyond",
                    GRADCHECK_TOLERANCE);
    record_number(arena, result->record, "error", check->worst);
    record_set(arena, result->record, "ok", value_bool(ok));
}

/* A truncated gradient is not that of the loss. */
static void note_truncated(const Net *net, Notes *notes)
{
    for (int i = 0; i < net->plan->n_layers; i++) {
        const LayerDef *def = net->plan->layers[i].def;
        bool can = def->kind && option_spec(def->options->kind, "truncate", 0) != NULL;
        long segment = can ? option_integer(def->options, "truncate") : 0;
        if (segment > 0) NOTE(notes, grad_truncated, def->name, INT(segment));
    }
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *frame_name;
    const Net *net = session_net(session, name, err);
    const Frame *frame = NULL;
    TrainConfig config;
    GradCheck check;
    bool random = net->plan && !net->prep && !net->def->input_frame && !option_given(&call->options, "on");
    if (!train_config(session, call, &call->options, &config, err) ||
        (!random && !train_frame(session, net, option_text(&call->options, "on"), &frame_name, &frame, err)))
        return false;
    Net *ready =
        random ? net_ref(net) : train_prepare(session, net, frame_name, frame, false, &result->notes, err);
    if (!ready) return false;
    size_t most = (size_t)option_integer(&call->options, "most");
    bool ok = net_gradcheck(ready, frame, &config, most, &check, &result->notes, &session->progress, err);
    if (ok) report(name, &check, result);
    if (ok && !(check.worst <= GRADCHECK_TOLERANCE)) note_truncated(ready, &result->notes);
    mem_free(check.tensors);
    net_unref(ready);
    return ok;
}

const CommandKind command_gradcheck = {
    .kind = { .name = "gradcheck",
              .help = "compares a net's gradients with differences of its loss",
              .more = "A few training rows, some weights of each tensor, a step to either side. In float the "
                      "two agree to "
                      "about 1e-3 of the tensor's largest gradient; beyond 1e-2 something is wrong. A weight "
                      "whose step crosses "
                      "the bend of relu is counted and left out. The net stays as it was. A net with "
                      "explicit sizes and no frame is checked on random rows.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nsplit toy train=80% valid=20%\nnet m\n  input "
                         "toy\n  dense 8 tanh\n"
                         "  dense 1 sigmoid\nend\ngradcheck m",
              .since = "1" },
    .group = "Looking inside",
    .form = "gradcheck NET [most=] [what train takes]",
    .flags = COMMAND_LAST,
    .run = run,
};
