/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "lang/bind.h"
#include "lang/net_train.h"
#include "model/probe.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
    { "from", OPTION_NUMBER, OPTION_OPEN_MIN, "1e-6", 0, 1e6, NULL, NULL, "the first rate" },
    { "to", OPTION_NUMBER, OPTION_OPEN_MIN, "10", 0, 1e6, NULL, NULL, "the last rate" },
    { "steps", OPTION_INTEGER, 0, "200", 10, 1e6, NULL, NULL, "batches on the way" },
    TRAIN_OPTIONS,
};

enum { CHART_ROWS = 12, TABLE_ROWS = 10 };

static void add_chart(const RateFind *find, Result *result)
{
    Arena *arena = result->arena;
    size_t n = (size_t)find->n;
    Chart *chart = arena_take(arena, sizeof *chart);
    double *x = arena_take(arena, 2 * n * sizeof *x + 1), *y = x + n;
    for (size_t i = 0; i < n; i++) {
        x[i] = log10(find->lr[i]);
        y[i] = find->smooth[i];
    }
    *chart = (Chart){
        .kind = CHART_XY, .x_label = "log10 lr", .y_label = "loss", .n_series = 1, .y_low = NAN, .y_high = NAN
    };
    chart->series = arena_take(arena, sizeof *chart->series);
    chart->series[0] = (Series){ "loss", SERIES_LINE, INK_TRAIN, x, y, n };
    result_chart(result, chart, CHART_ROWS, 0);
}

static void add_table(const RateFind *find, Result *result)
{
    Arena *arena = result->arena;
    Table *table = result_table(result, "rates", NULL);
    table_column(arena, table, "lr", ALIGN_RIGHT, 3);
    table_column(arena, table, "loss", ALIGN_RIGHT, 4);
    for (int k = 0; k < TABLE_ROWS; k++) {
        int i = (int)((double)k * (find->n - 1) / (TABLE_ROWS - 1));
        Value *row = table_row(arena, table);
        row[0] = value_number(find->lr[i]);
        row[1] = value_number(find->smooth[i]);
    }
}

static void report(const char *name, const RateFind *find, Result *result)
{
    char rate[40];
    if (find->n > 1) add_chart(find, result);
    if (find->n >= TABLE_ROWS) add_table(find, result);
    if (isfinite(find->suggestion))
        result_line_ink(result, INK_GOOD, "the loss falls fastest at lr=%s: train %s lr=%s",
                        number_short(find->suggestion, 2, rate), name, rate);
    else
        result_line_ink(result, INK_BAD, "the loss does not fall at any rate");
    record_set(result->arena, result->record, "lr",
               isfinite(find->suggestion) ? value_number(find->suggestion) : value_missing());
    record_number(result->arena, result->record, "steps", find->n);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *frame_name;
    const Net *net = session_net(session, name, err);
    const Frame *frame;
    TrainConfig config;
    RateFind find;
    double from = option_number(&call->options, "from"), to = option_number(&call->options, "to");
    if (!(from < to))
        return ERR_AT(err, call_span(call, "to"), bad_value, "to", "a rate above from=", "less");
    if (!train_config(session, call, &call->options, &config, err) ||
        !train_frame(session, net, option_text(&call->options, "on"), &frame_name, &frame, err))
        return false;
    Net *ready = train_prepare(session, net, frame_name, frame, false, &result->notes, err);
    if (!ready) return false;
    int steps = (int)option_integer(&call->options, "steps");
    bool ok =
        net_lrfind(ready, frame, &config, from, to, steps, &find, &result->notes, &session->progress, err);
    if (ok) report(name, &find, result);
    mem_free(find.lr);
    net_unref(ready);
    return ok;
}

const CommandKind command_lrfind = {
    .kind = { .name = "lrfind",
              .help = "trains a copy with a rising learning rate and says where the loss falls fastest",
              .more = "Smith 2017, WACV. $last.lr is the suggestion. Net, order of the data and random "
                      "numbers stay as they were. "
                      "It ends early where the loss is four times its least.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=400\nsplit toy train=80% valid=20%\nnet m\n  input "
                         "toy\n  dense 8 tanh\n"
                         "  dense 1 sigmoid\nend\nlrfind m steps=100\ntrain m lr=$last.lr epochs=2",
              .since = "1" },
    .group = "Training",
    .form = "lrfind NET [from= to= steps=] [what train takes]",
    .flags = COMMAND_LAST,
    .run = run,
};
