/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Augmentation of the samples of a batch, in place, by the lines of the recipe (data/augment.h). What a
 * sample becomes is a function of the seed, the line, the epoch and the sample's place in the training part:
 * the same whatever the batch, the number of threads, or where training stopped and went on. */
#include <math.h>
#include <string.h>

#include "model/trainer.h"

typedef struct Line {
    const AugmentLine *line;
    RngKey key;
    uint8_t *varies; /* (channels) */
} Line;

/* What one thread writes while it augments a sample. */
typedef struct Bench {
    gsl_rng *rng;
    real *room;
} Bench;

struct Augmenter {
    Line *lines;
    int n;
    AugmentShape shape;
    size_t steps, width, channels;
    uint8_t *numbers; /* (channels) */
    double *spread;   /* (channels), or NULL */
    Bench *benches;
    int n_benches;
};

/* ---- what samples are */

static Shape shape_read(const Trainer *t)
{
    const LayerPlan *first = &t->plan->layers[0];
    bool reshapes = t->plan->in.n_dims == 1 && text_equal(first->def->kind->kind.name, "reshape");
    return reshapes ? first->out : t->plan->in;
}

static void set_shape(const Trainer *t, Augmenter *a)
{
    static const AugmentShape of_rule[] = { AUGMENT_ROWS, AUGMENT_SERIES, AUGMENT_SEQUENCE, AUGMENT_TREES };
    const TrainData *data = t->data;
    Shape shape = shape_read(t);
    if (data->samples) {
        a->shape = of_rule[data->sample];
        if (a->shape == AUGMENT_SEQUENCE && !data->feed.ragged) a->shape = AUGMENT_SERIES;
        a->steps = data->feed.steps;
        a->width = a->channels = data->feed.width;
        return;
    }
    a->shape = shape.n_dims >= 3 ? AUGMENT_IMAGES : shape.n_dims == 2 ? AUGMENT_SERIES : AUGMENT_ROWS;
    a->steps = shape.n_dims >= 2 ? shape.dims[0] : 1;
    a->width = data->n_features / a->steps;
    a->channels = shape.n_dims >= 3 ? shape.dims[shape.n_dims - 1] : a->width;
}

/* A channel has a property that all its inputs have; NULL: all do. Returns how many channels have it. */
static size_t set_channels(const Trainer *t, const Augmenter *a, const uint8_t *inputs, uint8_t *out)
{
    size_t period = t->data->samples ? t->data->feed.width : t->data->n_features, n = 0;
    for (size_t c = 0; c < a->channels; c++) {
        out[c] = 1;
        for (size_t j = c; inputs && j < period; j += a->channels) out[c] = out[c] && inputs[j];
        n += out[c];
    }
    return n;
}

/* ---- standard deviations over the rows that training samples read */

typedef void VisitRow(void *context, const real *row, size_t channels);

static bool visit_shared(const Trainer *t, const Augmenter *a, VisitRow *visit, void *context, Err *err)
{
    const TrainPart *train = &t->data->train;
    uint32_t *readers = mem_get(t->data->samples->n_order + 1, sizeof *readers, err), reading = 0;
    for (size_t i = 0; readers && i < train->n; i++) { /* wraps below 0, and back: only sums count */
        readers[train->start[i]]++;
        readers[train->end[i]]--;
    }
    for (size_t i = 0; readers && i < t->data->samples->n_order; i++) {
        reading += readers[i];
        if (reading) visit(context, t->data->shared + i * a->width, a->channels);
    }
    mem_free(readers);
    return readers != NULL;
}

static bool visit_rows(const Trainer *t, const Augmenter *a, VisitRow *visit, void *context, Err *err)
{
    if (t->data->samples) return visit_shared(t, a, visit, context, err);
    size_t n = t->data->train.n * t->data->n_features;
    for (size_t i = 0; i < n; i += a->channels) visit(context, t->data->train.x + i, a->channels);
    return true;
}

typedef struct Spread {
    double *mean, *sum; /* (channels); the second time sum is of squares around mean */
    size_t n;
    bool centred;
} Spread;

static void add_row(void *context, const real *row, size_t channels)
{
    Spread *spread = context;
    spread->n++;
    for (size_t c = 0; c < channels; c++) {
        double e = (double)row[c] - spread->mean[c];
        spread->sum[c] += spread->centred ? e * e : (double)row[c];
    }
}

static bool measure_spread(Trainer *t, Augmenter *a, Err *err)
{
    size_t bytes = a->channels * sizeof(double);
    Spread spread = { .mean = arena_take(t->arena, bytes), .sum = arena_take(t->arena, bytes) };
    if (!visit_rows(t, a, add_row, &spread, err)) return false;
    for (size_t c = 0; c < a->channels; c++) spread.mean[c] = spread.sum[c] / (double)spread.n;
    memset(spread.sum, 0, bytes);
    spread.n = 0;
    spread.centred = true;
    if (!visit_rows(t, a, add_row, &spread, err)) return false;
    for (size_t c = 0; c < a->channels; c++) spread.sum[c] = sqrt(spread.sum[c] / (double)spread.n);
    a->spread = spread.sum;
    return true;
}

/* ---- what goes with what */

static bool never_negative(const TrainPart *part)
{
    for (size_t i = 0; i < part->n; i++)
        if (part->y[i] < 0) return false;
    return true;
}

static bool check_label(const Trainer *t, const AugmentKind *kind, Err *err)
{
    const TrainData *data = t->data;
    const char *why = data->target_kind == 'c' ? "has more than two levels"
                      : data->target_kind == 'n' && never_negative(&data->train)
                          ? "is never negative: it is no return"
                          : NULL;
    return !kind->negates || !why || ERR(err, augment_target, kind->kind.name, data->target, why);
}

static bool check_codes(const Trainer *t, const AugmentKind *kind, Err *err)
{
    const Prep *prep = t->net->prep;
    for (int k = 0; prep && prep->feature_levels && k < prep->n_features; k++)
        if (prep->feature_levels[k] > 0) return ERR(err, augment_codes, kind->kind.name, prep->features[k]);
    return true;
}

static bool check_mix(const Trainer *t, const Augmenter *a, int at, Err *err)
{
    const AugmentKind *kind = a->lines[at].line->kind;
    if (!kind->mixes) return true;
    for (int i = 0; i < at; i++)
        if (a->lines[i].line->kind->mixes) return ERR(err, augment_twice, kind->kind.name);
    if (t->data->target_kind == 'n' || t->loss->shares) return check_codes(t, kind, err);
    ERR(err, augment_loss, kind->kind.name, t->loss->kind.name);
    return err_hint(err, "these do: bce, cce, focal, mse, mae, huber");
}

static bool check_line(const Trainer *t, const Augmenter *a, int at, Notes *notes, Err *err)
{
    const AugmentKind *kind = a->lines[at].line->kind;
    char takes[96], has[96];
    if (!(kind->shapes & a->shape)) {
        ERR(err, augment_shape, kind->kind.name, augment_shapes_text(kind->shapes, takes), t->net->def->name,
            augment_shapes_text(a->shape, has));
        if (a->shape == AUGMENT_IMAGES && text_equal(kind->kind.name, "crop"))
            err_hint(err, "for images write augment %s method=shift", t->data->frame);
        return false;
    }
    bool level = kind->rescales && t->data->target_kind == 'n' && never_negative(&t->data->train);
    if (level) NOTE(notes, augment_level, kind->kind.name, t->data->target);
    return check_label(t, kind, err) && check_mix(t, a, at, err);
}

/* ---- making it */

static bool make_labels(Trainer *t, Err *err)
{
    size_t batch = (size_t)t->config.batch;
    bool levels = t->data->target_kind == 'c';
    t->batch_label = mem_get(batch, sizeof(real), err);
    if (!levels || !t->batch_label) return t->batch_label != NULL;
    t->batch_other = mem_get(batch, sizeof(real), err);
    t->batch_share = t->batch_other ? mem_get(batch, sizeof(real), err) : NULL;
    return t->batch_share != NULL;
}

static bool make_line(Trainer *t, Augmenter *a, int at, Err *err)
{
    const AugmentLine *line = &t->data->augments[at];
    Line *own = &a->lines[at];
    own->line = line;
    own->key = rng_key(t->config.seed, "augment", line->name);
    own->varies = arena_take(t->arena, a->channels + 1);
    size_t n = set_channels(t, a, line->varies, own->varies);
    if (!n && !line->kind->moves && !line->kind->mixes)
        return ERR(err, augment_nothing, line->kind->kind.name, t->data->frame);
    if (line->kind->spreads && !a->spread && !measure_spread(t, a, err)) return false;
    return !line->kind->mixes || t->batch_label || make_labels(t, err);
}

static bool make_benches(const Trainer *t, Augmenter *a, Err *err)
{
    a->n_benches = t->config.threads > 1 ? t->config.threads : 1;
    a->benches = mem_get((size_t)a->n_benches, sizeof *a->benches, err);
    for (int i = 0; a->benches && i < a->n_benches; i++) {
        a->benches[i].rng = rng_stream(a->lines[0].key, 0);
        a->benches[i].room = mem_get(a->steps * a->width, sizeof(real), err);
        if (!a->benches[i].room) return false;
        if (!a->benches[i].rng) return ERR(err, no_memory, "random numbers");
    }
    return a->benches != NULL;
}

bool trainer_make_augments(Trainer *t, Notes *notes, Err *err)
{
    int n = t->data->n_augments;
    if (!n) return true;
    Augmenter *a = t->augmenter = mem_own(sizeof *a);
    set_shape(t, a);
    a->lines = arena_take(t->arena, (size_t)n * sizeof *a->lines);
    a->numbers = arena_take(t->arena, a->channels + 1);
    set_channels(t, a, t->data->numbers, a->numbers);
    for (int i = 0; i < n; i++, a->n++) {
        a->lines[i].line = &t->data->augments[i];
        if (!check_line(t, a, i, notes, err) || !make_line(t, a, i, err)) return false;
    }
    return make_benches(t, a, err);
}

void trainer_free_augments(Augmenter *a)
{
    if (!a) return;
    for (int i = 0; a->benches && i < a->n_benches; i++) {
        if (a->benches[i].rng) gsl_rng_free(a->benches[i].rng);
        mem_free(a->benches[i].room);
    }
    mem_free(a->benches);
    mem_free(a);
}

/* ---- a sample */

/* Any training sample; where batches are made of dates, one of the same date. */
static size_t draw_partner(const Trainer *t, gsl_rng *rng, size_t sample)
{
    const TrainPart *train = &t->data->train;
    if (!t->date_order) return gsl_rng_uniform_int(rng, train->n);
    size_t low = 0, high = train->n_dates;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (train->date_start[middle] <= sample)
            low = middle;
        else
            high = middle;
    }
    size_t from = train->date_start[low];
    return from + gsl_rng_uniform_int(rng, train->date_start[low + 1] - from);
}

static const real *sample_rows(const Trainer *t, size_t sample)
{
    if (t->feed.start) return t->feed.x + t->feed.start[sample] * t->feed.width;
    return t->feed.x + sample * t->feed.steps * t->feed.width;
}

/* Each label counts with its own weight: own w y + (1 - own) w' y', as the two losses would. */
static void mix_labels(const Trainer *t, size_t i, size_t partner, double own)
{
    const TrainPart *train = &t->data->train;
    double mine = own, others = 1 - own;
    if (t->batch_w) {
        mine *= (double)t->batch_w[i];
        others *= (double)train->weight[partner];
        t->batch_w[i] = (real)(mine + others);
    }
    double share = mine + others > 0 ? mine / (mine + others) : own;
    double y = (double)t->batch_y[i], other = (double)train->y[partner];
    if (t->batch_share) {
        t->batch_other[i] = train->y[partner];
        t->batch_share[i] = (real)share;
        return;
    }
    t->batch_y[i] = (real)(share * y + (1 - share) * other);
    if (t->data->target_kind == 'n') t->batch_label[i] = t->batch_y[i];
}

static void turn_label(const Trainer *t, size_t i)
{
    bool number = t->data->target_kind == 'n';
    const double *factor = t->data->class_factor;
    if (factor && t->batch_w && !number) {
        int level = (int)(t->batch_label ? t->batch_label[i] : t->batch_y[i]);
        if (factor[level] > 0) t->batch_w[i] *= (real)(factor[1 - level] / factor[level]);
    }
    t->batch_y[i] = number ? -t->batch_y[i] : 1 - t->batch_y[i];
    if (t->batch_label) t->batch_label[i] = number ? -t->batch_label[i] : 1 - t->batch_label[i];
}

static void run_line(const Trainer *t, const Line *own, const Bench *bench, AugmentSample *s, size_t i,
                     uint32_t sample)
{
    const AugmentLine *line = own->line;
    rng_stream_seek(bench->rng, own->key, (uint64_t)t->epoch << 32 | sample);
    if (line->share < 1 && gsl_rng_uniform(bench->rng) >= line->share) return;
    s->varies = own->varies;
    s->settings = line->settings;
    size_t partner = line->kind->mixes ? draw_partner(t, bench->rng, sample) : sample;
    if (line->kind->mixes) s->other = sample_rows(t, partner);
    line->kind->apply(s);
    if (line->kind->negates) turn_label(t, i);
    if (line->kind->mixes) mix_labels(t, i, partner, s->own);
}

void trainer_augment(const Trainer *t, int part, size_t i, uint32_t sample)
{
    const Augmenter *a = t->augmenter;
    const Bench *bench = &a->benches[part];
    size_t size = a->steps * a->width;
    size_t length = t->feed.start ? t->feed.end[sample] - t->feed.start[sample] : a->steps;
    AugmentSample s = { .x = t->work->in + i * size,
                        .steps = length,
                        .width = a->width,
                        .channels = a->channels,
                        .shape = a->shape,
                        .numbers = a->numbers,
                        .spread = a->spread,
                        .room = bench->room,
                        .rng = bench->rng };
    if (t->batch_label) t->batch_label[i] = t->batch_y[i];
    if (t->batch_share) {
        t->batch_other[i] = t->batch_y[i];
        t->batch_share[i] = 1;
    }
    for (int k = 0; k < a->n; k++) run_line(t, &a->lines[k], bench, &s, i, sample);
    if (s.steps == length) return;
    memset(s.x + s.steps * s.width, 0, (length - s.steps) * s.width * sizeof *s.x);
    workspace_length(t->work, i, s.steps);
}
