/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of training minimises, with what, and what it watches. */
#include <math.h>
#include <string.h>

#include "model/trainer.h"

static bool bad_target(const Trainer *t, const LossKind *loss, double low, double high, size_t i, Err *err)
{
    const TrainPart *train = &t->data->train;
    return ERR(err, target_range, loss->kind.name, NUM(low), NUM(high), INT(trainpart_row(train, i)),
               NUM((double)train->y[i]));
}

static bool check_targets(const Trainer *t, const LossKind *loss, Err *err)
{
    const TrainPart *train = &t->data->train;
    bool levels = t->data->target_kind == 'c';
    double low = levels ? 0 : loss->low;
    double high = levels ? (double)t->n_outputs - 1 : loss->high;
    for (size_t i = 0; high > low && i < train->n; i++)
        if (!((double)train->y[i] >= low && (double)train->y[i] <= high))
            return bad_target(t, loss, low, high, i, err);
    return true;
}

/* A loss within dates learns from those with several rows that differ. */
static bool check_dates(const Trainer *t, const LossKind *loss, Err *err)
{
    const TrainPart *train = &t->data->train;
    if (t->config.dates <= 0) return ERR(err, loss_by_date, loss->kind.name);
    for (size_t g = 0; g < train->n_dates; g++)
        for (size_t i = train->date_start[g] + 1; i < train->date_start[g + 1]; i++)
            if (train->y[i] != train->y[i - 1]) return true;
    return ERR(err, loss_one_row, loss->kind.name, t->data->target, t->data->frame);
}

static bool choose_loss(Trainer *t, Err *err)
{
    const LayerPlan *last = plan_last(t->plan);
    LossTarget target = { t->data->target, t->data->target_kind, t->data->n_levels };
    t->loss = t->config.loss ? (const LossKind *)t->config.loss : loss_default(last, target, err);
    if (!t->loss || !loss_fits(t->loss, last, target, err)) return false;
    t->n_loss_settings = loss_settings(t->loss, t->config.loss_options, t->loss_settings);
    if (t->n_loss_settings < 0) return ERR(err, too_many, t->loss->kind.name);
    if (t->config.label_smoothing > 0 && !t->loss->smooths) return ERR(err, no_smoothing, t->loss->kind.name);
    size_t needs = target.kind == 'c' ? (size_t)target.n_levels : 1;
    t->n_scores = needs;
    if (t->loss->outputs) needs = (size_t)t->loss->outputs(t->loss_settings, t->n_loss_settings);
    if (t->loss->point) t->point = t->loss->point(t->loss_settings, t->n_loss_settings);
    if (t->n_outputs != needs)
        return ERR_AT(err, last->def->span, net_output, last->net, last->def->name, INT(t->n_outputs),
                      target.name, INT(needs));
    if (t->loss->by_date && !check_dates(t, t->loss, err)) return false;
    bool alone = t->config.dates <= 0 && (t->config.batch == 1 || t->data->train.n == 1);
    if (t->loss->joint && alone) return ERR(err, loss_batch_one, t->loss->kind.name);
    t->alpha = t->n_loss_settings ? (real)t->loss_settings[0] : 0;
    return check_targets(t, t->loss, err);
}

static double setting(const Kind *kind, const double *settings, const char *name)
{
    for (int i = 0; name && i < kind->n_options && i < OPTIM_SETTINGS; i++)
        if (text_equal(kind->options[i].name, name)) return settings[i];
    return 0;
}

static void choose_optimizer(Trainer *t)
{
    const Kind *optimizer = t->config.optimizer, *schedule = t->config.schedule;
    if (!optimizer) optimizer = kind_find(&optimizer_kinds, "adam");
    if (!schedule) schedule = kind_find(&schedule_kinds, "constant");
    t->optimizer = (const OptimizerKind *)optimizer;
    t->average = (const AverageKind *)t->config.average;
    if (t->average)
        kind_settings(t->config.average, t->config.average_options, t->average_settings, AVERAGE_SETTINGS);
    t->schedule = (const ScheduleKind *)schedule;
    kind_settings(optimizer, t->config.optimizer_options, t->optimizer_settings, OPTIM_SETTINGS);
    kind_settings(schedule, t->config.schedule_options, t->schedule_settings, SCHEDULE_SETTINGS);
    t->lr = t->config.lr > 0 ? t->config.lr : t->optimizer->lr;
    t->decay = t->config.weight_decay;
    if (isnan(t->decay)) t->decay = setting(optimizer, t->optimizer_settings, t->optimizer->decay_option);
}

/* What has no meaning where each step takes all rows. */
static bool check_optimizer(const Trainer *t, Err *err)
{
    const char *what = t->config.dates > 0        ? "batch=time"
                       : t->config.accumulate > 1 ? "accumulate="
                       : t->average               ? "average="
                       : t->loss->joint           ? t->loss->kind.name
                       : t->data->n_augments      ? "augment"
                                                  : NULL;
    if (!what || !t->optimizer->minimiser) return true;
    return ERR(err, needs_batches, what, t->optimizer->kind.name);
}

static bool add_metric(Trainer *t, const Metric *metric, Err *err)
{
    if (t->config.n_metrics == HISTORY_METRICS) return ERR(err, too_many_metrics, INT(HISTORY_METRICS));
    t->config.metrics[t->config.n_metrics++] = metric;
    return true;
}

static const Metric *listed_metric(const Trainer *t, const char *name, int *place)
{
    for (*place = 0; *place < t->config.n_metrics; ++*place)
        if (text_equal(t->config.metrics[*place]->kind.name, name)) return t->config.metrics[*place];
    return NULL;
}

static bool choose_monitor(Trainer *t, Err *err)
{
    bool validates = t->data->valid.n > 0;
    const char *word = t->config.monitor;
    if (!word) word = validates ? "valid.loss" : "train.loss";
    t->config.monitor = arena_text(t->arena, word);
    t->monitor = (Monitor){ .train = strncmp(word, "train.", 6) == 0, .metric = -1 };
    if (!t->monitor.train && strncmp(word, "valid.", 6) != 0)
        return ERR(err, no_monitor, word, "it begins with valid. or train.");
    if (!t->monitor.train && !validates) return ERR(err, no_monitor, word, "there are no validation rows");
    if (text_equal(word + 6, "loss")) return true;
    int place;
    const Metric *metric = listed_metric(t, word + 6, &place);
    if (!metric) {
        metric = metric_find(word + 6);
        if (!metric) return ERR(err, no_monitor, word, "there is no such metric");
        if (!add_metric(t, metric, err)) return false;
    }
    t->monitor.metric = place;
    t->monitor.kind = metric;
    return metric_chooses(metric, word, err);
}

bool trainer_choose(Trainer *t, Err *err)
{
    choose_optimizer(t);
    return choose_loss(t, err) && check_optimizer(t, err) && choose_monitor(t, err);
}
