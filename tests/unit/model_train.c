/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training from arrays: losses fall, it goes on where it stopped, gives the same bits for any number of
 * threads, keeps the best, and stops politely when a loss is not finite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/model.h"
#include "model/state.h"
#include "support/toynet.h"

static Net *train(const Net *net, TrainData *data, const TrainConfig *config)
{
    Err err = { 0 };
    Net *trained = net_train_data(net, data, config, NULL, NULL, &err);
    if (err.code) fail_msg("%s", err.message);
    return trained;
}

static Net *net_of(size_t inputs, const char *hidden, const char *activation, const char *last)
{
    NetDef *def = toy_def("pd", inputs);
    TOY_LAYER(def, "dense", hidden, activation);
    TOY_LAYER(def, "dropout", "0.1");
    TOY_LAYER(def, "dense", strcmp(last, "softmax") ? "1" : "3", last);
    return toy_net(def, 1);
}

static void assert_same_hash(const Net *a, const Net *b)
{
    char x[9], y[9];
    net_hash(a, x);
    net_hash(b, y);
    assert_string_equal(x, y);
}

/* Dates of eight rows, where the loss needs them; targets of 0 or more, or shares. */
static void suit(TrainData *data, const LossKind *loss, TrainConfig *config)
{
    TrainPart *parts[] = { &data->train, &data->valid };
    config->dates = loss->by_date ? 2 : 0;
    for (int k = 0; k < 2; k++) {
        TrainPart *part = parts[k];
        for (size_t i = 0; data->target_kind == 'n' && i < part->n; i++) {
            if (loss->high > 1) part->y[i] = (real)fabs((double)part->y[i]);
            if (loss->high == 1) part->y[i] = (1 + part->y[i]) / 2;
        }
        if (!loss->by_date) continue;
        part->n_dates = part->n / 8;
        part->date_start = mem_own((part->n_dates + 1) * sizeof *part->date_start);
        for (size_t g = 0; g <= part->n_dates; g++) part->date_start[g] = (uint32_t)(8 * g);
    }
}

/* Every loss goes down, with the target it is for. */
static void test_losses_fall(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    for (int i = 0; i < loss_kinds.n; i++) {
        const LossKind *loss = (const LossKind *)loss_kinds.items[i];
        bool levels = strcmp(loss->targets, "c") == 0, binary = loss->targets[0] == 'b';
        double settings[LOSS_SETTINGS];
        int n_settings = loss_settings(loss, NULL, settings);
        int outputs = loss->outputs ? loss->outputs(settings, n_settings) : levels ? 3 : 1;
        NetDef *def = toy_def("l", 4);
        TOY_LAYER(def, "dense", "16", "relu");
        TOY_LAYER(def, "dense",
                  outputs == 1   ? "1"
                  : outputs == 2 ? "2"
                                 : "3",
                  loss->fused ? loss->fused : "linear");
        Net *net = toy_net(def, 1);
        TrainConfig config = toy_config(30, 16);
        config.lr = 0.01;
        toy_kind(&config, arena, &loss_kinds, loss->kind.name);
        TrainData *data = toy_data(256, 64, 4, levels ? 'c' : binary ? 'b' : 'n');
        suit(data, loss, &config);
        Net *trained = train(net, data, &config);
        const History *history = trained->history;
        assert_int_equal(history->n, 30);
        double first = history->rows[0].valid_loss, last = history->rows[29].valid_loss;
        double least = loss->high > 1 ? 0.1 : 0.3; /* the likelihood of counts is never 0 */
        if (!(last < first - least * fabs(first))) fail_msg("%s: %g to %g", loss->kind.name, first, last);
        net_unref(trained);
        net_unref(net);
    }
    arena_free(arena);
}

static void test_resume_is_exact(void **state)
{
    (void)state;
    Net *net = net_of(5, "16", "relu", "sigmoid");
    TrainConfig ten = toy_config(10, 32), five = toy_config(5, 32), part = toy_config(10, 32);
    part.steps = 23; /* in the middle of the third epoch */
    Net *whole = train(net, toy_data(300, 50, 5, 'b'), &ten);
    Net *half = train(net, toy_data(300, 50, 5, 'b'), &five);
    Net *both = train(half, toy_data(300, 50, 5, 'b'), &five);
    assert_int_equal(both->epoch, 10);
    assert_int_equal(both->history->n, 10);
    assert_same_hash(whole, both);
    assert_true(whole->history->rows[9].train_loss == both->history->rows[9].train_loss);
    Net *cut = train(net, toy_data(300, 50, 5, 'b'), &part);
    assert_int_equal(cut->epoch, 2);
    TrainConfig rest = toy_config(8, 32);
    Net *joined = train(cut, toy_data(300, 50, 5, 'b'), &rest);
    assert_same_hash(whole, joined);
    assert_true(whole->history->rows[2].train_loss == joined->history->rows[2].train_loss);
    assert_int_equal(joined->state->steps, whole->state->steps);
    assert_int_equal(whole->state->steps, 100);
    const Net *all[] = { net, whole, half, both, cut, joined };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) net_unref(all[i]);
}

/* Large enough for a team of threads. */
static void test_threads_give_the_same_bits(void **state)
{
    (void)state;
    NetDef *def = toy_def("wide", 40);
    TOY_LAYER(def, "dense", "150", "relu", "l2=0.001");
    TOY_LAYER(def, "dropout", "0.2");
    TOY_LAYER(def, "dense", "130", "tanh");
    TOY_LAYER(def, "dense", "3", "softmax");
    Net *net = toy_net(def, 1), *trained[3];
    for (int threads = 1; threads <= 3; threads++) {
        TrainConfig config = toy_config(2, 250);
        config.threads = threads;
        config.clip = 0.5;
        config.weight_decay = 0.01;
        trained[threads - 1] = train(net, toy_data(990, 200, 40, 'c'), &config);
    }
    for (int i = 1; i < 3; i++) {
        assert_same_hash(trained[0], trained[i]);
        assert_true(trained[0]->history->rows[1].valid_loss == trained[i]->history->rows[1].valid_loss);
    }
    for (int i = 0; i < 3; i++) net_unref(trained[i]);
    net_unref(net);
}

static void test_patience_keeps_the_best(void **state)
{
    (void)state;
    NetDef *def = toy_def("over", 6);
    TOY_LAYER(def, "dense", "64", "relu");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    Net *net = toy_net(def, 1);
    TrainData *data = toy_data(40, 60, 6, 'b');
    for (size_t i = 0; i < data->train.n; i += 4) data->train.y[i] = 1 - data->train.y[i];
    TrainConfig config = toy_config(500, 8);
    config.lr = 0.02;
    config.patience = 10;
    config.keep_best = true;
    Net *trained = train(net, data, &config);
    const History *history = trained->history;
    assert_int_equal(history->stop, STOP_PATIENCE);
    assert_int_equal(history->n, history->best_epoch + 10);
    assert_int_equal(trained->epoch, history->best_epoch);
    for (int i = 0; i < history->n; i++) assert_true(history->rows[i].valid_loss >= history->best_value);
    assert_true(history->rows[history->best_epoch - 1].valid_loss == history->best_value);
    /* Going on from the best epoch repeats what came after it. */
    TrainConfig more = config;
    more.epochs = 3;
    more.keep_best = false;
    more.patience = 0;
    data = toy_data(40, 60, 6, 'b');
    for (size_t i = 0; i < data->train.n; i += 4) data->train.y[i] = 1 - data->train.y[i];
    Net *again = train(trained, data, &more);
    int at = history->best_epoch;
    assert_true(again->history->rows[at].train_loss == history->rows[at].train_loss);
    Net *best = net_restore(again, again->best_epoch, NULL);
    assert_same_hash(best, trained);
    Err err = { 0 };
    assert_null(net_restore(again, 1, &err));
    assert_int_equal(err.code, CODE_no_epoch);
    net_unref(best);
    net_unref(again);
    net_unref(trained);
    net_unref(net);
}

static void test_rewind(void **state)
{
    (void)state;
    Net *net = net_of(4, "8", "tanh", "linear");
    TrainConfig config = toy_config(2, 16);
    Net *trained = train(net, toy_data(64, 0, 4, 'n'), &config), *back = net_rewind(trained, NULL);
    assert_same_hash(net, back);
    assert_null(back->history);
    assert_int_equal(back->epoch, 0);
    net_unref(back);
    net_unref(trained);
    net_unref(net);
}

static void test_frozen_layers_stay(void **state)
{
    (void)state;
    Net *net = net_of(4, "8", "tanh", "linear");
    assert_true(net_freeze(net, "dense1", true, NULL));
    TrainConfig config = toy_config(3, 16);
    Net *trained = train(net, toy_data(64, 0, 4, 'n'), &config);
    assert_memory_equal(net->params->values, trained->params->values, 40 * sizeof(real));
    assert_memory_not_equal(net->params->values + 40, trained->params->values + 40, sizeof(real));
    assert_false(net_freeze(net, "dense9", true, NULL));
    net_unref(trained);
    net_unref(net);
}

/* An input of 1e9 in one row: the error names it, and the net is back at its last good epoch. */
static void test_not_finite(void **state)
{
    (void)state;
    static const char *names[] = { "age", "income", "debt" };
    NetDef *def = toy_def("pd", 3);
    TOY_LAYER(def, "dense", "8", "relu");
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    TrainConfig config = toy_config(3, 8);
    Net *good = train(net, toy_data(64, 16, 3, 'n'), &config);
    TrainData *data = toy_data(64, 16, 3, 'n');
    data->features = names;
    data->frame = "loans";
    data->train.x[3 * 41 + 1] = (real)9.1e30;
    Err err = { 0 };
    Net *back = net_train_data(good, data, &config, NULL, NULL, &err);
    assert_non_null(back);
    assert_int_equal(err.code, CODE_not_finite);
    assert_non_null(strstr(err.message, "train stopped at epoch 4, batch "));
    if (sizeof(real) == 4) {
        assert_non_null(strstr(err.detail, "first bad value: "));
        assert_non_null(strstr(err.detail, "input 'income' = 9.1e+30 (loans, row 42 of the file)"));
    }
    assert_non_null(strstr(err.detail, "likely: income is not scaled"));
    assert_string_equal(err.kept, "pd is back at epoch 3");
    assert_same_hash(good, back);
    assert_int_equal(back->history->stop, STOP_NOT_FINITE);
    assert_int_equal(back->history->n, 3);
    net_unref(back);
    net_unref(good);
    net_unref(net);
}

static void test_rate_too_high(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Net *net = net_of(3, "8", "linear", "linear");
    TrainConfig config = toy_config(200, 8);
    toy_kind(&config, arena, &optimizer_kinds, "sgd");
    config.lr = 1e6;
    Err err = { 0 };
    Net *back = net_train_data(net, toy_data(64, 16, 3, 'n'), &config, NULL, NULL, &err);
    assert_int_equal(err.code, CODE_not_finite);
    assert_non_null(strstr(err.detail, "likely: the learning rate is too high"));
    net_unref(back);
    net_unref(net);
    arena_free(arena);
}

static void test_class_weights(void **state)
{
    (void)state;
    TrainData *data = traindata_new();
    const real x[] = { 1, 2, 3, 4 }, y[] = { 0, 0, 0, 1 };
    TrainConfig config = toy_config(1, 4);
    data->n_features = 1;
    data->target_kind = 'b';
    data->n_levels = 2;
    traindata_set(data, &data->train, x, y, NULL, 4, NULL);
    config.class_weight = 1;
    assert_true(traindata_weigh(data, &config, NULL));
    assert_true(fabs((double)data->train.weight[0] - 4.0 / 6) < 1e-6);
    assert_true(fabs((double)data->train.weight[3] - 2) < 1e-6);
    traindata_free(data);
}

/* Full-batch training on points of two levels, each with its weight or as often as that. */
static Net *train_weighted(const Net *net, const real *x, const real *y, const real *weight, size_t n,
                           const Record *costs)
{
    static const char *levels[] = { "0", "1" };
    TrainData *data = traindata_new();
    TrainConfig config = toy_config(60, (long)n);
    Arena *arena = arena_new();
    data->n_features = 1;
    data->target_kind = 'b';
    data->levels = levels;
    data->n_levels = 2;
    assert_true(traindata_set(data, &data->train, x, y, weight, n, NULL));
    config.lr = 0.2;
    config.class_weight = costs ? 2 : 0;
    config.class_weights = costs;
    toy_kind(&config, arena, &optimizer_kinds, "sgd");
    Net *trained = train(net, data, &config);
    arena_free(arena);
    return trained;
}

static void assert_close(const Net *a, const Net *b)
{
    for (size_t i = 0; i < a->params->n_weights; i++)
        assert_true(fabs((double)(a->params->values[i] - b->params->values[i])) < 1e-5);
    double loss = a->history->rows[59].train_loss - b->history->rows[59].train_loss;
    assert_true(fabs(loss) < 1e-5);
}

/* A row that weighs 3 is three rows; costs of the levels are weights of their rows. */
static void test_weights_count_rows(void **state)
{
    (void)state;
    const real x[] = { -1, 0, 1, 2 }, y[] = { 0, 1, 0, 1 }, weight[] = { 1, 2, 1, 3 };
    const real all_x[] = { -1, 0, 0, 1, 2, 2, 2 }, all_y[] = { 0, 1, 1, 0, 1, 1, 1 };
    const real cost[] = { 1, 5, 1, 5 };
    NetDef *def = toy_def("w", 1);
    TOY_LAYER(def, "dense", "4", "tanh");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    Net *net = toy_net(def, 1);
    Arena *arena = arena_new();
    Record *costs = arena_take(arena, sizeof *costs);
    record_number(arena, costs, "1", 5);
    Net *nets[] = { train_weighted(net, x, y, NULL, 4, NULL), train_weighted(net, x, y, weight, 4, NULL),
                    train_weighted(net, all_x, all_y, NULL, 7, NULL),
                    train_weighted(net, x, y, NULL, 4, costs), train_weighted(net, x, y, cost, 4, NULL) };
    assert_close(nets[1], nets[2]);
    assert_close(nets[3], nets[4]);
    assert_true(fabs((double)(nets[0]->params->values[0] - nets[1]->params->values[0])) > 1e-3);
    for (int i = 0; i < 5; i++) net_unref(nets[i]);
    net_unref(net);
    arena_free(arena);
}

static void test_bad_configurations(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Err err = { 0 };
    Net *net = net_of(3, "4", "relu", "linear");
    TrainConfig config = toy_config(1, 8);
    toy_kind(&config, arena, &loss_kinds, "bce");
    assert_null(net_train_data(net, toy_data(8, 0, 3, 'b'), &config, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_no_loss);
    err_clear(&err);
    config.loss = NULL;
    config.monitor = "valid.loss";
    assert_null(net_train_data(net, toy_data(8, 0, 3, 'n'), &config, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_no_monitor);
    err_clear(&err);
    config.monitor = NULL;
    assert_null(net_train_data(net, toy_data(8, 0, 5, 'n'), &config, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_shapes);
    net_unref(net);
    arena_free(arena);
}

static double factor(const char *text, double epoch, double epochs, const double *own)
{
    Arena *arena = arena_new();
    TrainConfig config = toy_config(1, 1);
    double settings[SCHEDULE_SETTINGS], none[SCHEDULE_STATE] = { 0 };
    toy_kind(&config, arena, &schedule_kinds, text);
    kind_settings(config.schedule, config.schedule_options, settings, SCHEDULE_SETTINGS);
    SchedulePoint point = { epoch, epochs, settings, own ? own : none };
    double result = ((const ScheduleKind *)config.schedule)->factor(&point);
    arena_free(arena);
    return result;
}

static void test_schedules(void **state)
{
    (void)state;
    const double fallen[SCHEDULE_STATE] = { 1 };
    assert_true(factor("constant", 3, 10, NULL) == 1);
    assert_true(fabs(factor("cosine", 5, 10, NULL) - 0.5) < 1e-12);
    assert_true(fabs(factor("cosine(min=0.2)", 10, 10, NULL) - 0.2) < 1e-12);
    assert_true(fabs(factor("cosine(warmup=4)", 1, 10, NULL) - 0.25) < 1e-12);
    assert_true(factor("step(every=10, by=0.5)", 20, 30, NULL) == 0.25);
    assert_true(factor("exponential(by=0.5)", 2.7, 30, NULL) == 0.25);
    assert_true(factor("plateau(by=0.5)", 2, 30, fallen) == 0.5);
    assert_true(fabs(factor("onecycle(rise=0.25)", 5, 20, NULL) - 1) < 1e-12);
    assert_true(factor("warmup(4)", 1, 10, NULL) == 0.25 && factor("warmup(4)", 7, 10, NULL) == 1);
    assert_true(fabs(factor("restarts(2)", 1, 20, NULL) - 0.5) < 1e-12);
    assert_true(factor("restarts(2)", 2, 20, NULL) == 1 &&
                fabs(factor("restarts(2)", 4, 20, NULL) - 0.5) < 1e-12);
    assert_true(fabs(factor("restarts(2, grow=1, min=0.2)", 5, 20, NULL) - 0.6) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_losses_fall),
        cmocka_unit_test(test_resume_is_exact),
        cmocka_unit_test(test_threads_give_the_same_bits),
        cmocka_unit_test(test_patience_keeps_the_best),
        cmocka_unit_test(test_rewind),
        cmocka_unit_test(test_frozen_layers_stay),
        cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_rate_too_high),
        cmocka_unit_test(test_class_weights),
        cmocka_unit_test(test_weights_count_rows),
        cmocka_unit_test(test_bad_configurations),
        cmocka_unit_test(test_schedules),
    };
    return cmocka_run_group_tests_name("model_train", tests, NULL, NULL);
}
