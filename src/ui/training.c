/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/training.h"

#include <math.h>
#include <string.h>

#include "base/progress.h"

enum { BATCHES_MAX = 4096 };
static const double smoothing = 0.1; /* weight of the newest batch */

void training_begin(Training *training, const JobInfo *info, double now)
{
    *training = (Training){ .info = *info, .smooth = NAN, .lr_start = NAN, .started = now };
    training->batch_x = mem_own(3 * BATCHES_MAX * sizeof *training->batch_x);
    training->batch_loss = training->batch_x + BATCHES_MAX;
    training->batch_smooth = training->batch_loss + BATCHES_MAX;
    for (int i = 0; info->before && i < info->before->n; i++) {
        TrainEvent row = { .kind = EVENT_EPOCH, .row = info->before->rows[i], .lr = NAN };
        training_take(training, &row);
    }
    training->last = (TrainEvent){ .epoch = info->first_epoch,
                                   .epochs = info->last_epoch,
                                   .lr = NAN,
                                   .batch_loss = NAN,
                                   .best_value = NAN };
}

void training_end(Training *training)
{
    mem_free(training->rows);
    mem_free(training->batch_x);
}

static void add_row(Training *training, const EpochRow *row)
{
    if (training->n_rows == training->capacity) {
        int capacity = training->capacity ? 2 * training->capacity : 64;
        EpochRow *rows = mem_own((size_t)capacity * sizeof *rows);
        if (training->n_rows) memcpy(rows, training->rows, (size_t)training->n_rows * sizeof *rows);
        mem_free(training->rows);
        training->rows = rows;
        training->capacity = capacity;
    }
    training->rows[training->n_rows++] = *row;
}

/* Every second batch is forgotten when the room is used up. */
static void thin_batches(Training *training)
{
    int n = 0;
    for (int i = 0; i < training->n_batches; i += 2, n++) {
        training->batch_x[n] = training->batch_x[i];
        training->batch_loss[n] = training->batch_loss[i];
        training->batch_smooth[n] = training->batch_smooth[i];
    }
    training->n_batches = n;
}

static void add_batch(Training *training, double x, double loss)
{
    if (training->n_batches == BATCHES_MAX) thin_batches(training);
    if (!isfinite(training->smooth)) training->smooth = loss;
    training->smooth += smoothing * (loss - training->smooth);
    int i = training->n_batches++;
    training->batch_x[i] = x;
    training->batch_loss[i] = loss;
    training->batch_smooth[i] = training->smooth;
}

/* Where epochs are over before a batch is reported, the epoch's loss stands for its batches. */
static void take_loss(Training *training, const TrainEvent *event)
{
    double newest = training->n_batches ? training->batch_x[training->n_batches - 1] : -1;
    double part = event->batches > 0 ? (double)event->batch / (double)event->batches : 0;
    if (event->kind == EVENT_BATCH && isfinite(event->batch_loss))
        add_batch(training, event->epoch - 1 + part, event->batch_loss);
    if (event->kind == EVENT_EPOCH && isfinite(event->row.train_loss) && newest < event->epoch - 1)
        add_batch(training, event->row.epoch, event->row.train_loss);
}

void training_take(Training *training, const TrainEvent *event)
{
    training->last = *event;
    if (event->kind == EVENT_EPOCH) add_row(training, &event->row);
    take_loss(training, event);
    if (event->kind == EVENT_EPOCH && event->n_layers > 0) training->panel = *event;
    if (event->kind == EVENT_PAUSED) training->paused = true;
    if (event->kind == EVENT_RESUMED) training->paused = false;
    if (event->kind == EVENT_DONE) training->done = true;
    if (!isfinite(training->lr_start) && isfinite(event->lr)) training->lr_start = event->lr;
}

const EpochRow *training_row(const Training *training)
{
    return training->n_rows ? &training->rows[training->n_rows - 1] : NULL;
}

double training_share(const Training *training)
{
    const TrainEvent *last = &training->last;
    int first = training->info.first_epoch, epochs = training->info.last_epoch - first + 1;
    double whole = last->epoch - first, part = 0;
    if (last->kind == EVENT_EPOCH || last->kind == EVENT_DONE)
        whole += 1;
    else if (last->batches > 0)
        part = (double)last->batch / (double)last->batches;
    double share = epochs > 0 ? (whole + part) / epochs : 0;
    return fmin(fmax(share, 0), 1);
}

double training_seconds_left(const Training *training, double now)
{
    double share = training_share(training);
    return share > 0.001 ? (now - training->started) * (1 - share) / share : NAN;
}

static void put_number(Buf *out, const char *name, double value)
{
    if (isfinite(value)) buf_printf(out, "  %s %.4g", name, value);
}

void training_status(Buf *out, const Training *training, double now)
{
    const TrainEvent *last = &training->last;
    const EpochRow *row = training_row(training);
    double left = training_seconds_left(training, now);
    char text[40];
    buf_printf(out, "%s  epoch %d/%d", training->info.net, last->epoch, training->info.last_epoch);
    put_number(out, "train", row ? row->train_loss : last->batch_loss);
    if (row) put_number(out, "valid", row->valid_loss);
    if (last->best_epoch && isfinite(last->best_value))
        buf_printf(out, "  best %.4g@%d", last->best_value, last->best_epoch);
    if (training->paused)
        buf_puts(out, "  paused");
    else if (isfinite(left))
        buf_printf(out, "  eta %s", seconds_text(left, text));
}
