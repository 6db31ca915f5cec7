/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Problems that a net has to solve: every optimizer on XOR, two spirals, a sine and a motif in noise;
 * recurrent nets on the adding problem and on parity. Each bound is far below what the mean of the target
 * leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/model.h"
#include "support/toynet.h"

/* How each optimizer is run: small problems want larger rates than its own. */
typedef struct Run {
    const char *name, *text;
    double corner_lr, curve_lr, motif_lr;
} Run;

static const Run runs[] = { { "adam", "adam", 0.05, 0.01, 0.02 },
                            { "adamw", "adamw", 0.05, 0.01, 0.02 },
                            { "sgd", "sgd(momentum=0.9, nesterov=on)", 0.3, 0.05, 0.1 },
                            { "rmsprop", "rmsprop", 0.02, 0.005, 0.01 },
                            { "nadam", "nadam", 0.05, 0.01, 0.02 },
                            { "adagrad", "adagrad", 0.3, 0.1, 0.1 },
                            { "amsgrad", "amsgrad", 0.05, 0.01, 0.02 },
                            { "lion", "lion", 0.01, 0.002, 0.02 },
                            { "lbfgs", "lbfgs", 0.1, 0.1, 0.1 },
                            { "cg", "cg", 0.1, 0.1, 0.1 } };

static const Run *run_of(const char *optimizer)
{
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (!strcmp(runs[i].name, optimizer)) return &runs[i];
    fail_msg("%s has no row in runs", optimizer);
    return NULL;
}

/* Trains a net of `def` and takes over the data: the last epoch's loss, of the validation rows where there
 * are. */
static double learn(NetDef *def, TrainData *data, const TrainConfig *config)
{
    Err err = { 0 };
    Net *net = toy_net(def, 1), *trained = net_train_data(net, data, config, NULL, NULL, &err);
    if (!trained || err.code) fail_msg("%s", err.message);
    const EpochRow *last = &trained->history->rows[trained->history->n - 1];
    double loss = isnan(last->valid_loss) ? last->train_loss : last->valid_loss;
    net_unref(trained);
    net_unref(net);
    return loss;
}

/* Every optimizer of the registry on one problem. */
static void check_all(const char *problem, double bound, long epochs,
                      double (*solve)(const Run *run, TrainConfig *config))
{
    for (int i = 0; i < optimizer_kinds.n; i++) {
        const Run *run = run_of(optimizer_kinds.items[i]->name);
        Arena *arena = arena_new();
        TrainConfig config = toy_config(epochs, 32);
        toy_kind(&config, arena, &optimizer_kinds, run->text);
        double loss = solve(run, &config);
        arena_free(arena);
        if (!(loss < bound)) fail_msg("%s: %s reaches a loss of %g, not %g", problem, run->name, loss, bound);
    }
}

/* ---- curves: points in the plane */

static TrainData *plane_data(const real *x, const real *y, size_t n, char kind)
{
    TrainData *data = traindata_new();
    data->n_features = 2;
    data->target_kind = kind;
    data->n_levels = kind == 'b' ? 2 : 0;
    assert_true(traindata_set(data, &data->train, x, y, NULL, n, NULL));
    return data;
}

/* The mean alone leaves log 2 = 0.693. */
static double solve_xor(const Run *run, TrainConfig *config)
{
    const real x[] = { 0, 0, 0, 1, 1, 0, 1, 1 }, y[] = { 0, 1, 1, 0 };
    NetDef *def = toy_def("xor", 2);
    TOY_LAYER(def, "dense", "8", "tanh");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    config->lr = run->corner_lr;
    return learn(def, plane_data(x, y, 4, 'b'), config);
}

static NetDef *curve_net(const char *last)
{
    NetDef *def = toy_def("curve", 2);
    TOY_LAYER(def, "dense", "64", "tanh");
    TOY_LAYER(def, "dense", "32", "tanh");
    TOY_LAYER(def, "dense", "1", last);
    return def;
}

enum { POINTS = 194 };

/* 97 points a spiral (Lang and Witbrock 1989), of one turn. The mean alone leaves 0.693. */
static double solve_spirals(const Run *run, TrainConfig *config)
{
    real x[2 * POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++) {
        double along = (i / 2) / 96.0, angle = M_PI * (2 * along + i % 2), radius = 0.2 + along;
        x[2 * i] = (real)(radius * cos(angle));
        x[2 * i + 1] = (real)(radius * sin(angle));
        y[i] = (real)(i % 2);
    }
    config->lr = run->curve_lr;
    return learn(curve_net("sigmoid"), plane_data(x, y, POINTS, 'b'), config);
}

/* A period of a sine, its second input 0. The mean alone leaves 0.5. */
static double solve_sine(const Run *run, TrainConfig *config)
{
    real x[2 * POINTS] = { 0 }, y[POINTS];
    for (int i = 0; i < POINTS; i++) {
        x[2 * i] = (real)(2.0 * i / (POINTS - 1) - 1);
        y[i] = (real)sin(M_PI * (double)x[2 * i]);
    }
    config->lr = run->curve_lr;
    return learn(curve_net("linear"), plane_data(x, y, POINTS, 'n'), config);
}

static void test_xor(void **state)
{
    (void)state;
    check_all("xor", 0.05, 400, solve_xor);
}

static void test_spirals(void **state)
{
    (void)state;
    check_all("spirals", 0.1, 400, solve_spirals);
}

static void test_sine(void **state)
{
    (void)state;
    check_all("sine", 0.02, 400, solve_sine);
}

/* The least squares of a line, y = 2 x - 1: the full-batch optimizers know when they are there. */
static void test_line(void **state)
{
    (void)state;
    static const char *const optimizers[] = { "lbfgs", "cg", "cg(restart=off)" };
    const real x[] = { -2, -1, 0, 1, 2, 3 }, y[] = { -5, -3, -1, 1, 3, 5 };
    Arena *arena = arena_new();
    for (int i = 0; i < 3; i++) {
        TrainData *data = traindata_new();
        data->n_features = 1;
        traindata_set(data, &data->train, x, y, NULL, 6, NULL);
        NetDef *def = toy_def("line", 1);
        TOY_LAYER(def, "dense", "1");
        Net *net = toy_net(def, 1);
        TrainConfig config = toy_config(300, 4);
        toy_kind(&config, arena, &optimizer_kinds, optimizers[i]);
        Net *trained = net_train_data(net, data, &config, NULL, NULL, NULL);
        const real *w = trained->params->values;
        if (!(fabs((double)w[0] - 2) < 1e-3 && fabs((double)w[1] + 1) < 1e-3))
            fail_msg("%s: %g %g after %d epochs", optimizers[i], (double)w[0], (double)w[1], trained->epoch);
        assert_int_equal(trained->history->stop, STOP_CONVERGED);
        net_unref(trained);
        net_unref(net);
    }
    arena_free(arena);
}

/* ---- series: rows of (steps, features) */

enum { TRAIN_ROWS = 1200, VALID_ROWS = 200 };

typedef void (*MakeRow)(real *x, real *y, size_t row);

static TrainData *series_data(size_t width, size_t n, char kind, MakeRow make)
{
    size_t all = n + VALID_ROWS;
    TrainData *data = traindata_new();
    real *x = mem_own(all * width * sizeof *x), *y = mem_own(all * sizeof *y);
    for (size_t i = 0; i < all; i++) make(x + i * width, y + i, i);
    data->n_features = width;
    data->target_kind = kind;
    data->n_levels = kind == 'b' ? 2 : 0;
    assert_true(traindata_set(data, &data->train, x, y, NULL, n, NULL));
    assert_true(traindata_set(data, &data->valid, x + n * width, y + n, NULL, VALID_ROWS, NULL));
    mem_free(x);
    mem_free(y);
    return data;
}

enum { MOTIF_STEPS = 32, MOTIF_ROWS = 400 };

/* A sine of one period and unit norm, eight steps long, times 6, somewhere in noise of variance 1, in half of
 * the rows. */
static void make_motif(real *x, real *y, size_t row)
{
    size_t at = (size_t)(((double)toy_number(41, (uint32_t)row) + 1) / 2 * (MOTIF_STEPS - 7));
    *y = (real)(row % 2);
    for (size_t t = 0; t < MOTIF_STEPS; t++) {
        uint32_t draw = (uint32_t)(row * MOTIF_STEPS + t);
        double wave = t >= at && t < at + 8 ? 3 * sin(2 * M_PI * ((double)(t - at) + 0.5) / 8) : 0;
        x[t] = toy_number(42, draw) + toy_number(43, draw) + toy_number(44, draw) + *y * (real)wave;
    }
}

static double solve_motif(const Run *run, TrainConfig *config)
{
    NetDef *def = toy_def("motif", 1);
    def->input_shape = (Shape){ 2, { MOTIF_STEPS, 1 } };
    TOY_LAYER(def, "conv1d", "4", "relu", "kernel=8");
    TOY_LAYER(def, "globalpool", "max");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    config->lr = run->motif_lr;
    return learn(def, series_data(MOTIF_STEPS, MOTIF_ROWS, 'b', make_motif), config);
}

/* On rows that it did not see; the mean alone leaves 0.693. */
static void test_motif(void **state)
{
    (void)state;
    check_all("motif", 0.2, 60, solve_motif);
}

enum { ADDING_STEPS = 12, PARITY_STEPS = 8 };

static size_t half_row(uint32_t seed, uint32_t draw)
{
    return (size_t)((double)(toy_number(seed, draw) + 1) / 2 * ADDING_STEPS / 2);
}

/* Hochreiter and Schmidhuber 1997: the sum of the two numbers that are marked, one in each half. */
static void make_adding(real *x, real *y, size_t row)
{
    uint32_t at = (uint32_t)row * 64;
    size_t first = half_row(21, at), second = ADDING_STEPS / 2 + half_row(22, at);
    *y = 0;
    for (size_t t = 0; t < ADDING_STEPS; t++) {
        bool marked = t == first || t == second;
        x[2 * t] = (toy_number(23, at + (uint32_t)t) + 1) / 2;
        x[2 * t + 1] = marked;
        if (marked) *y += x[2 * t];
    }
}

/* Whether the number of ones is odd, as -1 and 1. */
static void make_parity(real *x, real *y, size_t row)
{
    int ones = 0;
    for (size_t t = 0; t < PARITY_STEPS; t++) {
        x[t] = toy_number(31, (uint32_t)(row * PARITY_STEPS + t)) > 0 ? 1 : -1;
        ones += x[t] > 0;
    }
    *y = ones % 2 ? 1 : -1;
}

static void check_recurrent(const char *kind, const char *option, size_t steps, size_t features, long epochs,
                            double bound, MakeRow make)
{
    const char *texts[] = { "16", option, NULL };
    NetDef *def = toy_def("series", 1);
    def->input_shape = (Shape){ 2, { steps, features } };
    assert_true(toy_layer_as(def, "recurrent1", NULL, kind, texts));
    TOY_LAYER(def, "dense", "1");
    TrainConfig config = toy_config(epochs, 50);
    config.lr = 0.01;
    config.clip = 1;
    double loss = learn(def, series_data(steps * features, TRAIN_ROWS, 'n', make), &config);
    if (!(loss < bound)) fail_msg("%s %s: loss %g, not %g", kind, option ? option : "", loss, bound);
}

/* The mean alone leaves 1/6 = 0.167. */
static void test_adding(void **state)
{
    (void)state;
    check_recurrent("lstm", NULL, ADDING_STEPS, 2, 60, 0.01, make_adding);
    check_recurrent("lstm", "activation=relu", ADDING_STEPS, 2, 60, 0.01, make_adding);
    check_recurrent("gru", NULL, ADDING_STEPS, 2, 60, 0.01, make_adding);
    check_recurrent("gru", "reset=before", ADDING_STEPS, 2, 60, 0.01, make_adding);
}

/* The mean alone leaves 1. */
static void test_parity(void **state)
{
    (void)state;
    check_recurrent("rnn", NULL, PARITY_STEPS, 1, 120, 0.1, make_parity);
    check_recurrent("gru", NULL, PARITY_STEPS, 1, 120, 0.1, make_parity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xor),    cmocka_unit_test(test_spirals), cmocka_unit_test(test_sine),
        cmocka_unit_test(test_line),   cmocka_unit_test(test_motif),   cmocka_unit_test(test_adding),
        cmocka_unit_test(test_parity),
    };
    return cmocka_run_group_tests_name("model_convergence", tests, NULL, NULL);
}
