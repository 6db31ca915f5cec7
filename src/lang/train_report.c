/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/train_report.h"

#include <math.h>
#include <stdio.h>

#include "model/prior.h"
#include "model/state.h"

enum { CHART_ROWS = 12 };

static void write_number(Buf *out, const char *name, double value)
{
    char text[40];
    if (isfinite(value))
        buf_printf(out, "%s%s %s", out->length ? ", " : "", name, number_short(value, 4, text));
}

static int first_row(const History *history, int first_epoch)
{
    int i = 0;
    while (i < history->n && history->rows[i].epoch < first_epoch) i++;
    return i;
}

Chart *train_report_chart(Arena *arena, const History *history, int first_epoch)
{
    int first = first_row(history, first_epoch), n = history->n - first, n_series = 1;
    Chart *chart = arena_take(arena, sizeof *chart);
    double *x = arena_take(arena, (size_t)n * 3 * sizeof *x + 1), *train = x + n, *valid = train + n;
    for (int i = 0; i < n; i++) {
        const EpochRow *row = &history->rows[first + i];
        x[i] = row->epoch;
        train[i] = row->train_loss;
        valid[i] = row->valid_loss;
        if (isfinite(valid[i])) n_series = 2;
    }
    *chart = (Chart){ .kind = CHART_XY,
                      .x_label = "epoch",
                      .y_label = "loss",
                      .n_series = n_series,
                      .y_low = NAN,
                      .y_high = NAN };
    chart->series = arena_take(arena, 2 * sizeof *chart->series);
    chart->series[0] = (Series){ "train", SERIES_LINE, INK_TRAIN, x, train, (size_t)n };
    chart->series[1] = (Series){ "valid", SERIES_LINE, INK_VALID, x, valid, (size_t)n };
    return chart;
}

static void write_best(Result *result, const History *history)
{
    const EpochRow *row = NULL;
    Buf line = { 0 };
    for (int i = 0; i < history->n; i++)
        if (history->rows[i].epoch == history->best_epoch) row = &history->rows[i];
    if (!row) return;
    write_number(&line, "train loss", row->train_loss);
    write_number(&line, "valid loss", row->valid_loss);
    for (int k = 0; k < history->n_metrics; k++) {
        bool has_valid = isfinite(row->valid[k]);
        write_number(&line, history->metrics[k], has_valid ? row->valid[k] : row->train[k]);
    }
    result_line_ink(result, INK_GOOD, "best epoch %d%s%s: %s", row->epoch, history->monitor ? " by " : "",
                    history->monitor ? history->monitor : "", buf_text(&line));
    buf_free(&line);
}

static void write_average(Result *result, const Net *net)
{
    const TrainState *state = net->state;
    if (!state || state->n_averaged == 0) return;
    const char *unit = state->average->by_epoch ? "epoch" : "step";
    result_line(result, "its weights are an average (%s) over %llu %s%s", state->average->kind.name,
                (unsigned long long)state->n_averaged, unit, state->n_averaged == 1 ? "" : "s");
}

void train_report(Result *result, const char *name, const Net *net, int first_epoch, double seconds)
{
    const History *history = net->history;
    char hash[9], time[40], each[40];
    if (!history || !history->n) {
        result_line(result, "%s has not been trained", name);
        return;
    }
    int epochs = history->n - first_row(history, first_epoch), last = history->rows[history->n - 1].epoch;
    result_line(result, "%s stopped after epoch %d: %s", name, last, stop_reason_text(history->stop));
    if (epochs > 1)
        result_chart(result, train_report_chart(result->arena, history, first_epoch), CHART_ROWS, 0);
    write_best(result, history);
    net_hash(net, hash);
    if (seconds < 60)
        snprintf(time, sizeof time, "%s s", number_short(seconds, 3, each));
    else
        seconds_text(seconds, time);
    write_average(result, net);
    prior_note(net->prior, name, net->prep, &result->notes);
    double average = epochs > 0 ? 1000 * seconds / epochs : 0;
    result_line_ink(result, INK_DIM, "%s is at epoch %d · %d %s in %s (%s ms each) · weights %s", name,
                    net->epoch, epochs, count_noun(epochs, "epoch", "epochs"), time,
                    number_short(average, 3, each), hash);
}
