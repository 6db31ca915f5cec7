/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of training: epochs of batches until the last epoch, patience, a command or a loss that is not
 * finite ends it; then the net it gives. */
#include "model/trainer.h"

#include <string.h>

#include "model/flush.h"
#include "numeric/vec.h"

static void begin_epoch(Trainer *t)
{
    trainer_shuffle(t);
    t->epoch_started = clock_seconds();
    t->train_seen = 0;
    t->panel_wanted = t->port && t->epoch_started - t->panel_shown >= 0.05;
    if (t->panel_wanted && !t->before) t->before = mem_get(t->params->n_weights, sizeof(real), NULL);
    t->panel_wanted = t->panel_wanted && t->before;
    if (t->batch == 0) t->state->loss_sum = t->state->weight_sum = 0;
}

static bool run_batch(Trainer *t)
{
    size_t before = t->batch;
    if (t->panel_wanted && trainer_group_end(t) == t->n_batches)
        memcpy(t->before, t->params->values, t->params->n_weights * sizeof(real));
    if (!trainer_step(t)) return false;
    t->rows_done += (double)(trainer_batch_start(t, t->batch) - trainer_batch_start(t, before));
    if (t->steps_left > 0 && --t->steps_left == 0) t->over = true;
    trainer_attend(t);
    return true;
}

static void fail(Trainer *t, Err *err)
{
    t->failed = t->over = true;
    t->stop = STOP_NOT_FINITE;
    trainer_diagnose(t, err);
    trainer_back(t);
}

/* An iteration over all rows at once. */
static void run_full(Trainer *t, Err *err)
{
    FullStep step = trainer_full_step(t, err);
    if (step == FULL_NOT_FINITE) return fail(t, err);
    if (step == FULL_FAILED) t->over = true;
    if (step == FULL_FAILED) return;
    t->rows_done += (double)t->data->train.n;
    trainer_epoch_end(t);
    if (step == FULL_CONVERGED && !t->over) {
        t->stop = STOP_CONVERGED;
        t->over = true;
    }
    if (t->steps_left > 0 && --t->steps_left == 0) t->over = true;
    if (!t->over) trainer_attend(t);
}

static void run_epoch(Trainer *t, Err *err)
{
    begin_epoch(t);
    if (t->optimizer->minimiser) {
        run_full(t, err);
        return;
    }
    while (t->batch < t->n_batches && !t->over)
        if (!run_batch(t)) return fail(t, err);
    if (t->batch < t->n_batches) return;
    if (vec_first_bad(t->params->values, t->params->n_weights) < t->params->n_weights) return fail(t, err);
    trainer_epoch_end(t);
    if (t->pause_after_epoch && !t->over) trainer_attend(t);
}

void trainer_run(Trainer *t, Err *err)
{
    t->started = t->ticked = t->shown = clock_seconds();
    t->stop = STOP_EPOCHS;
    unsigned before = flush_begin();
    while (t->epoch < t->last_epoch && !t->over) run_epoch(t, err);
    flush_end(before);
    t->history->stop = t->stop;
    t->history->seconds = t->seconds_before + clock_seconds() - t->started;
    trainer_show_done(t);
}

/* ---- the result */

static void give_best(Trainer *t, Net *net)
{
    if (t->history->best_epoch == 0) return;
    params_unref(net->best);
    state_unref(net->best_state);
    net->best = params_ref(t->best);
    net->best_state = state_ref(t->best_state);
    net->best_epoch = t->history->best_epoch;
}

static void give_params(Trainer *t, Net *net)
{
    bool best = (t->keep_best || t->stop == STOP_USER_BEST) && !t->failed && t->history->best_epoch > 0;
    params_unref(net->params);
    state_unref(net->state);
    net->params = params_ref(best ? t->best : trainer_shown(t));
    net->state = state_ref(best ? t->best_state : t->state);
    net->epoch = best ? t->history->best_epoch : t->epoch;
}

Net *trainer_result(Trainer *t)
{
    Net *net = net_version(t->net);
    if (t->stop == STOP_CANCELLED) return net;
    t->state->batch = t->failed ? 0 : t->batch;
    t->state->batch_size = (size_t)t->config.batch;
    t->state->dates = (size_t)t->config.dates;
    if (t->average) memcpy(t->state->values, t->params->values, t->state->n_values * sizeof(real));
    t->state->n_rows = t->data->train.n;
    params_unref(net->best);
    state_unref(net->best_state);
    net->best = NULL;
    net->best_state = NULL;
    net->best_epoch = 0;
    give_best(t, net);
    give_params(t, net);
    if (net->history) history_unref(net->history);
    net->history = history_ref(t->history);
    net_set_loss(net, t->loss->kind.name, t->loss_settings, t->n_loss_settings, t->point);
    net_set_prior(net, t->prior);
    net_set_decision(net, NULL);
    net->taint &= ~(unsigned)TAINT_UNCORRECTED;
    if (t->prior && !t->prior->corrects) net->taint |= TAINT_UNCORRECTED;
    net->trained_words = t->config.words ? arena_text(net->arena, t->config.words) : NULL;
    return net;
}
