/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lines.h"

#include <math.h>

static const double seconds_between = 10, share_between = 0.1;

bool lines_due(const Lines *lines, const Training *training, double now)
{
    const EpochRow *row = training_row(training);
    const JobInfo *info = &training->info;
    if (!row || row->epoch == lines->last_epoch || row->epoch < info->first_epoch) return false;
    if (!lines->last_epoch || training->done) return true;
    double step = share_between * (info->last_epoch - info->first_epoch + 1);
    return row->epoch - lines->last_epoch >= step && now - lines->last_time >= seconds_between;
}

static void write_pair(Buf *out, const char *name, const char *metric, double value)
{
    char text[40];
    if (isfinite(value)) buf_printf(out, " %s_%s=%s", name, metric, number_short(value, 6, text));
}

static void write_line(Buf *out, const Training *training, const EpochRow *row, double now)
{
    char text[40];
    buf_printf(out, "epoch=%d", row->epoch);
    write_pair(out, "train", "loss", row->train_loss);
    write_pair(out, "valid", "loss", row->valid_loss);
    for (int k = 0; k < training->info.n_metrics; k++) {
        int place = training->info.metric_place ? training->info.metric_place[k] : k;
        write_pair(out, "valid", training->info.metrics[k], row->valid[place]);
    }
    buf_printf(out, " lr=%s", number_short(row->lr, 6, text));
    buf_printf(out, " seconds=%.1f\n", now - training->started);
}

static void write_sentences(Buf *out, const Training *training, const EpochRow *row)
{
    const TrainEvent *last = &training->last;
    buf_printf(out, "Epoch %d of %d.", row->epoch, training->info.last_epoch);
    if (isfinite(row->train_loss)) buf_printf(out, " Train loss %.4g.", row->train_loss);
    if (isfinite(row->valid_loss)) buf_printf(out, " Valid loss %.4g", row->valid_loss);
    if (isfinite(row->valid_loss) && last->best_epoch == row->epoch)
        buf_puts(out, ", the best so far.");
    else if (isfinite(row->valid_loss) && last->best_epoch && isfinite(last->best_value))
        buf_printf(out, "; best %.4g at %d.", last->best_value, last->best_epoch);
    else if (isfinite(row->valid_loss))
        buf_putc(out, '.');
    if (training->info.patience > 0)
        buf_printf(out, " Patience %ld of %ld.", training->info.patience - last->patience_left,
                   training->info.patience);
    buf_putc(out, '\n');
}

void lines_write(Buf *out, Lines *lines, const Training *training, bool plain, double now)
{
    const EpochRow *row = training_row(training);
    if (!row) return;
    if (plain)
        write_sentences(out, training, row);
    else
        write_line(out, training, row, now);
    *lines = (Lines){ row->epoch, now };
}

void lines_rewrite(Buf *out, const char *text, int width, int *shown)
{
    int room = width > 1 ? width - 1 : 79, used = text_width(text);
    if (used > room) used = room;
    buf_putc(out, '\r');
    if (used > 0) buf_cell(out, text, used);
    buf_repeat(out, " ", (used ? *shown : room) - used);
    if (used < *shown) buf_putc(out, '\r');
    if (used > 0 && used < *shown) buf_cell(out, text, used);
    *shown = used;
}
