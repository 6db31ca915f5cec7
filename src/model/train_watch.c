/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the trainer does besides training: commands from the mailbox, the clock, events for a display. */
#include "model/trainer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "numeric/vec.h"

#define SHOW_SECONDS  0.05 /* between two events of batches */
#define PANEL_SECONDS 0.05
#define TICK_SHORT    0.001 /* the clock is read about this often ... */
#define TICK_LONG     0.004 /* ... to this */

/* ---- events */

static TrainEvent new_event(const Trainer *t, TrainEventKind kind, double now)
{
    double ran = now - t->started;
    return (TrainEvent){ .kind = kind,
                         .epoch = t->epoch + 1,
                         .epochs = t->last_epoch,
                         .batch = (long)t->batch,
                         .batches = (long)t->n_batches,
                         .batch_loss = t->batch_loss,
                         .best_epoch = t->history->best_epoch,
                         .best_value = t->history->best_value,
                         .patience_left = (int)(t->config.patience - t->waited),
                         .lr = t->current_lr,
                         .rows_per_second = ran > 0 ? t->rows_done / ran : 0,
                         .seconds = ran + t->seconds_before };
}

static void show_batch(Trainer *t, double now)
{
    TrainEvent event = new_event(t, EVENT_BATCH, now);
    t->shown = now;
    port_push(t->port, &event, now, false);
}

static void show_state(Trainer *t, TrainEventKind kind)
{
    double now = clock_seconds();
    TrainEvent event = new_event(t, kind, now);
    port_push(t->port, &event, now, true);
}

/* ---- the panel of layers */

/* Share of units that were off for every row of the last batch, of units that rectify. */
static double dead_share(const Trainer *t, const real *out, size_t units)
{
    size_t dead = 0;
    memset(t->alive, 0, units);
    for (size_t i = 0; i < t->batch_rows; i++)
        for (size_t j = 0; j < units; j++) t->alive[j] |= out[i * units + j] > 0;
    for (size_t j = 0; j < units; j++) dead += !t->alive[j];
    return (double)dead / (double)units;
}

static double saturated_share(const Trainer *t, const ActivationKind *activation, const real *out,
                              size_t units)
{
    size_t n = t->batch_rows * units, saturated = 0;
    for (size_t i = 0; i < n; i++) saturated += out[i] <= activation->low || out[i] >= activation->high;
    return (double)saturated / (double)n;
}

static double moved(const real *w, const real *before, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double d = (double)(w[i] - before[i]);
        sum += d * d;
    }
    return sqrt(sum);
}

static void fill_panel(const Trainer *t, TrainEvent *event)
{
    for (int i = 0; i < t->plan->n_layers && event->n_layers < PANEL_LAYERS; i++) {
        const LayerPlan *layer = &t->plan->layers[i];
        const ActivationKind *activation = layer->activation;
        if (!layer->n_weights) continue;
        __typeof__(event->layers[0]) *row = &event->layers[event->n_layers++];
        const real *w = t->params->values + layer->weights, *out = t->work->runs[i].out;
        bool bare = t->work->runs[i].bare || !activation;
        snprintf(row->name, sizeof row->name, "%s", layer->def->name);
        row->weight_norm = sqrt(vec_sum_squares(w, layer->n_weights));
        row->gradient_norm = sqrt(vec_sum_squares(t->gradients + layer->weights, layer->n_weights));
        row->update_ratio = moved(w, t->before + layer->weights, layer->n_weights) / row->weight_norm;
        row->dead_share = row->saturated_share = NAN;
        if (!bare && activation->rectifies) row->dead_share = dead_share(t, out, t->work->out_size[i]);
        if (!bare && activation->low < activation->high)
            row->saturated_share = saturated_share(t, activation, out, t->work->out_size[i]);
    }
}

void trainer_show_epoch(Trainer *t, const EpochRow *row, bool best)
{
    if (!t->port) return;
    double now = clock_seconds();
    TrainEvent event = new_event(t, EVENT_EPOCH, now);
    event.epoch = row->epoch;
    event.row = *row;
    event.best = best;
    if (t->panel_wanted) {
        fill_panel(t, &event);
        t->panel_shown = now;
    }
    bool slow = now - t->shown > SHOW_SECONDS / 10;
    t->shown = now;
    port_push(t->port, &event, now, slow);
}

void trainer_show_done(Trainer *t)
{
    if (!t->port) return;
    double now = clock_seconds();
    TrainEvent event = new_event(t, EVENT_DONE, now);
    event.epoch = t->epoch;
    port_push(t->port, &event, now, true);
}

/* ---- commands */

static void stop(Trainer *t, StopReason reason)
{
    t->stop = reason;
    t->over = true;
}

static void set_rate(Trainer *t, double lr)
{
    if (!(lr > 0) || !isfinite(lr)) return;
    double factor = t->current_lr > 0 ? t->current_lr / t->lr : 1;
    t->lr = lr / factor;
    t->current_lr = lr;
    history_change(t->history, t->epoch + 1, (int)t->batch, "lr", lr);
}

static void pause(Trainer *t, bool on)
{
    if (t->paused != on) show_state(t, on ? EVENT_PAUSED : EVENT_RESUMED);
    t->paused = on;
}

static void obey(Trainer *t, const Mail *mail)
{
    switch (mail->command) {
    case JOB_PAUSE: pause(t, true); break;
    case JOB_RESUME: pause(t, false); break;
    case JOB_STEP_BATCH: t->pause_after_batch = true, t->paused = false; break;
    case JOB_STEP_EPOCH: t->pause_after_epoch = true, t->paused = false; break;
    case JOB_STOP_BEST: stop(t, STOP_USER_BEST); break;
    case JOB_STOP_LAST: stop(t, STOP_USER_LAST); break;
    case JOB_CANCEL: stop(t, STOP_CANCELLED); break;
    case JOB_TERMINATE: stop(t, STOP_TERMINATED); break;
    case JOB_SET_LR: set_rate(t, mail->value); break;
    }
}

static void read_mail(Trainer *t)
{
    Mail mail;
    while (!t->over) {
        if (port_take(t->port, &mail))
            obey(t, &mail);
        else if (t->paused)
            port_wait(t->port);
        else
            break;
    }
}

/* ---- the clock */

/* True about every 1 to 4 ms; `now` is set then. Most calls only count. */
static bool tick(Trainer *t, double *now)
{
    if (++t->ticks < t->stride) return false;
    t->ticks = 0;
    *now = clock_seconds();
    double elapsed = *now - t->ticked;
    if (elapsed < TICK_SHORT && t->stride < 1u << 20) t->stride *= 2;
    if (elapsed > TICK_LONG && t->stride > 1) t->stride /= 2;
    t->ticked = *now;
    return true;
}

static void poll_progress(Trainer *t)
{
    Err err = { 0 };
    double done = t->epoch - t->first_epoch + (double)t->batch / (double)t->n_batches;
    if (!progress_poll(t->progress, "train", done, t->last_epoch - t->first_epoch, &err))
        stop(t, atomic_load(t->progress->stop) > 1 ? STOP_CANCELLED : STOP_USER_LAST);
}

void trainer_attend(Trainer *t)
{
    double now;
    bool asked = t->pause_after_batch || (t->pause_after_epoch && t->batch == 0);
    if (asked) {
        t->pause_after_batch = t->pause_after_epoch = false;
        pause(t, true);
    }
    if (t->port && (t->paused || port_has_mail(t->port))) read_mail(t);
    if (!tick(t, &now)) return;
    if (t->progress) poll_progress(t);
    if (t->port && now - t->shown >= SHOW_SECONDS) show_batch(t, now);
}
