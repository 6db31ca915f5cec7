/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Definitions, shapes, first weights, forward passes, hashes, records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/model.h"
#include "support/toynet.h"

static NetDef *small_def(void)
{
    NetDef *def = toy_def("pd", 10);
    TOY_LAYER(def, "dense", "64", "relu", "l2=0.0001");
    TOY_LAYER(def, "dropout", "0.2");
    TOY_LAYER(def, "dense", "32", "tanh");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    return def;
}

static void test_shapes(void **state)
{
    (void)state;
    Net *net = toy_net(small_def(), 1);
    assert_int_equal(net->plan->n_layers, 4);
    assert_int_equal(net->plan->n_weights, 10 * 64 + 64 + 64 * 32 + 32 + 32 + 1);
    assert_string_equal(net->plan->layers[2].def->name, "dense2");
    assert_int_equal(net_outputs(net), 1);
    assert_int_equal(net_tensors(net), 6);
    net_unref(net);
}

static void test_shapes_that_do_not_meet(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = netdef_new("pd");
    def->input_shape = (Shape){ 2, { 20, 5 } };
    TOY_LAYER(def, "dense", "4");
    Net *net = net_new(def, 1);
    assert_false(net_prepare(net, NULL, &err));
    assert_int_equal(err.code, CODE_shapes);
    assert_string_equal(err.message, "shapes do not meet in net pd: the input gives (20, 5), but "
                                     "dense1 needs one row of numbers");
    net_unref(net);
    netdef_unref(def);
}

static void test_too_big(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = toy_def("big", 1000000);
    for (int i = 0; i < 3; i++) TOY_LAYER(def, "dense", "1000000");
    Net *net = net_new(def, 1);
    assert_false(net_prepare(net, NULL, &err));
    assert_true(err.code == CODE_net_too_big || err.code == CODE_no_memory);
    net_unref(net);
    netdef_unref(def);
}

/* A length that wraps around, and one beyond what masks count to. */
static void test_too_long(void **state)
{
    static const char *const factors[][4] = { { "4096", "4096", "4096", "4097" },
                                              { "9999", "9999", "1", "1" } };
    (void)state;
    for (int k = 0; k < 2; k++) {
        Err err = { 0 };
        NetDef *def = netdef_new("long");
        def->input_shape = (Shape){ 2, { 1 << 20, 1 } };
        for (int i = 0; i < 4; i++) TOY_LAYER(def, "upsample", factors[k][i]);
        Net *net = net_new(def, 1);
        assert_false(net_prepare(net, NULL, &err));
        assert_int_equal(err.code, CODE_net_too_big);
        net_unref(net);
        netdef_unref(def);
    }
}

static void test_first_weights(void **state)
{
    (void)state;
    char a[9], b[9], c[9];
    Net *one = toy_net(small_def(), 1), *same = toy_net(small_def(), 1), *other = toy_net(small_def(), 2);
    net_hash(one, a);
    net_hash(same, b);
    net_hash(other, c);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    /* A layer's weights depend on its name and shape, not on what is around it. */
    NetDef *def = toy_def("short", 10);
    TOY_LAYER(def, "dense", "64", "relu");
    TOY_LAYER(def, "dense", "1");
    Net *shorter = toy_net(def, 1);
    assert_memory_equal(one->params->values, shorter->params->values, 640 * sizeof(real));
    real limit = (real)sqrt(6.0 / 10), largest = 0;
    for (int i = 0; i < 640; i++) largest = (real)fmax((double)largest, fabs((double)one->params->values[i]));
    assert_true(largest <= limit && largest > limit * (real)0.95); /* He's, after relu */
    net_unref(one);
    net_unref(same);
    net_unref(other);
    net_unref(shorter);
}

static void test_orthogonal(void **state)
{
    (void)state;
    NetDef *def = toy_def("q", 8);
    TOY_LAYER(def, "dense", "5", "init=orthogonal");
    Net *net = toy_net(def, 1);
    const real *w = net->params->values;
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++) {
            double dot = 0;
            for (int p = 0; p < 8; p++) dot += (double)w[p * 5 + i] * (double)w[p * 5 + j];
            assert_true(fabs(dot - (i == j)) < 1e-5);
        }
    net_unref(net);
}

/* A row's bits do not depend on how many rows come with it, nor on threads. */
static void test_rows_alone(void **state)
{
    (void)state;
    enum { ROWS = 5000 };
    static real x[ROWS * 10], all[ROWS], threaded[ROWS], one;
    Net *net = toy_net(small_def(), 1);
    for (uint32_t i = 0; i < ROWS * 10; i++) x[i] = toy_number(4, i);
    assert_true(net_forward(net, x, ROWS, all, 1, NULL, NULL));
    assert_true(net_forward(net, x, ROWS, threaded, 2, NULL, NULL));
    assert_memory_equal(all, threaded, sizeof all);
    for (size_t i = 0; i < ROWS; i += 97) {
        assert_true(net_forward(net, x + i * 10, 1, &one, 1, NULL, NULL));
        assert_memory_equal(&one, &all[i], sizeof one);
    }
    net_unref(net);
}

static void test_known_value(void **state)
{
    (void)state;
    NetDef *def = toy_def("known", 2);
    TOY_LAYER(def, "dense", "2", "relu");
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    const real weights[] = { 1, -1, 2, 1, (real)0.5, 0, 3, 4, -1 }; /* W1 by rows, b1, W2, b2 */
    memcpy(net->params->values, weights, sizeof weights);
    real x[] = { 1, 2 }, out;
    assert_true(net_forward(net, x, 1, &out, 1, NULL, NULL));
    assert_true(out == (real)(5.5 * 3 + 1 * 4 - 1));
    net_unref(net);
}

static void test_definition_round_trip(void **state)
{
    (void)state;
    Err err = { 0 };
    Buf text = { 0 };
    Arena *arena = arena_new();
    NetDef *def = small_def();
    Value record = netdef_record(def, arena);
    NetDef *back = netdef_from_record(record.record, &err);
    assert_non_null(back);
    assert_true(netdef_equal(def, back));
    netdef_write(&text, back);
    assert_string_equal(buf_text(&text), "net pd\n  input 10\n  dense 64 relu l2=0.0001\n  dropout 0.2\n"
                                         "  dense 32 tanh\n  dense 1 sigmoid\nend\n");
    NetDef *changed = netdef_with_option(def, "dense1", "units", value_number(8), &err);
    assert_non_null(changed);
    assert_false(netdef_equal(def, changed));
    assert_null(netdef_with_option(def, "dense9", "units", value_number(8), &err));
    assert_int_equal(err.code, CODE_no_layer);
    err_clear(&err);
    assert_null(netdef_with_option(def, "dense1", "units", value_number(-8), &err));
    assert_int_equal(err.code, CODE_out_of_range);
    buf_free(&text);
    netdef_unref(changed);
    netdef_unref(back);
    netdef_unref(def);
    arena_free(arena);
}

static void test_damaged_records(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    NetDef *def = small_def();
    const char *members[] = { "kind", "name", "options" };
    for (int i = 0; i < 3; i++) {
        Err err = { 0 };
        Value record = netdef_record(def, arena);
        Value *layer = &((Value *)(uintptr_t)record_get(record.record, "layers"))->list.items[0];
        record_set(arena, layer->record, members[i], value_number(-1e300));
        NetDef *back = netdef_from_record(record.record, &err);
        assert_true(back == NULL && err.code);
    }
    assert_null(netdef_from_record(NULL, NULL));
    netdef_unref(def);
    arena_free(arena);
}

static void test_names_twice(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = toy_def("n", 2);
    assert_true(toy_layer_as(def, "a", &err, "dense", (const char *[]){ "2", NULL }));
    assert_false(toy_layer_as(def, "a", &err, "dense", (const char *[]){ "2", NULL }));
    assert_int_equal(err.code, CODE_layer_twice);
    netdef_unref(def);
}

static void test_tensor_stats(void **state)
{
    (void)state;
    NetDef *def = toy_def("t", 2);
    TOY_LAYER(def, "dense", "2");
    Net *net = toy_net(def, 1);
    const real weights[] = { 3, 0, 4, 0, 1, 1 };
    memcpy(net->params->values, weights, sizeof weights);
    TensorStats stats;
    assert_true(net_tensor(net, 0, &stats));
    assert_string_equal(stats.tensor, "weight");
    assert_true(fabs(stats.norm - 5) < 1e-6 && fabs(stats.spectral - 5) < 1e-6);
    assert_true(stats.largest == 4 && stats.dead == 1 && stats.units == 2);
    assert_false(net_tensor(net, 2, &stats));
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_shapes_that_do_not_meet),
        cmocka_unit_test(test_too_big),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_first_weights),
        cmocka_unit_test(test_orthogonal),
        cmocka_unit_test(test_rows_alone),
        cmocka_unit_test(test_known_value),
        cmocka_unit_test(test_definition_round_trip),
        cmocka_unit_test(test_damaged_records),
        cmocka_unit_test(test_names_twice),
        cmocka_unit_test(test_tensor_stats),
    };
    return cmocka_run_group_tests_name("model_net", tests, NULL, NULL);
}
