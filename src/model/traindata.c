/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training data: gathered from a frame once, before the first epoch. */
#include "model/traindata.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/vec.h"

TrainData *traindata_new(void)
{
    TrainData *data = mem_own(sizeof *data);
    data->arena = arena_new();
    data->target_mean = NAN;
    data->target_kind = 'n';
    data->frame = "data";
    data->target = "y";
    return data;
}

static void part_free(TrainPart *part)
{
    mem_free(part->x);
    mem_free(part->start);
    mem_free(part->y);
    mem_free(part->weight);
    mem_free(part->row_weight);
    mem_free(part->row_numbers);
    mem_free(part->date_start);
}

void traindata_free(TrainData *data)
{
    if (!data) return;
    part_free(&data->train);
    part_free(&data->valid);
    samples_free(data->samples);
    mem_free(data->shared);
    arena_free(data->arena);
    mem_free(data);
}

static bool part_room(TrainPart *part, size_t n, size_t n_features, bool weighted, Err *err)
{
    size_t values;
    if (__builtin_mul_overflow(n, n_features, &values)) values = SIZE_MAX;
    part->n = n;
    part->x = mem_get(values, sizeof(real), err);
    part->y = part->x ? mem_get(n, sizeof(real), err) : NULL;
    if (!weighted) return part->y != NULL;
    part->row_weight = part->y ? mem_get(n, sizeof(double), err) : NULL;
    return part->row_weight != NULL;
}

bool traindata_set(TrainData *data, TrainPart *part, const real *x, const real *y, const real *weight,
                   size_t n, Err *err)
{
    if (!part_room(part, n, data->n_features, weight != NULL, err)) return false;
    memcpy(part->x, x, n * data->n_features * sizeof(real));
    memcpy(part->y, y, n * sizeof(real));
    for (size_t i = 0; weight && i < n; i++) part->row_weight[i] = (double)weight[i];
    return true;
}

Feed traindata_feed(const TrainData *data, const TrainPart *part)
{
    if (!data->samples) return feed_rows(part->x, data->n_features);
    Feed feed = data->feed;
    feed.start = part->start;
    feed.end = part->end;
    return feed;
}

/* ---- from a frame */

/* Drops rows without a target from rows and y; returns how many are left. */
static size_t drop_without_target(uint32_t *rows, double *y, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(y[i])) continue;
        rows[kept] = rows[i];
        y[kept++] = y[i];
    }
    return kept;
}

static bool fill_part(TrainPart *part, const Prep *prep, const Frame *frame, const uint32_t *rows,
                      const double *y, size_t n, Err *err)
{
    if (!part_room(part, n, (size_t)prep->n_features, prep->weight != NULL, err)) return false;
    part->row_numbers = mem_get(n, sizeof *part->row_numbers, err);
    if (!part->row_numbers) return false;
    for (size_t i = 0; i < n; i++) {
        part->y[i] = (real)y[i];
        part->row_numbers[i] = (uint32_t)frame_row_number(frame, rows[i]);
    }
    PrepReport report = { 0 };
    return prep_apply(prep, frame, rows, n, part->x, &report, NULL, err) &&
           (!part->row_weight || prep_weights(prep, frame, rows, n, part->row_weight, err));
}

/* Puts rows and targets into the order of time. */
static bool order_by_date(TrainPart *part, const Prep *prep, const Frame *frame, uint32_t *rows, double *y,
                          size_t n, Err *err)
{
    uint32_t *order = mem_get(n, 2 * sizeof *order, err), *own = order ? order + n : NULL;
    double *targets = order ? mem_get(n, sizeof *targets, err) : NULL;
    bool done = targets && traindata_dates(part, prep, frame, rows, n, order, err);
    if (done) {
        memcpy(own, rows, n * sizeof *own);
        memcpy(targets, y, n * sizeof *targets);
        for (size_t i = 0; i < n; i++) rows[i] = own[order[i]], y[i] = targets[order[i]];
    }
    mem_free(targets);
    mem_free(order);
    return done;
}

static bool load_part(TrainPart *part, const Prep *prep, const Frame *frame, const char *name, bool by_date,
                      Notes *notes, Err *err)
{
    uint32_t *rows = NULL;
    size_t n = 0;
    if (!frame_part(frame, name, &rows, &n, err)) return false;
    double *y = mem_get(n, sizeof *y, err);
    bool done = y && prep_target(prep, frame, rows, n, y, err);
    if (done) {
        size_t kept = drop_without_target(rows, y, n);
        if (kept < n) NOTE(notes, train_without_target, INT(n - kept)); /* prep_fit noted training rows */
        done = (!by_date || order_by_date(part, prep, frame, rows, y, kept, err)) &&
               fill_part(part, prep, frame, rows, y, kept, err);
    }
    mem_free(y);
    mem_free(rows);
    return done;
}

/* ---- samples of several rows */

/* Inputs of every row that a training or validation sample reads, once. */
static bool load_shared(TrainData *data, const Net *net, const Frame *frame, Err *err)
{
    const Prep *prep = net->prep;
    Samples *samples = data->samples;
    size_t width = (size_t)prep->n_features, steps = shape_size(net->plan->in) / width, values, n_cut;
    if (__builtin_mul_overflow(samples->n_order, width, &values)) values = SIZE_MAX;
    data->n_features = steps * width;
    data->shared = mem_get(values, sizeof(real), err);
    return data->shared &&
           prep_apply(prep, frame, samples->order, samples->n_order, data->shared, &(PrepReport){ 0 }, NULL,
                      err) &&
           feed_samples(samples, frame, data->shared, width, steps, &data->feed, &n_cut, err);
}

/* Sample k becomes the i-th of a part. */
static void take_sample(TrainPart *part, const Samples *samples, const Frame *frame, size_t k, double y,
                        size_t i)
{
    part->start[i] = samples->start[k];
    part->end[i] = samples->end[k];
    part->y[i] = (real)y;
    part->row_numbers[i] = (uint32_t)frame_row_number(frame, samples->target[k]);
}

/* Rooms for samples that have a label: their numbers, their target rows, both in any order at first. */
typedef struct Labelled {
    uint32_t *samples, *targets, *order; /* (n) */
    bool by_date;
} Labelled;

/* Returns how many of the samples from .. to have a label. */
static size_t list_labelled(const Samples *samples, size_t from, size_t to, const double *y, Labelled *out)
{
    size_t n = 0;
    for (size_t k = from; k < to; k++) {
        if (isnan(y[k])) continue;
        out->order[n] = (uint32_t)n;
        out->samples[n] = (uint32_t)k;
        out->targets[n++] = samples->target[k];
    }
    return n;
}

static bool fill_samples(TrainData *data, TrainPart *part, const Prep *prep, const Frame *frame, size_t from,
                         size_t to, const double *y, Labelled *own, Err *err)
{
    size_t n = list_labelled(data->samples, from, to, y, own);
    if (own->by_date && !traindata_dates(part, prep, frame, own->targets, n, own->order, err)) return false;
    part->n = n;
    part->start = mem_get(n, 2 * sizeof *part->start, err);
    part->y = part->start ? mem_get(n, sizeof(real), err) : NULL;
    part->row_numbers = part->y ? mem_get(n, sizeof *part->row_numbers, err) : NULL;
    if (!part->row_numbers) return false;
    part->end = part->start + n;
    for (size_t i = 0; i < n; i++) {
        size_t k = own->samples[own->order[i]];
        take_sample(part, data->samples, frame, k, y[k], i);
        own->targets[i] = data->samples->target[k];
    }
    if (!prep->weight) return true;
    part->row_weight = mem_get(n, sizeof *part->row_weight, err);
    return part->row_weight && prep_weights(prep, frame, own->targets, n, part->row_weight, err);
}

static bool fill_parts(TrainData *data, const Net *net, const Frame *frame, size_t n_train_rows, bool by_date,
                       Notes *notes, Err *err)
{
    const Samples *samples = data->samples;
    size_t n_train = 0;
    while (n_train < samples->n && samples->asked[n_train] < n_train_rows) n_train++;
    double *y = mem_get(samples->n, sizeof *y, err);
    uint32_t *rooms = y ? mem_get(samples->n, 3 * sizeof *rooms, err) : NULL;
    Labelled own = { rooms, rooms ? rooms + samples->n : NULL, rooms ? rooms + 2 * samples->n : NULL,
                     by_date };
    bool done = rooms && prep_target(net->prep, frame, samples->target, samples->n, y, err) &&
                fill_samples(data, &data->train, net->prep, frame, 0, n_train, y, &own, err) &&
                fill_samples(data, &data->valid, net->prep, frame, n_train, samples->n, y, &own, err);
    size_t lost = done ? samples->n - n_train - data->valid.n : 0;
    if (lost) NOTE(notes, train_without_target, INT(lost)); /* prep_fit noted training samples */
    mem_free(rooms);
    mem_free(y);
    return done &&
           (data->train.n > 0 || ERR(err, no_samples, data->frame, sample_kind_name(net->prep->sample.kind)));
}

/* The rows of train, then those of valid. */
static uint32_t *both_parts(const Frame *frame, size_t *n_train, size_t *n, Err *err)
{
    uint32_t *train = NULL, *valid = NULL, *both = NULL;
    size_t n_valid = 0;
    if (frame_part(frame, "train", &train, n_train, err) &&
        (!frame->split || frame_part(frame, "valid", &valid, &n_valid, NULL) || n_valid == 0))
        both = mem_get(*n_train + n_valid, sizeof *both, err);
    if (both) memcpy(both, train, *n_train * sizeof *both);
    if (both && n_valid) memcpy(both + *n_train, valid, n_valid * sizeof *both);
    *n = *n_train + n_valid;
    mem_free(train);
    mem_free(valid);
    return both;
}

static bool load_samples(TrainData *data, const Net *net, const Frame *frame, bool by_date, Notes *notes,
                         Err *err)
{
    size_t n_train, n;
    SampleBy by = prep_samples(net->prep);
    uint32_t *rows = both_parts(frame, &n_train, &n, err);
    data->samples = rows ? samples_new(frame, &by, rows, n, err) : NULL;
    mem_free(rows);
    return data->samples && load_shared(data, net, frame, err) &&
           fill_parts(data, net, frame, n_train, by_date, notes, err);
}

static void describe(TrainData *data, const Prep *prep)
{
    const char **features = arena_take(data->arena, (size_t)prep->n_features * sizeof *features + 1);
    const char **levels = arena_take(data->arena, (size_t)prep->n_target_levels * sizeof *levels + 1);
    for (int i = 0; i < prep->n_features; i++) features[i] = arena_text(data->arena, prep->features[i]);
    for (int i = 0; i < prep->n_target_levels; i++)
        levels[i] = arena_text(data->arena, prep->target_levels[i]);
    data->sample = prep->sample.kind;
    data->n_features = (size_t)prep->n_features;
    data->features = features;
    data->levels = levels;
    data->n_levels = prep->n_target_levels;
    if (prep->frame_name) data->frame = arena_text(data->arena, prep->frame_name);
    if (prep->target) data->target = arena_text(data->arena, prep->target);
    if (prep->target_kind) data->target_kind = prep->target_kind;
    data->target_mean = prep->target_mean;
}

TrainData *traindata_from_frame(const Net *net, const Frame *frame, bool by_date, Notes *notes, Err *err)
{
    const Prep *prep = net->prep;
    if (!prep || !net->plan) {
        ERR(err, not_prepared, net->def->name);
        return NULL;
    }
    TrainData *data = traindata_new();
    describe(data, prep);
    if (!augment_lines(prep, data->arena, &data->augments, &data->n_augments, &data->numbers, err)) {
        traindata_free(data);
        return NULL;
    }
    if (prep->sample.kind != SAMPLE_ROWS) {
        if (load_samples(data, net, frame, by_date, notes, err) &&
            traindata_balance(data, prep, net->seed, notes, err))
            return data;
        traindata_free(data);
        return NULL;
    }
    bool done = load_part(&data->train, prep, frame, "train", by_date, NULL, err);
    if (done && data->train.n == 0) done = ERR(err, train_no_rows, data->frame);
    if (done && frame->split) done = load_part(&data->valid, prep, frame, "valid", by_date, notes, err);
    done = done && traindata_balance(data, prep, net->seed, notes, err);
    if (done) return data;
    traindata_free(data);
    return NULL;
}

/* ---- weights */

static int class_of(const TrainData *data, real y)
{
    int level = (int)y;
    return level >= 0 && level < data->n_levels ? level : -1;
}

/* n / (levels n_level) */
static void balance(const TrainData *data, double *factors)
{
    const TrainPart *train = &data->train;
    int present = 0;
    for (size_t i = 0; i < train->n; i++) {
        int level = class_of(data, train->y[i]);
        if (level >= 0) factors[level]++;
    }
    for (int k = 0; k < data->n_levels; k++) present += factors[k] > 0;
    for (int k = 0; k < data->n_levels; k++)
        factors[k] = factors[k] > 0 ? (double)train->n / (present * factors[k]) : 1;
}

static bool read_factors(const TrainData *data, const Record *weights, double *factors, Err *err)
{
    for (int k = 0; k < data->n_levels; k++) factors[k] = 1;
    for (int i = 0; i < weights->n; i++) {
        const Member *member = &weights->members[i];
        int level = 0;
        while (level < data->n_levels && !(data->levels && text_equal(data->levels[level], member->name)))
            level++;
        if (level == data->n_levels) {
            ERR(err, class_unknown, member->name);
            return data->levels && err_suggest(err, member->name, data->levels, (size_t)data->n_levels);
        }
        if (member->value->type != VALUE_NUMBER || !(member->value->number >= 0))
            return ERR(err, class_weight, member->name);
        factors[level] = member->value->number;
    }
    return true;
}

static bool class_factors(const TrainData *data, const TrainConfig *config, double *factors, Err *err)
{
    if (config->class_weight == 1) balance(data, factors);
    if (config->class_weight == 1 || !config->class_weights) return true;
    return read_factors(data, config->class_weights, factors, err);
}

static bool set_weights(TrainData *data, TrainPart *part, const double *factors, double scale, Err *err)
{
    mem_free(part->weight);
    part->weight = mem_get(part->n, sizeof(real), err);
    if (!part->weight) return false;
    for (size_t i = 0; i < part->n; i++) {
        int level = factors ? class_of(data, part->y[i]) : -1;
        double weight = part->row_weight ? part->row_weight[i] : 1;
        part->weight[i] = (real)((level >= 0 ? factors[level] * weight : weight) * scale);
    }
    return true;
}

bool traindata_weigh(TrainData *data, const TrainConfig *config, Err *err)
{
    bool by_class = config->class_weight && data->target_kind != 'n' && data->n_levels > 0;
    if (!by_class && !data->train.row_weight) return true;
    double *factors = arena_take(data->arena, (size_t)data->n_levels * sizeof *factors + 8);
    if (by_class && !class_factors(data, config, factors, err)) return false;
    double *chosen = by_class ? factors : NULL;
    data->class_factor = chosen;
    if (!set_weights(data, &data->train, chosen, 1, err)) return false;
    double mean = vec_sum(data->train.weight, data->train.n) / (double)data->train.n;
    if (!(mean > 0)) return ERR(err, train_no_rows, data->frame);
    if (!set_weights(data, &data->train, chosen, 1 / mean, err)) return false;
    return !data->valid.row_weight || set_weights(data, &data->valid, NULL, 1, err);
}
