/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of training needs, made before its first batch: loss, optimizer, monitor, history, memory. */
#include "model/trainer.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

enum { BATCH_DEFAULT = 32 };
#define TEAM_FLOPS 2e7 /* below this a step is too short for two threads */

/* ---- what to minimise and to watch */

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
    t->schedule = (const ScheduleKind *)schedule;
    kind_settings(optimizer, t->config.optimizer_options, t->optimizer_settings, OPTIM_SETTINGS);
    kind_settings(schedule, t->config.schedule_options, t->schedule_settings, SCHEDULE_SETTINGS);
    t->lr = t->config.lr > 0 ? t->config.lr : t->optimizer->lr;
    t->decay = t->config.weight_decay;
    if (isnan(t->decay)) t->decay = setting(optimizer, t->optimizer_settings, t->optimizer->decay_option);
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
    t->monitor.up = metric->up;
    return true;
}

/* ---- history: goes on where the net is */

static bool same_course(const Trainer *t)
{
    const Net *net = t->net;
    return net->history && net->history->monitor && net->loss_name &&
           text_equal(net->history->monitor, t->config.monitor) &&
           text_equal(net->loss_name, t->loss->kind.name);
}

static bool begin_history(Trainer *t, Err *err)
{
    const Net *net = t->net;
    bool same = same_course(t) && net->best && net->best_epoch <= net->epoch;
    t->history = net->history ? history_copy(net->history) : history_new();
    history_cut(t->history, net->epoch);
    t->history->monitor = arena_text(t->history->arena, t->config.monitor);
    t->seconds_before = t->history->seconds;
    if (!same) {
        t->history->best_epoch = 0;
        t->history->best_value = NAN;
    }
    for (int i = 0; i < t->config.n_metrics; i++) {
        t->metric_place[i] = history_metric(t->history, t->config.metrics[i]->kind.name);
        if (t->metric_place[i] < 0) return ERR(err, too_many_metrics, INT(HISTORY_METRICS));
    }
    return true;
}

/* ---- memory */

static bool make_state(Trainer *t, Notes *notes, Err *err)
{
    const TrainState *old = t->net->state;
    bool goes_on = old && old->optimizer == t->optimizer && old->n_weights == t->plan->n_weights;
    if (goes_on) {
        t->state = state_copy(old, err);
    } else {
        t->state = state_new(t->optimizer, t->plan->n_weights, err);
        if (old) NOTE(notes, optimizer_fresh, old->optimizer->kind.name, t->optimizer->kind.name);
        if (old && t->state) t->state->steps = old->steps;
    }
    if (!t->state) return false;
    bool inside = goes_on && t->state->batch > 0 && t->state->batch_size == (size_t)t->config.batch &&
                  t->state->n_rows == t->data->train.n;
    t->batch = inside ? t->state->batch : 0;
    t->state->batch = 0;
    t->good_state = state_copy(t->state, err);
    t->best_state = t->good_state ? state_copy(t->state, err) : NULL;
    return t->best_state != NULL;
}

static bool make_params(Trainer *t, Err *err)
{
    size_t n = t->plan->n_weights;
    t->params = params_copy(t->net->params, err);
    t->good = t->params ? params_copy(t->params, err) : NULL;
    t->best = t->good ? params_copy(t->params, err) : NULL;
    t->gradients = t->best ? mem_get(n, sizeof(real), err) : NULL;
    t->transposed = t->gradients ? mem_get(n, sizeof(real), err) : NULL;
    return t->transposed != NULL;
}

static bool keep_old_best(Trainer *t)
{
    if (t->history->best_epoch == 0) return true;
    size_t n = t->params->n_weights + t->params->n_stats;
    memcpy(t->best->values, t->net->best->values, n * sizeof(real));
    if (t->net->best_state && t->net->best_state->optimizer == t->optimizer)
        state_assign(t->best_state, t->net->best_state);
    return true;
}

static bool make_metric_room(Trainer *t, Err *err)
{
    size_t n = t->data->train.n, valid = t->data->valid.n;
    size_t rows = n + valid;
    t->valid_out = mem_get(valid * t->n_outputs, sizeof(real), err);
    if (!t->valid_out) return false;
    if (t->config.n_metrics == 0) return true;
    t->train_target = mem_get(rows, sizeof(double), err);
    t->train_score = t->train_target ? mem_get(rows * t->n_outputs, sizeof(double), err) : NULL;
    if (!t->train_score) return false;
    t->valid_target = t->train_target + n;
    t->valid_score = t->train_score + n * t->n_outputs;
    for (size_t i = 0; i < valid; i++) t->valid_target[i] = (double)t->data->valid.y[i];
    if (!t->data->train.row_weight) return true;
    t->train_weight = mem_get(n, sizeof(double), err);
    return t->train_weight != NULL;
}

static bool make_batch_room(Trainer *t, Err *err)
{
    size_t batch = (size_t)t->config.batch;
    t->order = mem_get(t->data->train.n, sizeof *t->order, err);
    t->batch_y = t->order ? mem_get(batch, sizeof(real), err) : NULL;
    t->prediction = t->batch_y ? mem_get(batch * t->n_outputs, sizeof(real), err) : NULL;
    t->alive = t->prediction ? mem_get(t->plan->widest, 1, err) : NULL;
    if (!t->alive) return false;
    if (t->data->train.weight) {
        t->batch_w = mem_get(batch, sizeof(real), err);
        if (!t->batch_w) return false;
    }
    t->work = workspace_new(t->plan, batch, true, err);
    t->feed = traindata_feed(t->data, &t->data->train);
    if (!t->work || !feed_open(&t->feed, t->work, err)) return false;
    if (t->data->valid.n == 0) return true;
    t->scorer = scorer_new(t->plan, t->loss->fused != NULL, t->data->valid.n, err);
    return t->scorer && scorer_open(t->scorer, &t->feed, err);
}

static bool joins(const Segment *a, const Segment *b, bool decay)
{
    return a->offset + a->n == b->offset && a->l2 == b->l2 && (a->decays == b->decays || !decay);
}

static void add_segment(Trainer *t, Segment segment)
{
    Segment *last = t->n_segments ? &t->segments[t->n_segments - 1] : NULL;
    if (last && joins(last, &segment, t->decay > 0))
        last->n += segment.n;
    else
        t->segments[t->n_segments++] = segment;
}

static void make_segments(Trainer *t)
{
    t->segments = arena_take(t->arena, (size_t)t->plan->n_layers * LAYER_TENSORS * sizeof *t->segments);
    for (int i = 0; i < t->plan->n_layers; i++) {
        const LayerPlan *layer = &t->plan->layers[i];
        for (int k = 0; k < layer->n_tensors && !layer->def->frozen; k++) {
            const TensorSpec *tensor = &layer->tensors[k];
            if (tensor->statistic) continue;
            add_segment(t, (Segment){ .offset = layer->weights + tensor->offset,
                                      .n = shape_size(tensor->shape),
                                      .l2 = tensor->decays ? layer->l2 : 0,
                                      .decays = tensor->decays });
        }
    }
}

static void make_team(Trainer *t)
{
    double flops = 6.0 * (double)t->config.batch * (double)t->plan->n_weights;
    bool own = t->config.engine != GEMM_OPENBLAS && !text_equal(gemm_instruction_set(), "generic");
    if (t->config.threads > 1 && flops >= TEAM_FLOPS && own) t->team = team_new(t->config.threads);
}

static void bind(Trainer *t)
{
    workspace_bind(t->work, t->params->values, t->gradients, t->transposed, t->loss->fused != NULL,
                   t->config.engine);
    workspace_seed(t->work, t->config.seed);
    t->work->alone = !t->team;
    work_transpose(t->work);
}

static void set_counts(Trainer *t)
{
    size_t n = t->data->train.n;
    if (t->config.batch <= 0) t->config.batch = BATCH_DEFAULT;
    if ((size_t)t->config.batch > n) t->config.batch = (long)n;
    t->n_batches = (n + (size_t)t->config.batch - 1) / (size_t)t->config.batch;
    t->n_outputs = shape_size(plan_last(t->plan)->out);
    t->epoch = t->first_epoch = t->good_epoch = t->net->epoch;
    long room = INT32_MAX - 1 - (long)t->epoch, epochs = t->config.epochs < room ? t->config.epochs : room;
    t->last_epoch = t->epoch + (int)epochs;
    t->steps_left = t->config.steps > 0 ? t->config.steps : -1;
    t->keep_best = t->config.keep_best;
    t->stride = 1;
}

static bool build(Trainer *t, Notes *notes, Err *err)
{
    if (!t->plan) return ERR(err, not_prepared, t->net->def->name);
    if (t->data->train.n == 0) return ERR(err, train_no_rows, t->data->frame);
    set_counts(t);
    choose_optimizer(t);
    if (t->data->n_features != shape_size(t->plan->in))
        return ERR(err, net_input, t->net->def->name, INT(shape_size(t->plan->in)), t->data->frame,
                   INT(t->data->n_features));
    if (!choose_loss(t, err) || !choose_monitor(t, err) || !begin_history(t, err) ||
        !traindata_weigh(t->data, &t->config, err) || !make_params(t, err) || !make_state(t, notes, err) ||
        !keep_old_best(t) || !make_batch_room(t, err) || !make_metric_room(t, err))
        return false;
    make_segments(t);
    make_team(t);
    bind(t);
    return true;
}

Trainer *trainer_new(const Net *net, TrainData *data, const TrainConfig *config, Notes *notes, Err *err)
{
    Trainer *t = mem_own(sizeof *t);
    t->net = net_ref(net);
    t->data = data;
    t->config = *config;
    t->plan = net->plan;
    t->arena = arena_new();
    t->current_lr = NAN;
    if (build(t, notes, err)) return t;
    trainer_free(t);
    return NULL;
}

void trainer_free(Trainer *t)
{
    if (!t) return;
    void *blocks[] = { t->gradients,    t->transposed,  t->before,       t->order,
                       t->batch_y,      t->batch_w,     t->prediction,   t->valid_out,
                       t->train_target, t->train_score, t->train_weight, t->alive };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) mem_free(blocks[i]);
    trainer_full_free(t->full);
    team_free(t->team);
    scorer_free(t->scorer);
    workspace_free(t->work);
    params_unref(t->params);
    params_unref(t->best);
    params_unref(t->good);
    state_unref(t->state);
    state_unref(t->best_state);
    state_unref(t->good_state);
    history_unref(t->history);
    traindata_free(t->data);
    net_unref(t->net);
    arena_free(t->arena);
    mem_free(t);
}

size_t trainer_bytes(const Trainer *t)
{
    size_t n = t->plan->n_weights, copies = 5 + 3 * (size_t)t->optimizer->n_slots;
    const Samples *samples = t->data->samples;
    size_t rows = t->data->train.n + t->data->valid.n;
    size_t inputs = samples ? samples->n_order * t->feed.width : rows * t->data->n_features;
    return n * copies * sizeof(real) + t->work->bytes + (t->scorer ? scorer_bytes(t->scorer) : 0) +
           (inputs + rows) * sizeof(real);
}
