/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a step is made of and what is kept of it: batches by date, several batches a step, averages of
 * weights; the same bits for any number of threads and after a stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/toynet.h"

enum { INPUTS = 5, DATES = 9 };

/* Date g has 1 + g mod 4 rows: some of them one. */
static void put_dates(TrainPart *part)
{
    size_t at = 0;
    part->date_start = mem_own((part->n + 1) * sizeof *part->date_start);
    for (part->n_dates = 0; at < part->n; part->n_dates++) {
        part->date_start[part->n_dates] = (uint32_t)at;
        at += 1 + part->n_dates % 4;
    }
    part->date_start[part->n_dates] = (uint32_t)part->n;
}

static TrainData *dated_data(size_t n, size_t n_valid)
{
    TrainData *data = toy_data(n, n_valid, INPUTS, 'n');
    put_dates(&data->train);
    if (n_valid) put_dates(&data->valid);
    return data;
}

static Net *new_net(const char *hidden)
{
    NetDef *def = toy_def("n", INPUTS);
    TOY_LAYER(def, "dense", hidden, "tanh");
    TOY_LAYER(def, "batchnorm", NULL);
    TOY_LAYER(def, "dropout", "0.1");
    TOY_LAYER(def, "dense", "1");
    return toy_net(def, 1);
}

static Net *plain_net(void)
{
    NetDef *def = toy_def("n", INPUTS);
    TOY_LAYER(def, "dense", "6", "tanh");
    TOY_LAYER(def, "dense", "1");
    return toy_net(def, 1);
}

static Trainer *new_trainer(const Net *net, TrainData *data, const TrainConfig *config)
{
    Err err = { 0 };
    Trainer *t = trainer_new(net, data, config, NULL, &err);
    if (!t) fail_msg("%s", err.message);
    return t;
}

static Net *train(const Net *net, TrainData *data, const TrainConfig *config)
{
    Err err = { 0 };
    Net *trained = net_train_data(net, data, config, NULL, NULL, &err);
    if (err.code) fail_msg("%s", err.message);
    return trained;
}

static void set_average(TrainConfig *config, Arena *arena, const char *text)
{
    OptionSpec spec = { .type = OPTION_ANY, .initial = text };
    Value value = option_initial(arena, &spec);
    bool plain = value.type != VALUE_KIND;
    Options *options = arena_take(arena, sizeof *options);
    config->average = kind_find(&average_kinds, plain ? value.text : value.kind.name);
    assert_true(options_bind(config->average, plain ? &(Args){ 0 } : value.kind.args, arena, (Span){ 0 },
                             options, NULL));
    config->average_options = options;
}

static void assert_same_hash(const Net *a, const Net *b)
{
    char x[9], y[9];
    net_hash(a, x);
    net_hash(b, y);
    assert_string_equal(x, y);
}

/* ---- batches by date */

/* Each batch holds whole dates, each row comes once, and epochs differ in their order. */
static void test_batches_are_dates(void **state)
{
    (void)state;
    Net *net = plain_net();
    TrainConfig config = toy_config(1, 0);
    config.dates = 2;
    Trainer *t = new_trainer(net, dated_data(40, 0), &config);
    size_t n = t->data->train.n_dates, seen[40] = { 0 };
    const TrainPart *train = &t->data->train;
    assert_int_equal(t->n_batches, (n + 1) / 2);
    assert_int_equal(t->config.batch, 8);
    uint32_t first[40];
    for (t->epoch = 0; t->epoch < 2; t->epoch++) {
        trainer_shuffle(t);
        for (t->batch = 0; t->batch < t->n_batches; t->batch++) {
            size_t dates, from = trainer_batch_start(t, t->batch), to = trainer_batch_start(t, t->batch + 1);
            const uint32_t *starts = trainer_batch_dates(t, &dates);
            assert_int_equal(dates, t->batch + 1 < t->n_batches || n % 2 == 0 ? 2 : 1);
            assert_int_equal(starts[0], from);
            assert_int_equal(starts[dates], to);
            for (size_t g = 0; g < dates; g++) {
                size_t date = 0;
                while (train->date_start[date] != t->order[starts[g]]) date++;
                assert_int_equal(starts[g + 1] - starts[g],
                                 train->date_start[date + 1] - train->date_start[date]);
            }
            for (size_t i = from; i < to; i++) seen[t->order[i]]++;
        }
        if (t->epoch == 0) memcpy(first, t->order, sizeof first);
    }
    for (size_t i = 0; i < 40; i++) assert_int_equal(seen[i], 2);
    assert_int_not_equal(memcmp(first, t->order, sizeof first), 0);
    trainer_free(t);
    net_unref(net);
}

/* Value and gradient by the outputs of ic over dates, against differences; dates of one row and of one target
 * do not count. */
static void test_ic_by_date(void **state)
{
    (void)state;
    const LossKind *loss = loss_find("ic");
    static const uint32_t starts[] = { 10, 11, 14, 16, 20 };
    const real target[] = { 3, 1, 3, 2, 5, 5, 1, -1, 0, 2 };
    real out[10] = { 9, 1, 2, 3, 1, 7, 0.5, -0.25, 0.125, 1.5 }, gradient[10];
    double settings[LOSS_SETTINGS] = { 0 }, mass = -1;
    LossBatch batch = { .n = 10,
                        .n_outputs = 1,
                        .out = out,
                        .target = target,
                        .scale = (real)0.1,
                        .settings = settings,
                        .starts = starts,
                        .n_starts = 4,
                        .mass = &mass,
                        .gradient = gradient };
    settings[0] = 1e-12;
    double value = loss->value(&batch), other = 2.8125 / sqrt(1.69921875 * 5);
    assert_true(mass == 2);
    assert_true(fabs(value / 10 + (0.5 + other) / 2) < 1e-6);
    assert_true(gradient[0] == 0 && gradient[4] == 0 && gradient[5] == 0);
    batch.gradient = NULL;
    for (int i = 0; i < 10; i++) {
        real kept = out[i];
        out[i] = kept + (real)0.0078125;
        double up = loss->value(&batch);
        out[i] = kept - (real)0.0078125;
        double down = loss->value(&batch);
        out[i] = kept;
        assert_true(fabs((up - down) / 0.15625 - (double)gradient[i]) < 1e-4);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    Net *net = plain_net();
    Arena *arena = arena_new();
    Err err = { 0 };
    TrainConfig config = toy_config(1, 8);
    toy_kind(&config, arena, &loss_kinds, "ic");
    assert_null(net_train_data(net, dated_data(40, 0), &config, NULL, NULL, &err));
    assert_string_equal(err.message, "loss ic is taken within dates: it needs batch=time");
    config.dates = 1;
    TrainData *alone = dated_data(40, 0);
    for (size_t i = 0; i <= 40; i++) alone->train.date_start[i] = (uint32_t)i;
    alone->train.n_dates = 40;
    err = (Err){ 0 };
    assert_null(net_train_data(net, alone, &config, NULL, NULL, &err));
    assert_string_equal(err.message, "loss ic needs dates with several rows that differ in y: data has none");
    toy_kind(&config, arena, &optimizer_kinds, "lbfgs");
    err = (Err){ 0 };
    assert_null(net_train_data(net, dated_data(40, 0), &config, NULL, NULL, &err));
    assert_string_equal(err.message, "batch=time needs an optimizer that steps batch by batch, not lbfgs");
    arena_free(arena);
    net_unref(net);
}

/* ---- several batches a step */

/* The gradient of a step over batches of 4, 4 and 2 rows is that of one batch of 10. */
static void check_accumulated(const char *loss, long batch, long dates, long accumulate, long whole)
{
    Net *net = plain_net();
    Arena *arena = arena_new();
    TrainConfig config = toy_config(1, batch), all = toy_config(1, whole);
    config.accumulate = accumulate;
    config.dates = dates;
    all.dates = dates ? whole : 0;
    toy_kind(&config, arena, &loss_kinds, loss);
    toy_kind(&all, arena, &loss_kinds, loss);
    Trainer *t = new_trainer(net, dated_data(10, 0), &config),
            *one = new_trainer(net, dated_data(10, 0), &all);
    trainer_shuffle(t);
    trainer_shuffle(one);
    assert_true(trainer_step(t) && trainer_step(one));
    assert_int_equal(t->batch, t->n_batches);
    assert_int_equal(t->state->t, 1);
    double largest = 0;
    for (size_t i = 0; i < t->plan->n_weights; i++) largest = fmax(largest, fabs((double)one->gradients[i]));
    for (size_t i = 0; i < t->plan->n_weights; i++)
        assert_true(fabs((double)(t->gradients[i] - one->gradients[i])) <= 2e-6 * largest);
    assert_true(fabs(t->state->loss_sum / t->state->weight_sum - one->batch_loss) < 1e-6);
    trainer_free(t);
    trainer_free(one);
    arena_free(arena);
    net_unref(net);
}

static void test_accumulation(void **state)
{
    (void)state;
    check_accumulated("mse", 4, 0, 3, 10);
    check_accumulated("ic", 0, 1, 100, 100); /* by dates that count, whatever their rows */
    check_accumulated("ic", 0, 2, 100, 100);
}

/* Groups end with the epoch: 7 batches are steps of 3, 3 and 1; the rate follows steps. */
static void test_groups(void **state)
{
    (void)state;
    Net *net = plain_net();
    Arena *arena = arena_new();
    TrainConfig config = toy_config(2, 6);
    config.accumulate = 3;
    toy_kind(&config, arena, &schedule_kinds, "warmup(2)");
    Trainer *t = new_trainer(net, toy_data(40, 0, INPUTS, 'n'), &config);
    const double middles[] = { 1.5, 4.5, 6.5 };
    for (int i = 0; i < 3; i++) {
        assert_true(trainer_step(t));
        assert_true(fabs(t->current_lr - t->lr * middles[i] / 14) < 1e-12);
    }
    assert_int_equal(t->batch, 7);
    assert_int_equal(t->state->t, 3);
    assert_int_equal(t->state->steps, 7);
    trainer_free(t);
    arena_free(arena);
    net_unref(net);
}

/* ---- averages */

/* Against the definition, from the weights after each step or epoch. */
static void check_average(const char *text, double (*weight)(int i, int n), int from)
{
    enum { STEPS = 6 };
    Net *net = plain_net(), *averaged;
    Arena *arena = arena_new();
    TrainConfig config = toy_config(1, 40);
    size_t n = net->params->n_weights;
    double *mean = mem_own(n * sizeof *mean), total = 0;
    for (int i = 1; i <= STEPS; i++) {
        config.epochs = i;
        Net *then = train(net, toy_data(40, 0, INPUTS, 'n'), &config);
        double share = i >= from ? weight(i - from + 1, STEPS - from + 1) : 0;
        for (size_t k = 0; k < n; k++) mean[k] += share * (double)then->params->values[k];
        total += share;
        net_unref(then);
    }
    set_average(&config, arena, text);
    averaged = train(net, toy_data(40, 0, INPUTS, 'n'), &config);
    for (size_t k = 0; k < n; k++)
        assert_true(fabs((double)averaged->params->values[k] - mean[k] / total) < 1e-6);
    assert_int_equal(averaged->state->n_averaged, STEPS - from + 1);
    net_unref(averaged);
    mem_free(mean);
    arena_free(arena);
    net_unref(net);
}

static double plain_weight(int i, int n)
{
    (void)i;
    (void)n;
    return 1;
}

static double fading_weight(int i, int n)
{
    return pow(0.7, n - i);
}

static void test_averages(void **state)
{
    (void)state;
    check_average("ema(0.7)", fading_weight, 1);
    check_average("swa", plain_weight, 1);
    check_average("swa(4)", plain_weight, 4);
}

/* What is validated is the average, and the best epoch's is kept; before it begins it is the weights. */
static void test_average_is_judged(void **state)
{
    (void)state;
    Net *net = plain_net();
    Arena *arena = arena_new();
    TrainConfig config = toy_config(5, 8);
    set_average(&config, arena, "swa(3)");
    Net *averaged = train(net, toy_data(40, 20, INPUTS, 'n'), &config);
    config.average = NULL;
    Net *plain = train(net, toy_data(40, 20, INPUTS, 'n'), &config);
    const EpochRow *a = averaged->history->rows, *p = plain->history->rows;
    for (int i = 0; i < 3; i++) assert_true(a[i].valid_loss == p[i].valid_loss);
    for (int i = 3; i < 5; i++) assert_true(a[i].valid_loss != p[i].valid_loss);
    for (int i = 0; i < 5; i++) assert_true(a[i].train_loss == p[i].train_loss);
    size_t bytes = (averaged->params->n_weights + averaged->params->n_stats) * sizeof(real);
    assert_memory_equal(averaged->state->values, plain->params->values, bytes);
    net_unref(plain);
    net_unref(averaged);
    arena_free(arena);
    net_unref(net);
}

/* ---- the same bits */

static const struct Course {
    const char *average, *optimizer, *loss;
    long batch, dates, accumulate;
} courses[] = {
    { "ema(0.9)", "adam", "mse", 16, 0, 1 },  { "swa(2)", "adam", "mse", 16, 0, 3 },
    { "swa(4)", "amsgrad", "mse", 16, 0, 1 }, { NULL, "lion", "ic", 0, 1, 1 },
    { "ema", "adam", "ic", 0, 3, 2 },         { NULL, "adam", "sharpe", 64, 0, 2 },
};

static TrainConfig course_config(const struct Course *course, Arena *arena, long epochs)
{
    TrainConfig config = toy_config(epochs, course->batch);
    config.dates = course->dates;
    config.accumulate = course->accumulate;
    config.lr = 0.01;
    toy_kind(&config, arena, &optimizer_kinds, course->optimizer);
    toy_kind(&config, arena, &loss_kinds, course->loss);
    if (course->average) set_average(&config, arena, course->average);
    return config;
}

static void test_threads(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        Net *net = new_net("600"), *nets[3];
        for (int threads = 1; threads <= 3; threads++) {
            TrainConfig config = course_config(&courses[i], arena, 2);
            config.threads = threads;
            nets[threads - 1] = train(net, dated_data(400, 90), &config);
        }
        assert_same_hash(nets[0], nets[1]);
        assert_same_hash(nets[0], nets[2]);
        for (int k = 0; k < 3; k++) net_unref(nets[k]);
        net_unref(net);
    }
    arena_free(arena);
}

/* 5 epochs and 5 more; and a stop in the middle of an epoch. */
static void test_goes_on(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        Net *net = new_net("6");
        TrainConfig ten = course_config(&courses[i], arena, 10), five = course_config(&courses[i], arena, 5),
                    few = ten;
        few.steps = 3;
        Net *whole = train(net, dated_data(100, 30), &ten), *half = train(net, dated_data(100, 30), &five);
        Net *rest = train(half, dated_data(100, 30), &five), *begun = train(net, dated_data(100, 30), &few);
        ten.epochs = 10 - begun->epoch;
        Net *ended = train(begun, dated_data(100, 30), &ten);
        assert_same_hash(whole, rest);
        assert_same_hash(whole, ended);
        assert_true(whole->history->best_value == rest->history->best_value);
        Net *all[] = { whole, half, rest, begun, ended, net };
        for (size_t k = 0; k < sizeof all / sizeof *all; k++) net_unref(all[k]);
    }
    arena_free(arena);
}

/* A net that was averaged trains on without: from what it shows. */
static void test_average_ends(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Net *net = plain_net();
    TrainConfig config = toy_config(3, 8);
    set_average(&config, arena, "ema(0.9)");
    Net *averaged = train(net, toy_data(40, 0, INPUTS, 'n'), &config);
    config.average = NULL;
    config.epochs = 1;
    config.lr = 1e-30;
    Net *plain = train(averaged, toy_data(40, 0, INPUTS, 'n'), &config);
    assert_same_hash(averaged, plain);
    assert_null(plain->state->average);
    net_unref(plain);
    net_unref(averaged);
    net_unref(net);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches_are_dates),
        cmocka_unit_test(test_ic_by_date),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_accumulation),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_averages),
        cmocka_unit_test(test_average_is_judged),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_average_ends),
    };
    return cmocka_run_group_tests_name("model_steps", tests, NULL, NULL);
}
