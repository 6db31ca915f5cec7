/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory and cost of nets against figures worked out by hand, and against what a trainer takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/footprint.h"
#include "model/trainer.h"
#include "support/toynet.h"

static Net *net_of(Shape in, const char *const *kinds, const char *const (*options)[6], int n)
{
    NetDef *def = toy_def("m", 1);
    def->input_shape = in;
    for (int i = 0; i < n; i++) {
        Err err = { 0 };
        if (!toy_layer_as(def, NULL, &err, kinds[i], options[i])) fail_msg("%s: %s", kinds[i], err.message);
    }
    Net *net = toy_net(def, 1);
    assert_non_null(net);
    return net;
}

static void expect_costs(Shape in, const char *const *kinds, const char *const (*options)[6], int n,
                         const double *costs)
{
    Net *net = net_of(in, kinds, options, n);
    for (int i = 0; i < n; i++)
        if (net->plan->layers[i].cost != costs[i])
            fail_msg("%s: %g multiplications, not %g", kinds[i], net->plan->layers[i].cost, costs[i]);
    net_unref(net);
}

static void test_costs(void **state)
{
    (void)state;
    static const char *const kinds[] = { "lstm", "gru", "conv1d", "batchnorm", "globalpool", "dense" };
    static const char *const options[][6] = { { "6", "sequences=on" },
                                              { "4", "sequences=on" },
                                              { "8", "kernel=3", "stride=2" },
                                              { NULL },
                                              { NULL },
                                              { "3" } };
    /* steps (units + features) gates units; positions kernel channels filters; values; in units */
    static const double costs[] = { 10 * (6 + 5) * 24, 10 * (4 + 6) * 12, 4 * 3 * 4 * 8, 4 * 8, 0, 8 * 3 };
    expect_costs((Shape){ 2, { 10, 5 } }, kinds, options, 6, costs);
    static const char *const image[] = { "conv2d", "maxpool", "flatten", "layernorm" };
    static const char *const sizes[][6] = {
        { "8", "kernel=3", "padding=same" }, { "2" }, { NULL }, { NULL }
    };
    static const double image_costs[] = { 8 * 8 * 9 * 2 * 8, 0, 0, 4 * 4 * 8 };
    expect_costs((Shape){ 3, { 8, 8, 2 } }, image, sizes, 4, image_costs);
}

static size_t round_up(size_t reals)
{
    return (reals + 15) / 16 * 16;
}

/* dense 6 tanh, dense 1 over 4 inputs: 37 weights. */
static void test_memory(void **state)
{
    (void)state;
    static const char *const kinds[] = { "dense", "dense" };
    static const char *const options[][6] = { { "6", "tanh" }, { "1" } };
    Net *net = net_of((Shape){ 1, { 4 } }, kinds, options, 2);
    const OptimizerKind *adam = (const OptimizerKind *)kind_find(&optimizer_kinds, "adam");
    const OptimizerKind *sgd = (const OptimizerKind *)kind_find(&optimizer_kinds, "sgd");
    const OptimizerKind *lbfgs = (const OptimizerKind *)kind_find(&optimizer_kinds, "lbfgs");
    Footprint f = footprint_train(net->plan, adam, 32, 0, 0);
    size_t batch = round_up(32 * 4) + 2 * round_up(32 * 6) + 2 * round_up(32);
    assert_true(f.parameters == 37 && f.one == 37 * sizeof(real));
    assert_true(f.weights == 4 * f.one && f.gradients == f.one && f.moments == 6 * f.one);
    assert_int_equal((size_t)f.activations, batch * sizeof(real));
    assert_true(f.total == f.weights + f.gradients + f.moments + f.activations);
    assert_true(footprint_train(net->plan, lbfgs, 32, 0, 0).moments == 37 * 13 * sizeof(double));
    assert_true(footprint_train(net->plan, sgd, 32, 0, 2).weights == 6 * f.one);
    Footprint scored = footprint_train(net->plan, adam, 32, 5, 0);
    if (scorer_rows(net->plan, 5) == 5)
        assert_int_equal((size_t)(scored.activations - f.activations),
                         (round_up(20) + round_up(30) + round_up(5)) * sizeof(real));
    net_unref(net);
}

/* The trainer takes what was said, and nothing where it would not fit. */
static void test_trainer(void **state)
{
    (void)state;
    static const char *const kinds[] = { "dense", "dense" };
    static const char *const options[][6] = { { "6", "tanh" }, { "1", "sigmoid" } };
    Net *net = net_of((Shape){ 1, { 4 } }, kinds, options, 2);
    TrainConfig config = toy_config(1, 20);
    Err err = { 0 };
    Trainer *t = trainer_new(net, toy_data(50, 0, 4, 'b'), &config, NULL, &err);
    assert_non_null(t);
    Footprint f = trainer_footprint(t);
    assert_int_equal((size_t)f.activations, t->work->bytes);
    assert_int_equal(trainer_bytes(t), (size_t)f.total + 50 * 5 * sizeof(real));
    trainer_free(t);
    f.total = 1e18;
    f.activations = 9e17;
    assert_false(footprint_fits(&f, net->plan, &err));
    assert_int_equal(err.code, CODE_no_memory);
    assert_non_null(strstr(err.message, "training m:"));
    net_unref(net);
}

/* A layer over the rows of a batch refuses a batch of one, but not while it is frozen or sees many steps. */
static void test_batch_of_one(void **state)
{
    (void)state;
    static const char *const kinds[] = { "dense", "batchnorm", "dense" };
    static const char *const options[][6] = { { "6", "tanh" }, { NULL }, { "1", "sigmoid" } };
    TrainConfig config = toy_config(1, 1);
    Err err = { 0 };
    Net *net = net_of((Shape){ 1, { 4 } }, kinds, options, 3);
    assert_null(trainer_new(net, toy_data(10, 0, 4, 'b'), &config, NULL, &err));
    assert_non_null(strstr(err.message, "batchnorm1 of net m"));
    config.batch = 2;
    Trainer *t = trainer_new(net, toy_data(10, 0, 4, 'b'), &config, NULL, &err);
    assert_non_null(t);
    trainer_free(t);
    net_unref(net);
    static const char *const series[] = { "conv1d", "batchnorm", "globalpool", "dense" };
    static const char *const filters[][6] = { { "3" }, { NULL }, { NULL }, { "1", "sigmoid" } };
    config.batch = 1;
    net = net_of((Shape){ 2, { 5, 2 } }, series, filters, 4);
    t = trainer_new(net, toy_data(10, 0, 10, 'b'), &config, NULL, &err);
    assert_non_null(t);
    trainer_free(t);
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_costs),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_trainer),
        cmocka_unit_test(test_batch_of_one),
    };
    return cmocka_run_group_tests_name("model_footprint", tests, NULL, NULL);
}
