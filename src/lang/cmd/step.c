/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `step NET [n]`: a few batches of training, told in words. What it leaves is what `train` would have left
 * after as many batches, in the middle of an epoch too. */
#include <math.h>
#include <string.h>

#include "data/prep.h"
#include "lang/bind.h"
#include "lang/net_train.h"
#include "model/model.h"
#include "model/state.h"
#include "model/step.h"
#include "numeric/vec.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "n", OPTION_INTEGER, OPTION_POSITIONAL, "1", 1, 1e6, NULL, NULL, "how many batches" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
    TRAIN_OPTIONS,
};

/* Largest number of outputs that are written out. */
#define OUTPUTS_SHOWN 8

/* What the net says of its first training row. */
typedef struct FirstRow {
    size_t number;
    real out[OUTPUTS_SHOWN];
    int n;
} FirstRow;

/* Of samples with several rows the first one's target row. */
static bool first_target(const Net *net, const Frame *frame, const uint32_t *rows, size_t n, uint32_t *row,
                         Err *err)
{
    SampleBy by = prep_samples(net->prep);
    Samples *samples = samples_new(frame, &by, rows, n, err);
    bool some = samples && samples->n > 0;
    if (some) *row = samples->target[0];
    samples_free(samples);
    return some;
}

static bool first_training_row(const Net *net, const Frame *frame, uint32_t *row, Err *err)
{
    uint32_t *rows;
    size_t n;
    if (!frame_part(frame, frame->split ? "train" : "all", &rows, &n, err)) return false;
    bool some = n > 0;
    if (some) *row = rows[0];
    if (some && net->prep->sample.kind != SAMPLE_ROWS) some = first_target(net, frame, rows, n, row, err);
    mem_free(rows);
    return some || ERR(err, no_training_rows, frame->name);
}

static bool score_first(const Net *net, const Frame *frame, FirstRow *out, Err *err)
{
    uint32_t row;
    int n = net_outputs(net);
    if (!first_training_row(net, frame, &row, err)) return false;
    Model *model = model_of_net(net, net->def->name, 1);
    double *y = mem_get((size_t)n, sizeof *y, err);
    bool ok = y && model->kind->score(model, frame, &row, 1, y, NULL, NULL, NULL, err);
    out->number = frame_row_number(frame, row);
    out->n = n < OUTPUTS_SHOWN ? n : OUTPUTS_SHOWN;
    for (int i = 0; ok && i < out->n; i++) out->out[i] = (real)y[i];
    mem_free(y);
    model_unref(model);
    return ok;
}

static void write_outputs(Buf *out, const FirstRow *row)
{
    for (int i = 0; i < row->n; i++) {
        char text[40];
        buf_printf(out, "%s%s", i ? ", " : "", number_short((double)row->out[i], 4, text));
    }
}

static void tell_row(const FirstRow *before, const FirstRow *after, Result *result)
{
    Buf old = { 0 }, now = { 0 };
    write_outputs(&old, before);
    write_outputs(&now, after);
    result_line(result, "row %zu: prediction %s before, %s after", before->number, buf_text(&old),
                buf_text(&now));
    record_number(result->arena, result->record, "before", (double)before->out[0]);
    record_number(result->arena, result->record, "after", (double)after->out[0]);
    buf_free(&old);
    buf_free(&now);
}

static double moved(const real *w, const real *before, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ((double)w[i] - (double)before[i]) * ((double)w[i] - (double)before[i]);
    return sqrt(sum);
}

static void tell_layers(const Net *before, const Net *after, const StepReport *report, Result *result)
{
    Arena *arena = result->arena;
    Table *table = result_table(result, "layers", NULL);
    table_column(arena, table, "layer", ALIGN_LEFT, 0);
    table_column(arena, table, "weights", ALIGN_RIGHT, 4);
    table_column(arena, table, "gradient", ALIGN_RIGHT, 4);
    table_column(arena, table, "update", ALIGN_RIGHT, 4);
    table_column(arena, table, "update / weights", ALIGN_RIGHT, 2);
    for (int i = 0; i < after->plan->n_layers; i++) {
        const LayerPlan *layer = &after->plan->layers[i];
        if (!layer->n_weights) continue;
        const real *w = after->params->values + layer->weights,
                   *old = before->params->values + layer->weights;
        double norm = sqrt(vec_sum_squares(w, layer->n_weights)), update = moved(w, old, layer->n_weights);
        double gradient = sqrt(vec_sum_squares(report->gradients + layer->weights, layer->n_weights));
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, layer->def->name);
        row[1] = value_number(norm);
        row[2] = value_number(gradient);
        row[3] = value_number(update);
        row[4] = value_number(update / norm);
        Record *record = record_record(arena, result->record, layer->def->name);
        record_number(arena, record, "gradient", gradient);
        record_number(arena, record, "update", update);
        record_number(arena, record, "ratio", update / norm);
    }
}

/* Where in its epoch the net is. */
static void tell_place(const char *name, const Net *net, const StepReport *report, Result *result)
{
    size_t batch = net->state ? net->state->batch : 0;
    result_line(result, "%s: %ld batch%s of %zu rows with %s, lr %.6g", name, report->batches,
                report->batches == 1 ? "" : "es", net->state->batch_size, net->state->optimizer->kind.name,
                report->lr);
    result_line(result, "loss of the batch: %.4f before the step, %.4f after it", report->loss_before,
                report->loss_after);
    if (batch)
        result_line(result, "epoch %d, after batch %zu of %zu", net->epoch + 1, batch, report->epoch_batches);
    else
        result_line(result, "epoch %d is done", net->epoch);
    record_number(result->arena, result->record, "epoch", net->epoch);
    record_number(result->arena, result->record, "batch", (double)batch);
    record_number(result->arena, result->record, "loss_before", report->loss_before);
    record_number(result->arena, result->record, "loss_after", report->loss_after);
    char hash[9];
    net_hash(net, hash);
    record_text(result->arena, result->record, "hash", hash);
}

static bool tell(const char *name, const Net *before, const Net *after, const Frame *frame,
                 const StepReport *report, Result *result, Err *err)
{
    FirstRow old, now;
    if (!score_first(before, frame, &old, err) || !score_first(after, frame, &now, err)) return false;
    tell_place(name, after, report, result);
    tell_layers(before, after, report, result);
    tell_row(&old, &now, result);
    return true;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *frame_name;
    const Net *net = session_net(session, name, err);
    const Frame *frame;
    TrainConfig config;
    if (!train_config(session, call, &call->options, &config, err) ||
        !train_frame(session, net, option_text(&call->options, "on"), &frame_name, &frame, err))
        return false;
    Net *ready = train_prepare(session, net, frame_name, frame, false, &result->notes, err);
    if (!ready) return false;
    StepReport report;
    config.steps = option_integer(&call->options, "n");
    config.keep_best = false;
    Net *stepped = net_step(ready, frame, &config, &result->notes, &session->progress, &report, err);
    bool ok = stepped && tell(name, ready, stepped, frame, &report, result, err);
    if (ok) session_set(session, name, object_net(net_ref(stepped)));
    mem_free(report.gradients);
    net_unref(stepped);
    net_unref(ready);
    return ok;
}

const CommandKind command_step = {
    .kind = { .name = "step",
              .help = "trains a net for a few batches and tells what they did",
              .more = "The loss of the last batch before and after its step, the size of each layer's "
                      "gradient and of its update, "
                      "and the prediction of the first training row. train then goes on to the same bits as "
                      "if it had never "
                      "stopped, given the same options.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=200\nsplit toy train=80% valid=20%\nnet m\n  input "
                         "toy\n  dense 8 tanh\n"
                         "  dense 1 sigmoid\nend\nstep m\nstep m 5",
              .since = "1" },
    .group = "Training",
    .form = "step NET [n] [what train takes]",
    .flags = COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
