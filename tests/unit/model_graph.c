/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets that branch: how they are written and stored, what goes wrong in words, freezing, training with
 * threads, running means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/state.h"
#include "model/workspace.h"
#include "support/toynet.h"

static bool open_block(NetDef *def, PartKind kind, const char *name, Merge merge)
{
    return netdef_open(def, (NetPart){ .kind = kind, .name = name, .merge = merge }, NULL);
}

static void close_block(NetDef *def)
{
    assert_true(netdef_close(def, (Span){ 0 }, NULL));
}

/* 6 inputs; a residual block; two branches; an output. */
static NetDef *branching(void)
{
    NetDef *def = toy_def("g", 6);
    TOY_LAYER(def, "dense", "150", "relu", "l2=0.001");
    open_block(def, PART_RESIDUAL, NULL, 0);
    TOY_LAYER(def, "dense", "150", "tanh");
    TOY_LAYER(def, "batchnorm", NULL);
    close_block(def);
    open_block(def, PART_PARALLEL, "both", MERGE_MAX);
    open_block(def, PART_BRANCH, NULL, 0);
    TOY_LAYER(def, "dense", "120", "relu");
    TOY_LAYER(def, "layernorm", NULL);
    open_block(def, PART_BRANCH, NULL, 0);
    TOY_LAYER(def, "dense", "120");
    TOY_LAYER(def, "dropout", "0.1");
    close_block(def);
    TOY_LAYER(def, "dense", "3", "softmax");
    return def;
}

static void test_written(void **state)
{
    (void)state;
    NetDef *def = branching();
    Buf text = { 0 };
    netdef_write(&text, def);
    assert_string_equal(buf_text(&text),
                        "net g\n  input 6\n  dense 150 relu l2=0.001\n  residual\n"
                        "    dense 150 tanh\n    batchnorm\n  end\n  parallel merge=max as both\n"
                        "    branch\n      dense 120 relu\n      layernorm\n    branch\n"
                        "      dense 120\n      dropout 0.1\n  end\n  dense 3 softmax\nend\n");
    buf_free(&text);
    netdef_unref(def);
}

static void test_record_round_trip(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    NetDef *def = branching();
    NetDef *frozen = netdef_with_frozen(def, "both", true, NULL);
    Value record = netdef_record(frozen, arena);
    Err err = { 0 };
    NetDef *back = netdef_from_record(record.record, &err);
    assert_non_null(back);
    assert_true(netdef_equal(def, back));
    int n = 0;
    for (int i = 0; i < back->n_layers; i++) n += back->layers[i].frozen;
    assert_int_equal(n, 4);
    Value *layers = (Value *)record_get(record.record, "layers");
    layers->list.n -= 3; /* without the end of a block */
    assert_null(netdef_from_record(record.record, &err));
    assert_int_equal(err.code, CODE_bad_model_part);
    netdef_unref(back);
    netdef_unref(frozen);
    netdef_unref(def);
    arena_free(arena);
}

static void test_shapes_that_do_not_meet(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = toy_def("g", 3);
    TOY_LAYER(def, "dense", "8");
    open_block(def, PART_RESIDUAL, NULL, 0);
    TOY_LAYER(def, "dense", "9");
    close_block(def);
    Net *net = net_new(def, 1);
    assert_false(net_prepare(net, NULL, &err));
    assert_string_equal(
        err.message, "shapes do not meet in net g: dense2 gives 9, but residual1 needs 8, as dense1 gives");
    net_unref(net);
    netdef_unref(def);
}

static void test_blocks_that_do_not_fit(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = toy_def("g", 3);
    assert_false(netdef_close(def, (Span){ 0 }, &err));
    assert_false(netdef_open(def, (NetPart){ .kind = PART_BRANCH }, NULL));
    assert_true(open_block(def, PART_PARALLEL, NULL, 0));
    assert_false(TOY_LAYER(def, "dense", "2"));
    assert_false(netdef_close(def, (Span){ 0 }, NULL));
    assert_true(open_block(def, PART_BRANCH, NULL, 0));
    assert_true(TOY_LAYER(def, "dense", "2"));
    assert_false(open_block(def, PART_RESIDUAL, "dense1", 0)); /* the name is taken */
    assert_true(open_block(def, PART_BIDIRECTIONAL, NULL, 0));
    assert_true(TOY_LAYER(def, "dense", "2"));
    err_clear(&err);
    assert_false(netdef_close(def, (Span){ 0 }, &err));
    assert_non_null(strstr(err.message, "one recurrent layer"));
    netdef_unref(def);
}

static Net *train(const Net *net, int threads, long epochs)
{
    Err err = { 0 };
    TrainConfig config = toy_config(epochs, 250);
    config.threads = threads;
    Net *trained = net_train_data(net, toy_data(990, 200, 6, 'c'), &config, NULL, NULL, &err);
    if (err.code) fail_msg("%s", err.message);
    return trained;
}

static void assert_same_hash(const Net *a, const Net *b)
{
    char x[9], y[9];
    net_hash(a, x);
    net_hash(b, y);
    assert_string_equal(x, y);
}

static void test_threads_and_resuming_give_the_same_bits(void **state)
{
    (void)state;
    Net *net = toy_net(branching(), 1);
    Net *one = train(net, 1, 4), *three = train(net, 3, 4), *half = train(net, 2, 2),
        *rest = train(half, 1, 2);
    assert_same_hash(one, three);
    assert_same_hash(one, rest);
    assert_true(one->history->rows[3].valid_loss == three->history->rows[3].valid_loss);
    assert_true(one->history->rows[3].valid_loss < one->history->rows[0].valid_loss);
    const Net *all[] = { net, one, three, half, rest };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) net_unref(all[i]);
}

/* A frozen block does not move, its running means neither. */
static void test_frozen_blocks_stay(void **state)
{
    (void)state;
    Net *net = toy_net(branching(), 1), *before = train(net, 1, 1);
    Net *frozen = net_version(before);
    assert_true(net_freeze(frozen, "residual1", true, NULL));
    Net *after = train(frozen, 1, 2);
    const LayerPlan *dense = &after->plan->layers[1], *norm = &after->plan->layers[2],
                    *first = after->plan->layers;
    size_t stats = after->plan->n_weights + norm->stats;
    const real *x = before->params->values, *y = after->params->values;
    assert_memory_equal(x + dense->weights, y + dense->weights, dense->n_weights * sizeof(real));
    assert_memory_equal(x + norm->weights, y + norm->weights, norm->n_weights * sizeof(real));
    assert_memory_equal(x + stats, y + stats, norm->n_stats * sizeof(real));
    assert_memory_not_equal(x + first->weights, y + first->weights, first->n_weights * sizeof(real));
    const Net *all[] = { net, before, frozen, after };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) net_unref(all[i]);
}

/* x = (1, 3): mean 2, variance 1; a running mean of momentum 0.9 goes a tenth of the way. */
static void test_running_means(void **state)
{
    (void)state;
    NetDef *def = toy_def("n", 1);
    TOY_LAYER(def, "batchnorm", NULL);
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    Workspace *work = workspace_new(net->plan, 2, true, NULL);
    real gradients[8] = { 0 }, transposed[8] = { 0 }, *stats = net->params->values + net->plan->n_weights;
    workspace_bind(work, net->params->values, gradients, transposed, false, GEMM_AUTO);
    work->in[0] = 1;
    work->in[1] = 3;
    work_forward(work, 0, 2, true, 0);
    assert_true(fabs((double)work->runs[0].out[0] + 1) < 1e-5 &&
                fabs((double)work->runs[0].out[1] - 1) < 1e-5);
    assert_true(fabs((double)stats[0] - 0.2) < 1e-6 && fabs((double)stats[1] - 1) < 1e-6);
    work->learns = false;
    work_forward(work, 0, 2, true, 0);
    assert_true(fabs((double)stats[0] - 0.2) < 1e-6);
    work_forward(work, 0, 2, false, 0);
    assert_true(fabs((double)work->runs[0].out[0] - 0.8) < 1e-4);
    workspace_free(work);
    net_unref(net);
}

/* A plain chain reads what is before it, and its relu is part of the next product. */
static void test_chain(void **state)
{
    (void)state;
    NetDef *def = toy_def("c", 4);
    TOY_LAYER(def, "dense", "5", "relu");
    TOY_LAYER(def, "dense", "2");
    Net *net = toy_net(def, 1);
    assert_int_equal(net->plan->n_layers, 2);
    assert_int_equal(net->plan->layers[0].sources[0], -1);
    assert_int_equal(net->plan->layers[1].sources[0], 0);
    assert_true(net->plan->layers[0].gets_relu_back && net->plan->layers[1].gives_relu_back);
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_record_round_trip),
        cmocka_unit_test(test_shapes_that_do_not_meet),
        cmocka_unit_test(test_blocks_that_do_not_fit),
        cmocka_unit_test(test_threads_and_resuming_give_the_same_bits),
        cmocka_unit_test(test_frozen_blocks_stay),
        cmocka_unit_test(test_running_means),
        cmocka_unit_test(test_chain),
    };
    return cmocka_run_group_tests_name("model_graph", tests, NULL, NULL);
}
