/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of training needs, made before its first batch: history, memory, threads. */
#include "model/trainer.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

enum { BATCH_DEFAULT = 32 };
#define TEAM_FLOPS 5e6 /* below this a step is too short for two threads */

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

static size_t count_values(const Trainer *t)
{
    return t->params->n_weights + t->params->n_stats;
}

static bool make_state(Trainer *t, Notes *notes, Err *err)
{
    const TrainState *old = t->net->state;
    bool goes_on = old && old->optimizer == t->optimizer && old->n_weights == t->plan->n_weights;
    if (goes_on) {
        t->state = state_new(t->optimizer, t->plan->n_weights, t->average, count_values(t), err);
        if (t->state) state_assign(t->state, old);
        if (t->optimizer->minimiser) NOTE(notes, curvature_fresh, t->optimizer->kind.name);
    } else {
        t->state = state_new(t->optimizer, t->plan->n_weights, t->average, count_values(t), err);
        if (old) NOTE(notes, optimizer_fresh, old->optimizer->kind.name, t->optimizer->kind.name);
        if (old && t->state) t->state->steps = old->steps;
    }
    if (!t->state || !trainer_make_average(t, err)) return false;
    bool inside = goes_on && t->state->batch > 0 && t->state->batch_size == (size_t)t->config.batch &&
                  t->state->dates == (size_t)t->config.dates && t->state->n_rows == t->data->train.n;
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
    bool turns = plan_transposes(t->plan), sums = t->config.accumulate > 1;
    if (!t->gradients) return false;
    if (turns) t->transposed = mem_get(n, sizeof(real), err);
    if (turns && !t->transposed) return false;
    if (sums) t->summed = mem_get(n, sizeof(real), err);
    return !sums || t->summed;
}

static bool keep_old_best(Trainer *t)
{
    if (t->history->best_epoch == 0) return true;
    size_t n = t->params->n_weights + t->params->n_stats;
    memcpy(t->best->values, t->net->best->values, n * sizeof(real));
    const TrainState *old = t->net->best_state;
    if (t->average) memcpy(t->best_state->values, t->best->values, n * sizeof(real));
    t->best_state->n_averaged = 0;
    if (old && old->optimizer == t->optimizer) state_assign(t->best_state, old);
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
    t->batch_y = mem_get(batch, sizeof(real), err);
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
    double flops = 0;
    for (int i = 0; i < t->plan->n_layers; i++)
        flops += 6 * (double)t->config.batch * t->plan->layers[i].cost;
    bool own = t->config.engine != GEMM_OPENBLAS && !text_equal(gemm_instruction_set(), "generic");
    if (t->config.threads > 1 && flops >= TEAM_FLOPS && own) t->team = team_new(t->config.threads);
    t->pace = pace_begin();
}

static void bind(Trainer *t)
{
    workspace_bind(t->work, t->params->values, t->gradients, t->transposed, t->loss->fused != NULL,
                   t->config.engine);
    workspace_seed(t->work, t->config.seed);
    t->work->alone = true;
    work_transpose(t->work, 0, 1);
}

static bool set_counts(Trainer *t, Err *err)
{
    size_t n = t->data->train.n;
    if (t->config.batch <= 0) t->config.batch = BATCH_DEFAULT;
    if ((size_t)t->config.batch > n) t->config.batch = (long)n;
    t->n_batches = (n + (size_t)t->config.batch - 1) / (size_t)t->config.batch;
    if (!trainer_make_order(t, err)) return false;
    trainer_keep_order(t);
    t->n_outputs = shape_size(plan_last(t->plan)->out);
    t->epoch = t->first_epoch = t->good_epoch = t->net->epoch;
    long room = INT32_MAX - 1 - (long)t->epoch, epochs = t->config.epochs < room ? t->config.epochs : room;
    t->last_epoch = t->epoch + (int)epochs;
    t->steps_left = t->config.steps > 0 ? t->config.steps : -1;
    t->keep_best = t->config.keep_best;
    t->stride = 1;
    return true;
}

Footprint trainer_footprint(const Trainer *t)
{
    size_t copies = (t->config.average ? 4 : 0) + (t->config.accumulate > 1);
    return footprint_train(t->plan, t->optimizer, (size_t)t->config.batch, t->data->valid.n, copies);
}

/* Asked before the first block is taken. A layer that needs all rows of a batch needs more than one number.
 */
static bool fits(const Trainer *t, Err *err)
{
    Footprint footprint = trainer_footprint(t);
    for (int i = 0; i < t->plan->n_layers; i++) {
        const LayerPlan *layer = &t->plan->layers[i];
        size_t channels = layer->in.dims[layer->in.n_dims - 1];
        bool one = t->config.batch == 1 && shape_size(layer->in) == channels;
        if (layer->def->kind->sums && one && !layer->def->frozen)
            return ERR_AT(err, layer->def->span, batch_of_one, layer->def->name, layer->net),
                   err_hint(err, "batch=2 or more, or layernorm");
    }
    return footprint_fits(&footprint, t->plan, err);
}

static void note_too_short(const Trainer *t, Notes *notes)
{
    size_t count;
    const LayerPlan *layer = feed_too_short(&t->feed, t->data->train.n, t->plan, &count);
    if (layer) NOTE(notes, samples_too_short, INT(count), INT(t->data->train.n), layer->def->name);
}

/* Whether outputs are probabilities of the classes. */
static bool is_probability(const Trainer *t)
{
    const ActivationKind *end = plan_last(t->plan)->activation;
    const char *name = end ? end->kind.name : "";
    if (t->n_outputs == 1) return text_equal(name, "sigmoid") && t->data->n_levels == 2;
    return text_equal(name, "softmax") && t->n_outputs == (size_t)t->data->n_levels;
}

/* Compares the classes' weights before balance and class_weight= with what is trained on. */
static void measure_prior(Trainer *t, Notes *notes)
{
    const TrainData *data = t->data;
    bool moved = data->mass_before || (t->config.class_weight && data->target_kind != 'n' && data->n_levels);
    if (!moved) return;
    const double *before = data->mass_before ? data->mass_before : traindata_mass(data, false);
    const double *after = traindata_mass(data, true);
    if (is_probability(t))
        t->prior = prior_new(before, after, data->n_levels, !data->raw && !t->config.raw, t->arena);
    if (!t->prior && !prior_same(before, after, data->n_levels)) NOTE(notes, prior_none, t->net->def->name);
}

static bool build(Trainer *t, Notes *notes, Err *err)
{
    if (!t->plan) return ERR(err, not_prepared, t->net->def->name);
    if (t->data->train.n == 0) return ERR(err, train_no_rows, t->data->frame);
    if (!set_counts(t, err)) return false;
    if (t->data->n_features != shape_size(t->plan->in))
        return ERR(err, net_input, t->net->def->name, INT(shape_size(t->plan->in)), t->data->frame,
                   INT(t->data->n_features));
    if (!trainer_choose(t, err) || !begin_history(t, err) || !fits(t, err) ||
        !traindata_weigh(t->data, &t->config, err) || !make_params(t, err) || !make_state(t, notes, err) ||
        !keep_old_best(t) || !trainer_make_augments(t, notes, err) || !make_batch_room(t, err) ||
        !make_metric_room(t, err))
        return false;
    note_too_short(t, notes);
    measure_prior(t, notes);
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
    void *blocks[] = { t->gradients,   t->transposed,   t->before,      t->order,        t->date_order,
                       t->date_at,     t->summed,       t->batch_y,     t->batch_w,      t->prediction,
                       t->valid_out,   t->train_target, t->train_score, t->train_weight, t->alive,
                       t->batch_label, t->batch_other,  t->batch_share };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) mem_free(blocks[i]);
    trainer_full_free(t->full);
    trainer_free_augments(t->augmenter);
    team_free(t->team);
    scorer_free(t->scorer);
    workspace_free(t->work);
    params_unref(t->params);
    params_unref(t->averaged);
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
    const Samples *samples = t->data->samples;
    size_t rows = t->data->train.n + t->data->valid.n;
    size_t inputs = samples ? samples->n_order * t->feed.width : rows * t->data->n_features;
    return (size_t)trainer_footprint(t).total + (inputs + rows) * sizeof(real);
}
