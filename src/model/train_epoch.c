/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of an epoch: validation, metrics, history, the best so far, patience. */
#include "model/trainer.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

enum { LOSS_ROWS = 1024 }; /* of a validation part, at a time */

/* l2 / 2 times the sum of squares: part of what is minimised. */
static double penalty(const Trainer *t)
{
    double sum = 0;
    for (int i = 0; i < t->n_segments; i++)
        if (t->segments[i].l2 > 0)
            sum += t->segments[i].l2 / 2 *
                   vec_sum_squares(t->params->values + t->segments[i].offset, t->segments[i].n);
    return sum;
}

/* Loss of validation rows, of a joint loss all together; outputs of a fused loss become predictions on the
 * way. */
static double valid_loss(Trainer *t)
{
    const TrainPart *valid = &t->data->valid;
    double sum = 0, mass = 1;
    size_t most = t->loss->joint ? valid->n : LOSS_ROWS;
    for (size_t from = 0, n; from < valid->n; from += n) {
        n = valid->n - from < most ? valid->n - from : most;
        real *out = t->valid_out + from * t->n_outputs;
        LossBatch batch = { .n = n,
                            .n_outputs = t->n_outputs,
                            .out = out,
                            .target = valid->y + from,
                            .weight = valid->weight ? valid->weight + from : NULL,
                            .scale = 1,
                            .alpha = t->alpha,
                            .settings = t->loss_settings,
                            .smoothing = (real)t->config.label_smoothing,
                            .starts = valid->date_start,
                            .n_starts = valid->n_dates,
                            .mass = &mass,
                            .prediction = out };
        sum += t->loss->value(&batch);
    }
    return mass > 0 ? sum / loss_divisor(t->loss, valid->weight, valid->n) : NAN;
}

void trainer_scores(const Trainer *t, const real *out, size_t n, double *scores)
{
    size_t point = t->n_scores == t->n_outputs ? 0 : (size_t)t->point;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < t->n_scores; k++)
            scores[i * t->n_scores + k] = (double)out[i * t->n_outputs + point + k];
}

static void measure(const Trainer *t, const Scored *scored, double *values)
{
    for (int i = 0; i < t->config.n_metrics; i++)
        values[t->metric_place[i]] = t->config.metrics[i]->value(scored);
}

static void validate(Trainer *t, EpochRow *row)
{
    const TrainPart *valid = &t->data->valid;
    if (valid->n == 0) return;
    Feed feed = traindata_feed(t->data, valid);
    scorer_run_feed(t->scorer, trainer_shown(t), &feed, 0, valid->n, t->valid_out);
    prior_correct(t->prior, t->valid_out, valid->n, t->n_outputs, t->loss->fused != NULL);
    row->valid_loss = valid_loss(t);
    if (!t->valid_score) return;
    trainer_scores(t, t->valid_out, valid->n, t->valid_score);
    Scored scored = { .n = valid->n,
                      .n_outputs = (int)t->n_scores,
                      .target = t->valid_target,
                      .score = t->valid_score,
                      .weight = valid->row_weight,
                      .reference = t->data->target_mean };
    measure(t, &scored, row->valid);
}

static void measure_train(Trainer *t, EpochRow *row)
{
    if (!t->train_score) return;
    Scored scored = { .n = t->train_seen,
                      .n_outputs = (int)t->n_scores,
                      .target = t->train_target,
                      .score = t->train_score,
                      .weight = t->train_weight,
                      .reference = t->data->target_mean };
    measure(t, &scored, row->train);
}

static double monitored(const Trainer *t, const EpochRow *row)
{
    int metric = t->monitor.metric;
    if (metric < 0) return t->monitor.train ? row->train_loss : row->valid_loss;
    int place = t->metric_place[metric];
    return t->monitor.train ? row->train[place] : row->valid[place];
}

bool trainer_better(const Trainer *t, double value, double than)
{
    if (isnan(value)) return false;
    return isnan(than) || metric_badness(t->monitor.kind, value) < metric_badness(t->monitor.kind, than);
}

static bool keep_if_best(Trainer *t, double value)
{
    bool best = trainer_better(t, value, t->history->best_value);
    if (best) {
        t->history->best_value = value;
        t->history->best_epoch = t->epoch;
        trainer_copy(t, t->best, t->best_state);
    }
    t->waited = best ? 0 : t->waited + 1;
    if (t->config.patience > 0 && t->waited >= t->config.patience && !t->over) {
        t->stop = STOP_PATIENCE;
        t->over = true;
    }
    return best;
}

void trainer_epoch_end(Trainer *t)
{
    EpochRow row = { .epoch = ++t->epoch,
                     .train_loss = t->state->loss_sum / t->state->weight_sum + penalty(t),
                     .valid_loss = NAN,
                     .lr = t->current_lr };
    for (int i = 0; i < HISTORY_METRICS; i++) row.train[i] = row.valid[i] = NAN;
    measure_train(t, &row);
    trainer_average(t, true, t->team);
    validate(t, &row);
    t->batch = 0;
    double value = monitored(t, &row);
    bool best = keep_if_best(t, value);
    trainer_copy(t, t->good, t->good_state);
    t->good_epoch = t->epoch;
    row.seconds = clock_seconds() - t->epoch_started;
    if (!history_add(t->history, &row, t->err)) t->over = true;
    if (t->schedule->observe)
        t->schedule->observe(t->schedule_settings, t->schedule_state, metric_badness(t->monitor.kind, value));
    trainer_show_epoch(t, &row, best);
}
