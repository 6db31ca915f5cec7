/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/net_train.h"
#include "model/footprint.h"

enum { BATCH = 32 };

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
};

static void layer_row(const LayerPlan *plan, Table *table, Arena *arena)
{
    char shape[96];
    Buf words = { 0 };
    options_write(&words, plan->def->options);
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, plan->def->name);
    row[1] = value_text(arena, arena_format(arena, "%s %s", plan->def->kind->kind.name, buf_text(&words)));
    row[2] = value_text(arena, shape_text(plan->out, shape));
    row[3] = value_number((double)plan->n_weights);
    row[4] = value_number(2 * plan->cost);
    buf_free(&words);
}

static void report(const Net *net, Result *result)
{
    Arena *arena = result->arena;
    char shape[96], weights[40], total[40];
    result_line(result, "net %s: input %s", net->def->name, shape_text(net->plan->in, shape));
    Table *table = result_table(result, "layers", NULL);
    table_column(arena, table, "layer", ALIGN_LEFT, 0);
    table_column(arena, table, "kind", ALIGN_LEFT, 0);
    table_column(arena, table, "gives", ALIGN_RIGHT, 0);
    table_column(arena, table, "parameters", ALIGN_RIGHT, 0);
    table_column(arena, table, "operations a row", ALIGN_RIGHT, 0);
    double cost = 0;
    for (int i = 0; i < net->plan->n_layers; i++) {
        layer_row(&net->plan->layers[i], table, arena);
        cost += 2 * net->plan->layers[i].cost;
    }
    const OptimizerKind *adam = (const OptimizerKind *)kind_find(&optimizer_kinds, "adam");
    Footprint footprint = footprint_train(net->plan, adam, BATCH, BATCH, 0);
    Buf parts = { 0 };
    footprint_write(&parts, &footprint);
    result_line(result, "%zu parameters, %s; %s operations a row, three times that in training",
                net->plan->n_weights, bytes_text(footprint.one, weights), number_short(cost, 3, shape));
    result_line(result, "training with adam takes %s: %s", bytes_text(footprint.total, total),
                buf_text(&parts));
    if (footprint.total - footprint.one > mem_left())
        result_line_ink(result, INK_BAD, "that is more than the %s that are free",
                        bytes_text(mem_left(), total));
    buf_free(&parts);
    record_number(arena, result->record, "parameters", (double)net->plan->n_weights);
    record_number(arena, result->record, "layers", net->plan->n_layers);
    record_number(arena, result->record, "operations", cost);
    record_number(arena, result->record, "memory", footprint.total);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *frame_name;
    const Net *net = session_net(session, name, err);
    const Frame *frame;
    if (net->plan && !option_given(&call->options, "on")) {
        report(net, result);
        return true;
    }
    if (!train_frame(session, net, option_text(&call->options, "on"), &frame_name, &frame, err)) return false;
    Net *ready = train_prepare(session, net, frame_name, frame, false, &result->notes, err);
    if (!ready) return false;
    report(ready, result);
    session_set(session, name, object_net(ready));
    return true;
}

const CommandKind command_summary = {
    .kind = { .name = "summary",
              .help = "shapes, parameters, memory and cost of a net, before it is trained",
              .more = "Fits the recipe of its frame and makes the first weights, as train would. An "
                      "operation is a multiplication "
                      "or an addition of a product, forward; memory is without the data, for a batch of 32.",
              KIND_OPTIONS(options),
              .example = "net tiny\n  input 10\n  dense 64 relu\n  dense 1 sigmoid\nend\nsummary tiny",
              .since = "1" },
    .group = "Networks",
    .flags = COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
