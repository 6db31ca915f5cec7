/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Augmentation while a net trains: the same bits for any number of threads and wherever training stopped;
 * gradients are those of the augmented samples; validation rows, codes and what is not asked for stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/nettext.h"

enum { ROWS = 130, VALID = 40, BATCH = 43, STEPS = 12, WIDTH = 5, INPUTS = STEPS * WIDTH };

/* ---- data with augment lines */

static void add_line(TrainData *data, const char *kind, const char *option, double share)
{
    AugmentLine *lines = arena_take(data->arena, (size_t)(data->n_augments + 1) * sizeof *lines);
    for (int i = 0; i < data->n_augments; i++) lines[i] = data->augments[i];
    AugmentLine *line = &lines[data->n_augments++];
    *line = (AugmentLine){ .kind = (const AugmentKind *)(const void *)kind_find(&augment_kinds, kind),
                           .share = share };
    assert_non_null(line->kind);
    line->name = line->kind->kind.name;
    Options options;
    Err err = { 0 };
    if (!toy_options(data->arena, &line->kind->kind, (const char *const[]){ option, NULL }, &options, &err))
        fail_msg("%s", err.message);
    augment_settings(&options, line->settings);
    data->augments = lines;
}

/* The lines: "jitter 0.1; mixup 0.3 50" (kind, first option, share in percent). */
static void add_lines(TrainData *data, const char *text)
{
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *line = strtok_r(copy, ";", &rest); line; line = strtok_r(NULL, ";", &rest)) {
        char kind[32] = "", option[32] = "";
        double share = 100;
        assert_true(sscanf(line, " %31s %31s %lf", kind, option, &share) >= 1);
        add_line(data, kind, *option && strcmp(option, "-") ? option : NULL, share / 100);
    }
}

/* Rows of data->train become runs of shared rows, `step` apart: windows, or sequences where `ragged`, the
 * i-th of them i % STEPS + 1 steps long. */
static TrainData *series_data(bool ragged, char kind)
{
    TrainData *data = toy_data(ROWS, 0, INPUTS, kind);
    TrainPart *train = &data->train;
    data->sample = ragged ? SAMPLE_SEQUENCE : SAMPLE_WINDOW;
    data->samples = mem_own(sizeof *data->samples);
    data->samples->n_order = ROWS * STEPS;
    data->shared = train->x;
    train->x = NULL;
    train->start = mem_own(2 * ROWS * sizeof *train->start);
    train->end = train->start + ROWS;
    for (uint32_t i = 0; i < ROWS; i++) {
        train->end[i] = (i + 1) * STEPS;
        train->start[i] = train->end[i] - (ragged ? i % STEPS + 1 : STEPS);
    }
    data->feed = (Feed){ .x = data->shared, .width = WIDTH, .steps = STEPS, .ragged = ragged };
    return data;
}

static Net *make_net(const char *text)
{
    NetDef *def = net_text(text);
    assert_non_null(def);
    Net *net = toy_net(def, 3);
    assert_non_null(net);
    return net;
}

static Trainer *open_trainer(const Net *net, TrainData *data, TrainConfig config)
{
    Err err = { 0 };
    Trainer *t = trainer_new(net, data, &config, NULL, &err);
    if (!t) fail_msg("%s", err.message);
    return t;
}

/* Trained weights; takes over the data. */
static Params *trained(const Net *net, TrainData *data, TrainConfig config)
{
    Err err = { 0 };
    Trainer *t = open_trainer(net, data, config);
    if (config.threads > 1 && !t->team) t->team = team_new(config.threads);
    t->pace = (Pace){ .together = config.threads > 1, .rest = 5 };
    trainer_run(t, &err);
    assert_int_equal(err.code, 0);
    Params *params = params_ref(t->params);
    trainer_free(t);
    return params;
}

static bool same_weights(const Params *a, const Params *b)
{
    return !memcmp(a->values, b->values, (a->n_weights + a->n_stats) * sizeof(real));
}

/* ---- the same bits */

static const struct Course {
    const char *net, *lines;
    bool series, ragged;
    char kind;
} courses[] = {
    { "input 60; dense 40 tanh; dense 1 sigmoid", "jitter 0.1; scaling 0.1 50; signflip; mixup 0.4", false,
      false, 'b' },
    { "input 60; dense 40 tanh; dense 3 softmax", "mixup 0.4; jitter", false, false, 'c' },
    { "input 12 5; lstm 18; dense 1", "crop 0.5; bootstrap 3 50; magwarp; timewarp; cutout; signflip; mixup",
      true, false, 'n' },
    { "input 12 5; gru 18; dense 1 sigmoid", "crop 0.3; timeflip - 50; stationary 3; jitter", true, true,
      'b' },
    { "input 6 10 1; conv2d 8 relu kernel=3; flatten; dense 1 sigmoid", "flip; shift 1; cutout 0.3; mixup",
      false, false, 'b' },
};
enum { COURSES = sizeof courses / sizeof *courses };

static TrainData *course_data(const struct Course *course)
{
    TrainData *data =
        course->series ? series_data(course->ragged, course->kind) : toy_data(ROWS, 0, INPUTS, course->kind);
    add_lines(data, course->lines);
    return data;
}

static void test_same_bits_for_any_number_of_threads(void **state)
{
    (void)state;
    for (int k = 0; k < COURSES; k++) {
        Net *net = make_net(courses[k].net);
        TrainConfig config = toy_config(3, BATCH);
        Params *alone = trained(net, course_data(&courses[k]), config);
        for (config.threads = 2; config.threads <= 3; config.threads++) {
            Params *shared = trained(net, course_data(&courses[k]), config);
            if (!same_weights(alone, shared)) fail_msg("%s with %d threads", courses[k].net, config.threads);
            params_unref(shared);
        }
        params_unref(alone);
        net_unref(net);
    }
}

/* 2 + 3 epochs, and a stop in the middle of an epoch, are 5 epochs; another seed is another course. */
static void test_same_bits_wherever_it_stops(void **state)
{
    (void)state;
    for (int k = 0; k < COURSES; k++) {
        Err err = { 0 };
        Net *net = make_net(courses[k].net);
        TrainConfig config = toy_config(5, BATCH), part = toy_config(2, BATCH);
        Params *whole = trained(net, course_data(&courses[k]), config);
        Net *first = net_train_data(net, course_data(&courses[k]), &part, NULL, NULL, &err);
        part.epochs = 1;
        part.steps = 2;
        Net *second = net_train_data(first, course_data(&courses[k]), &part, NULL, NULL, &err);
        part.epochs = 3;
        part.steps = 0;
        Net *third = net_train_data(second, course_data(&courses[k]), &part, NULL, NULL, &err);
        assert_int_equal(err.code, 0);
        if (!same_weights(whole, third->params)) fail_msg("%s", courses[k].net);
        config.seed = 2;
        Params *other = trained(net, course_data(&courses[k]), config);
        assert_false(same_weights(whole, other));
        params_unref(other);
        params_unref(whole);
        net_unref(first);
        net_unref(second);
        net_unref(third);
        net_unref(net);
    }
}

/* What a sample becomes does not depend on the batch that it is in. */
static void test_draws_are_of_the_sample(void **state)
{
    (void)state;
    static real found[2][ROWS][INPUTS];
    const long sizes[] = { 10, 43 };
    Net *net = make_net("input 60; dense 1");
    for (int k = 0; k < 2; k++) {
        TrainData *data = toy_data(ROWS, 0, INPUTS, 'n');
        add_lines(data, "jitter 0.2; mixup 1; signflip");
        Trainer *t = open_trainer(net, data, toy_config(1, sizes[k]));
        trainer_shuffle(t);
        for (t->batch = 0; t->batch < t->n_batches; t->batch++) {
            trainer_pass(t, false);
            for (size_t i = 0; i < t->batch_rows; i++)
                memcpy(found[k][t->order[t->batch_from + i]], t->work->in + i * INPUTS, sizeof found[0][0]);
        }
        trainer_free(t);
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
    net_unref(net);
}

/* ---- gradients */

/* The gradient of an augmented batch is that of its samples and labels, given as plain rows. */
static void test_gradients_are_those_of_the_samples(void **state)
{
    (void)state;
    const char *nets[] = { "input 60; dense 20 tanh; dense 1 sigmoid", "input 60; dense 20 tanh; dense 1" };
    for (int k = 0; k < 2; k++) {
        char kind = k ? 'n' : 'b';
        Net *net = make_net(nets[k]);
        TrainData *data = toy_data(ROWS, 0, INPUTS, kind);
        add_lines(data, "jitter 0.2; mixup 1; scaling 0.2");
        Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
        double loss = trainer_pass(t, true);
        TrainData *plain = traindata_new();
        plain->n_features = INPUTS;
        plain->target_kind = kind;
        plain->n_levels = k ? 0 : 2;
        assert_true(traindata_set(plain, &plain->train, t->work->in, t->batch_y, NULL, t->batch_rows, NULL));
        assert_memory_not_equal(t->work->in, data->train.x, BATCH * INPUTS * sizeof(real));
        Trainer *other = open_trainer(net, plain, toy_config(1, BATCH));
        assert_true(trainer_pass(other, true) == loss);
        assert_memory_equal(other->gradients, t->gradients, net->plan->n_weights * sizeof(real));
        trainer_free(other);
        trainer_free(t);
        net_unref(net);
    }
}

static void test_validation_rows_stay(void **state)
{
    (void)state;
    double losses[2];
    for (int k = 0; k < 2; k++) {
        Err err = { 0 };
        Net *net = make_net("input 60; dense 20 tanh; dense 1 sigmoid");
        TrainData *data = toy_data(ROWS, VALID, INPUTS, 'b');
        if (k) add_lines(data, "jitter 1; mixup 1; signflip; scaling 1");
        TrainConfig config = toy_config(2, BATCH);
        config.lr = 1e-30; /* the weights do not move */
        Trainer *t = open_trainer(net, data, config);
        trainer_run(t, &err);
        losses[k] = t->history->rows[1].valid_loss;
        if (k) assert_true(t->history->rows[1].train_loss != t->history->rows[0].train_loss);
        trainer_free(t);
        net_unref(net);
    }
    assert_true(losses[0] == losses[1]);
}

/* ---- labels */

static void test_mixed_labels(void **state)
{
    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        Net *net = make_net("input 60; dense 3 softmax");
        TrainData *data = toy_data(ROWS, 0, INPUTS, 'c');
        if (weighted) data->train.row_weight = mem_own(ROWS * sizeof(double));
        for (int i = 0; weighted && i < ROWS; i++) data->train.row_weight[i] = 1 + i % 4;
        add_lines(data, "mixup 1");
        Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
        trainer_pass(t, false);
        int mixed = 0;
        for (size_t i = 0; i < t->batch_rows; i++) {
            assert_true(t->batch_y[i] == data->train.y[i]); /* the sample's own, for metrics */
            assert_true(t->batch_label[i] == data->train.y[i]);
            assert_true(t->batch_share[i] > 0 && t->batch_share[i] <= 1);
            if (!weighted) assert_true(t->batch_share[i] >= (real)0.5);
            mixed += t->batch_other[i] != t->batch_y[i];
        }
        assert_true(mixed > 5);
        trainer_free(t);
        net_unref(net);
    }
}

/* Of two levels: the share itself is the target, and what metrics see is the sample's own level. With weights
 * the two labels count by theirs: the sum of both losses. */
static void test_mixed_events(void **state)
{
    (void)state;
    Net *net = make_net("input 60; dense 1 sigmoid");
    TrainData *data = toy_data(ROWS, 0, INPUTS, 'b');
    data->train.row_weight = mem_own(ROWS * sizeof(double));
    for (int i = 0; i < ROWS; i++) data->train.row_weight[i] = data->train.y[i] > 0 ? 3 : 1;
    add_lines(data, "mixup 1");
    Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
    trainer_pass(t, false);
    double weights[2];
    for (int i = 0; i < ROWS; i++) weights[data->train.y[i] > 0] = (double)data->train.weight[i];
    int between = 0;
    for (size_t i = 0; i < t->batch_rows; i++) {
        double y = (double)t->batch_y[i], w = (double)t->batch_w[i];
        assert_true(t->batch_label[i] == data->train.y[i]);
        /* w y = weight of events times their share: both follow from that share */
        double share = w * y / weights[1];
        assert_true(fabs(w - (share * weights[1] + (1 - share) * weights[0])) < 1e-5);
        assert_true((share >= 0.5 - 1e-6) == (t->batch_label[i] > 0) || share < 1e-6);
        between += y > 0 && y < 1;
    }
    assert_true(between > 5);
    trainer_free(t);
    net_unref(net);
}

static void test_signs_turn_labels(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        char kind = k ? 'n' : 'b';
        Net *net = make_net(k ? "input 60; dense 1" : "input 60; dense 1 sigmoid");
        TrainData *data = toy_data(ROWS, 0, INPUTS, kind);
        add_lines(data, "signflip - 50");
        Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
        trainer_pass(t, false);
        int flipped = 0;
        for (size_t i = 0; i < t->batch_rows; i++) {
            real y = data->train.y[i];
            bool turned = t->work->in[i * INPUTS] == -data->train.x[i * INPUTS];
            assert_true(t->batch_y[i] == (!turned ? y : k ? -y : 1 - y));
            flipped += turned;
        }
        assert_true(flipped > 8 && flipped < BATCH - 8);
        trainer_free(t);
        net_unref(net);
    }
}

/* A sample that turns its class weighs what that class does. */
static void test_turned_labels_have_their_class_weight(void **state)
{
    (void)state;
    Net *net = make_net("input 60; dense 1 sigmoid");
    TrainData *data = toy_data(ROWS, 0, INPUTS, 'b');
    add_lines(data, "signflip - 50");
    TrainConfig config = toy_config(1, BATCH);
    config.class_weight = 1;
    Trainer *t = open_trainer(net, data, config);
    double weights[2];
    for (int i = 0; i < ROWS; i++) weights[data->train.y[i] > 0] = (double)data->train.weight[i];
    assert_true(fabs(weights[0] - weights[1]) > 0.01);
    trainer_pass(t, false);
    for (size_t i = 0; i < t->batch_rows; i++)
        assert_true(fabs((double)t->batch_w[i] - weights[t->batch_y[i] > 0]) < 1e-6);
    trainer_free(t);
    net_unref(net);
}

/* ---- shapes */

/* Cropped sequences: fewer steps, zeros behind them, the last step kept; the net sees them as such. */
static void test_sequences_become_shorter(void **state)
{
    (void)state;
    Net *net = make_net("input 12 5; gru 6; dense 1");
    TrainData *data = series_data(true, 'n');
    add_lines(data, "crop 0.3");
    Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
    trainer_pass(t, true);
    int shorter = 0;
    for (size_t i = 0; i < t->batch_rows; i++) {
        size_t whole = data->train.end[i] - data->train.start[i], length = t->work->lengths[i];
        const real *x = t->work->in + i * INPUTS;
        const real *end = data->shared + data->train.end[i] * WIDTH;
        assert_true(length >= 1 && length <= whole && (double)length >= 0.3 * (double)whole - 1e-9);
        assert_memory_equal(x, end - length * WIDTH, length * WIDTH * sizeof(real));
        for (size_t j = length * WIDTH; j < INPUTS; j++) assert_true(x[j] == 0);
        shorter += length < whole;
    }
    assert_true(shorter > BATCH / 3);
    trainer_free(t);
    net_unref(net);
}

/* The last steps stay in their places, those before become 0. */
static void test_windows_keep_their_length(void **state)
{
    (void)state;
    Net *net = make_net("input 12 5; gru 6; dense 1");
    TrainData *data = series_data(false, 'n');
    data->sample = SAMPLE_SEQUENCE; /* all as long: as windows */
    add_lines(data, "crop 0.3");
    Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
    trainer_pass(t, true);
    int cut = 0;
    for (size_t i = 0; i < t->batch_rows; i++) {
        const real *x = t->work->in + i * INPUTS, *from = data->shared + data->train.start[i] * WIDTH;
        size_t lost = 0;
        while (x[lost] == 0) lost++;
        assert_true(lost % WIDTH == 0 && lost <= 8 * WIDTH);
        assert_memory_equal(x + lost, from + lost, (INPUTS - lost) * sizeof(real));
        cut += lost > 0;
    }
    assert_true(cut > BATCH / 2);
    trainer_free(t);
    net_unref(net);
}

/* Padding stays 0 whatever happens to the steps that are there. */
static void test_padding_stays(void **state)
{
    (void)state;
    Net *net = make_net("input 12 5; gru 6; dense 1");
    TrainData *data = series_data(true, 'n');
    add_lines(data, "jitter 1; timeflip; bootstrap 2; magwarp; timewarp; cutout; scaling");
    Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
    trainer_pass(t, false);
    for (size_t i = 0; i < t->batch_rows; i++)
        for (size_t j = (i % STEPS + 1) * WIDTH; j < INPUTS; j++)
            assert_true(t->work->in[i * INPUTS + j] == 0);
    trainer_free(t);
    net_unref(net);
}

/* Jitter goes by each input's spread over the rows that training samples read. */
static void test_jitter_is_in_units_of_the_input(void **state)
{
    (void)state;
    Net *net = make_net("input 12 5; gru 6; dense 1");
    TrainData *data = series_data(true, 'n');
    double sum[WIDTH] = { 0 }, squares[WIDTH] = { 0 }, noise[WIDTH] = { 0 }, n = 0, drawn = 0;
    for (size_t r = 0; r < ROWS * STEPS; r++) {
        bool read = r % STEPS >= STEPS - 1 - r / STEPS % STEPS;
        for (size_t c = 0; c < WIDTH; c++) {
            real *x = &data->shared[r * WIDTH + c];
            *x = read ? *x * (real)(c + 1) : (real)1e6; /* rows that no sample reads say nothing */
            if (read) sum[c] += (double)*x, squares[c] += (double)(*x * *x);
        }
        n += read;
    }
    add_lines(data, "jitter 0.5");
    Trainer *t = open_trainer(net, data, toy_config(1, ROWS));
    for (t->epoch = 0; t->epoch < 20; t->epoch++) {
        trainer_pass(t, false);
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < (i % STEPS + 1) * WIDTH; j++) {
                double e = (double)t->work->in[i * INPUTS + j] -
                           (double)data->shared[data->train.start[i] * WIDTH + j];
                noise[j % WIDTH] += e * e;
                drawn += j % WIDTH == 0;
            }
    }
    for (int c = 0; c < WIDTH; c++) {
        double variance = squares[c] / n - sum[c] * sum[c] / n / n;
        assert_true(fabs(noise[c] / drawn / (0.25 * variance) - 1) < 5 * sqrt(2 / drawn));
    }
    trainer_free(t);
    net_unref(net);
}

/* An image by its input shape, or by the reshape that a net begins with: the same. */
static void test_images_by_reshape(void **state)
{
    (void)state;
    const char *nets[] = { "input 6 10 1; conv2d 4 relu kernel=3; flatten; dense 1",
                           "input 60; reshape 6 10 1; conv2d 4 relu kernel=3; flatten; dense 1" };
    real found[2][INPUTS];
    for (int k = 0; k < 2; k++) {
        Net *net = make_net(nets[k]);
        TrainData *data = toy_data(ROWS, 0, INPUTS, 'n');
        add_lines(data, "shift 2; flip vertical");
        Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
        trainer_pass(t, false);
        memcpy(found[k], t->work->in + 5 * INPUTS, sizeof found[k]);
        assert_memory_not_equal(found[k], data->train.x + 5 * INPUTS, sizeof found[k]);
        trainer_free(t);
        net_unref(net);
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
}

/* With batch=time partners are of the sample's own date: mixing leaves a column that holds the date. */
static void test_partners_are_of_the_date(void **state)
{
    (void)state;
    Net *net = make_net("input 60; dense 1");
    for (int by_date = 0; by_date < 2; by_date++) {
        TrainData *data = toy_data(ROWS, 0, INPUTS, 'n');
        TrainPart *train = &data->train;
        train->n_dates = 4;
        train->date_start = mem_own(5 * sizeof(uint32_t));
        memcpy(train->date_start, (uint32_t[]){ 0, 1, 30, 100, ROWS }, 5 * sizeof(uint32_t));
        for (size_t g = 0; g < 4; g++)
            for (size_t i = train->date_start[g]; i < train->date_start[g + 1]; i++)
                train->x[i * INPUTS] = (real)(1 << g);
        add_lines(data, "mixup 1");
        TrainConfig config = toy_config(1, ROWS);
        config.dates = by_date ? 2 : 0;
        Trainer *t = open_trainer(net, data, config);
        trainer_shuffle(t);
        size_t moved = 0;
        for (t->batch = 0; t->batch < t->n_batches; t->batch++) {
            trainer_pass(t, false);
            for (size_t i = 0; i < t->batch_rows; i++)
                moved +=
                    fabs((double)(t->work->in[i * INPUTS] - train->x[t->order[t->batch_from + i] * INPUTS])) >
                    1e-5;
        }
        assert_true(by_date ? moved == 0 : moved > 20);
        trainer_free(t);
    }
    net_unref(net);
}

/* Branches read one augmented sample; inputs that may not vary stay. */
static void test_branches_share_a_sample(void **state)
{
    (void)state;
    Net *net = make_net("input 60; parallel; branch; dense 4; branch; dense 8; dense 3; end; dense 1");
    TrainData *data = toy_data(ROWS, 0, INPUTS, 'n');
    uint8_t *varies = arena_take(data->arena, INPUTS);
    memset(varies, 1, 30);
    add_lines(data, "jitter 0.5");
    ((AugmentLine *)data->augments)->varies = varies;
    Trainer *t = open_trainer(net, data, toy_config(1, BATCH));
    trainer_pass(t, true);
    for (size_t i = 0; i < t->batch_rows; i++) {
        const real *x = t->work->in + i * INPUTS, *as_it_is = data->train.x + i * INPUTS;
        assert_memory_not_equal(x, as_it_is, 30 * sizeof(real));
        assert_memory_equal(x + 30, as_it_is + 30, 30 * sizeof(real));
    }
    TrainData *plain = traindata_new();
    plain->n_features = INPUTS;
    assert_true(traindata_set(plain, &plain->train, t->work->in, t->batch_y, NULL, t->batch_rows, NULL));
    Trainer *other = open_trainer(net, plain, toy_config(1, BATCH));
    trainer_pass(other, true);
    assert_memory_equal(other->gradients, t->gradients, net->plan->n_weights * sizeof(real));
    trainer_free(other);
    trainer_free(t);
    net_unref(net);
}

/* ---- what is refused */

static void refuse(const char *text, TrainData *data, const char *lines, const char *loss,
                   const char *message)
{
    Err err = { 0 };
    Arena *arena = arena_new();
    Net *net = make_net(text);
    TrainConfig config = toy_config(1, BATCH);
    if (loss) toy_kind(&config, arena, &loss_kinds, loss);
    add_lines(data, lines);
    assert_null(trainer_new(net, data, &config, NULL, &err));
    assert_string_equal(err.message, message);
    net_unref(net);
    arena_free(arena);
}

static void test_refusals(void **state)
{
    (void)state;
    const char *row = "input 60; dense 1", *event = "input 60; dense 1 sigmoid";
    refuse(row, toy_data(ROWS, 0, INPUTS, 'n'), "crop", NULL,
           "augment crop goes with windows and sequences, and net toy reads plain rows");
    refuse("input 12 5; gru 4; dense 1", series_data(true, 'n'), "mixup", NULL,
           "augment mixup goes with plain rows, windows and images, and net toy reads sequences");
    refuse("input 6 10 1; flatten; dense 1", toy_data(ROWS, 0, INPUTS, 'n'), "crop", NULL,
           "augment crop goes with windows and sequences, and net toy reads images");
    refuse(event, toy_data(ROWS, 0, INPUTS, 'b'), "mixup", "hinge",
           "augment mixup mixes labels: loss hinge takes no shares of levels");
    refuse(event, toy_data(ROWS, 0, INPUTS, 'b'), "mixup; mixup", NULL,
           "augment mixup stands in the recipe twice: labels are mixed once");
    refuse("input 60; dense 3 softmax", toy_data(ROWS, 0, INPUTS, 'c'), "signflip", NULL,
           "augment signflip turns the label over: the target y has more than two levels");
    TrainData *volatility = toy_data(ROWS, 0, INPUTS, 'n');
    for (int i = 0; i < ROWS; i++) volatility->train.y[i] = (real)fabs((double)volatility->train.y[i]);
    refuse(row, volatility, "signflip", NULL,
           "augment signflip turns the label over: the target y is never negative: it is no return");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bits_for_any_number_of_threads),
        cmocka_unit_test(test_same_bits_wherever_it_stops),
        cmocka_unit_test(test_draws_are_of_the_sample),
        cmocka_unit_test(test_gradients_are_those_of_the_samples),
        cmocka_unit_test(test_validation_rows_stay),
        cmocka_unit_test(test_mixed_labels),
        cmocka_unit_test(test_mixed_events),
        cmocka_unit_test(test_signs_turn_labels),
        cmocka_unit_test(test_turned_labels_have_their_class_weight),
        cmocka_unit_test(test_sequences_become_shorter),
        cmocka_unit_test(test_windows_keep_their_length),
        cmocka_unit_test(test_padding_stays),
        cmocka_unit_test(test_jitter_is_in_units_of_the_input),
        cmocka_unit_test(test_images_by_reshape),
        cmocka_unit_test(test_partners_are_of_the_date),
        cmocka_unit_test(test_branches_share_a_sample),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("model_augment", tests, NULL, NULL);
}
