/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution and pooling: shapes and their errors; the same bits for any split of a batch. Their values are
 * checked by model_reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/toynet.h"

/* ---- shapes */

static void check_shape(Shape input, const char *kind, const char *const *texts, const char *expected)
{
    char text[96];
    NetDef *def = netdef_new("s");
    def->input_shape = input;
    assert_true(toy_layer_as(def, NULL, NULL, kind, texts));
    Net *net = net_new(def, 1);
    Err err = { 0 };
    bool fits = net_prepare(net, NULL, &err);
    assert_string_equal(fits ? shape_text(plan_last(net->plan)->out, text) : err.message, expected);
    err_clear(&err);
    net_unref(net);
    netdef_unref(def);
}

#define SHAPE1(a)         ((Shape){ 1, { a } })
#define SHAPE2(a, b)      ((Shape){ 2, { a, b } })
#define SHAPE3(a, b, c)   ((Shape){ 3, { a, b, c } })
#define WORDS(...)        ((const char *const[]){ __VA_ARGS__, NULL })
#define NOT_MET(from, to) "shapes do not meet in net s: the input gives " from ", but " to

static void test_shapes(void **state)
{
    (void)state;
    check_shape(SHAPE2(64, 8), "conv1d", WORDS("32", "kernel=5"), "(60, 32)");
    check_shape(SHAPE1(64), "conv1d", WORDS("32", "kernel=5", "stride=2"), "(30, 32)");
    check_shape(SHAPE2(10, 2), "conv1d", WORDS("3", "kernel=4", "stride=3", "padding=same"), "(4, 3)");
    check_shape(SHAPE2(10, 2), "conv1d", WORDS("3", "kernel=4", "stride=3", "padding=causal"), "(4, 3)");
    check_shape(SHAPE2(10, 2), "conv1d", WORDS("3", "kernel=4", "dilation=3"), "(1, 3)");
    check_shape(SHAPE2(28, 28), "conv2d", WORDS("16"), "(26, 26, 16)");
    check_shape(SHAPE3(28, 20, 3), "conv2d", WORDS("16", "kernel=3", "padding=same", "stride=2"),
                "(14, 10, 16)");
    check_shape(SHAPE2(7, 4), "maxpool", WORDS("2"), "(3, 4)");
    check_shape(SHAPE1(7), "maxpool", WORDS("3", "stride=1"), "(5, 1)");
    check_shape(SHAPE3(7, 9, 4), "avgpool", WORDS("2", "3"), "(3, 3, 4)");
    check_shape(SHAPE3(7, 9, 4), "globalpool", WORDS("max"), "4");
    check_shape(SHAPE3(7, 9, 4), "flatten", WORDS(NULL), "252");
}

static void test_shapes_that_do_not_meet(void **state)
{
    (void)state;
    check_shape(SHAPE2(4, 1), "conv1d", WORDS("2", "kernel=5"),
                NOT_MET("(4, 1)", "conv1d1 needs at least 5 steps for its kernel"));
    check_shape(SHAPE2(8, 1), "conv1d", WORDS("2", "kernel=5", "dilation=2"),
                NOT_MET("(8, 1)", "conv1d1 needs at least 9 steps for its kernel"));
    check_shape(SHAPE3(8, 8, 1), "conv1d", WORDS("2"),
                NOT_MET("(8, 8, 1)", "conv1d1 needs (steps, channels)"));
    check_shape(SHAPE1(8), "conv2d", WORDS("2"), NOT_MET("8", "conv2d1 needs (height, width, channels)"));
    check_shape(SHAPE3(8, 2, 1), "conv2d", WORDS("2"),
                NOT_MET("(8, 2, 1)", "conv2d1 needs at least 3 x 3 for its kernel"));
    check_shape(SHAPE2(2, 5), "maxpool", WORDS("3"),
                NOT_MET("(2, 5)", "maxpool1 needs at least 3 steps for its window"));
    check_shape(SHAPE1(5), "globalpool", WORDS("max"),
                NOT_MET("5", "globalpool1 needs (steps, channels) or (height, width, channels)"));
    check_shape(SHAPE2(9, 5), "conv1d", WORDS("1000000", "kernel=9"), "(1, 1000000)");
    check_shape(SHAPE2(10000, 100000000), "conv1d", WORDS("1000000", "kernel=10000"),
                "net s is too big at conv1d1");
}

/* ---- bits */

static NetDef *image_def(void)
{
    NetDef *def = netdef_new("image");
    def->input_shape = SHAPE3(13, 12, 1);
    TOY_LAYER(def, "conv2d", "9", "relu");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "conv2d", "8", "relu", "padding=same");
    TOY_LAYER(def, "conv2d", "37", "relu", "kernel=2");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "conv2d", "5", "tanh", "kernel=2");
    TOY_LAYER(def, "flatten", NULL);
    TOY_LAYER(def, "dense", "1");
    return def;
}

/* Training with one and with three threads, batches of 7 of 20 rows. */
static void test_bits_by_threads(void **state)
{
    (void)state;
    char hash[2][9];
    for (int i = 0; i < 2; i++) {
        Net *net = toy_net(image_def(), 1);
        Err err = { 0 };
        TrainConfig config = toy_config(2, 7);
        config.threads = i ? 3 : 1;
        Net *trained = net_train_data(net, toy_data(20, 4, 13 * 12, 'n'), &config, NULL, NULL, &err);
        assert_non_null(trained);
        net_hash(trained, hash[i]);
        net_unref(trained);
        net_unref(net);
    }
    assert_string_equal(hash[0], hash[1]);
}

static void test_rows_alone(void **state)
{
    (void)state;
    enum { INPUTS = 13 * 12, BATCH = 50 };
    static real x[BATCH * INPUTS], all[BATCH], one;
    Net *net = toy_net(image_def(), 1);
    for (uint32_t i = 0; i < BATCH * INPUTS; i++) x[i] = toy_number(4, i);
    assert_true(net_forward(net, x, BATCH, all, 2, NULL, NULL));
    for (size_t i = 0; i < BATCH; i++) {
        assert_true(net_forward(net, x + i * INPUTS, 1, &one, 1, NULL, NULL));
        assert_memory_equal(&one, &all[i], sizeof one);
    }
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_shapes_that_do_not_meet),
        cmocka_unit_test(test_bits_by_threads),
        cmocka_unit_test(test_rows_alone),
    };
    return cmocka_run_group_tests_name("model_conv", tests, NULL, NULL);
}
