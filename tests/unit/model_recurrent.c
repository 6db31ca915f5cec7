/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recurrent layers: the vectors of tests/reference/recurrent.py, the same bits for any batch and any shares
 * of it, ragged samples as if they were alone, shape errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/recurrent.h"

static const char *const kinds[] = { "rnn", "lstm", "gru" };

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(recurrent_check_all(__FILE__), 18);
}

/* ---- bits */

enum { ROWS = 13, STEPS = 6, FEATURES = 5 };

typedef struct Pass {
    real out[ROWS * 4], gradients[4000];
} Pass;

static Net *net_of(const char *kind, const char *option, size_t steps, bool reverse)
{
    const char *texts[] = { "20", reverse ? "reverse=on" : "reverse=off", option, NULL };
    NetDef *def = toy_def("bits", 1);
    def->input_shape = (Shape){ 2, { steps, FEATURES } };
    assert_true(toy_layer_as(def, "under_test", NULL, kind, texts));
    TOY_LAYER(def, "dense", "4");
    return toy_net(def, 2);
}

/* Forward and back in shares of `share` rows, gradients in `parts`; padding is NaN. */
static void pass(const Net *net, size_t steps, const uint32_t *lengths, size_t share, int parts, Pass *out)
{
    Err err = { 0 };
    real transposed[4000];
    Workspace *work = workspace_new(net->plan, ROWS, true, &err);
    assert_true(net->plan->n_weights <= 4000);
    workspace_bind(work, net->params->values, out->gradients, transposed, false, GEMM_OWN);
    if (lengths) {
        assert_true(workspace_ragged(work, true, 0, &err));
        memcpy(work->lengths, lengths, ROWS * sizeof *lengths);
    }
    for (uint32_t i = 0; i < ROWS; i++)
        for (uint32_t k = 0; k < steps * FEATURES; k++)
            work->in[i * steps * FEATURES + k] =
                lengths && k >= lengths[i] * FEATURES ? (real)NAN : toy_number(i, k);
    work_transpose(work, 0, 1);
    for (size_t from = 0; from < ROWS; from += share)
        work_forward(work, from, from + share < ROWS ? from + share : ROWS, true, 0);
    memcpy(out->out, work->out, sizeof out->out);
    for (uint32_t i = 0; i < ROWS * 4; i++) work->dout[i] = toy_number(9, i);
    for (size_t from = 0; from < ROWS; from += share)
        work_backward(work, from, from + share < ROWS ? from + share : ROWS, 0);
    for (int part = 0; part < parts; part++) work_gradients(work, ROWS, part, parts);
    work_join(work, ROWS, 0, 1);
    workspace_free(work);
}

static void test_shares(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        Net *net = net_of(kinds[k], NULL, STEPS, false);
        Pass whole, shares;
        size_t size = net->plan->n_weights * sizeof(real);
        pass(net, STEPS, NULL, ROWS, 1, &whole);
        pass(net, STEPS, NULL, 5, 3, &shares);
        assert_memory_equal(whole.out, shares.out, sizeof whole.out);
        assert_memory_equal(whole.gradients, shares.gradients, size);
        real alone[4], *values = net->params->values;
        Err err = { 0 };
        Workspace *work = workspace_new(net->plan, 1, false, &err);
        workspace_bind(work, values, NULL, NULL, false, GEMM_OWN);
        for (uint32_t i = 0; i < STEPS * FEATURES; i++) work->in[i] = toy_number(7, i);
        work_forward(work, 0, 1, false, 0); /* one row, without a cache */
        memcpy(alone, work->out, sizeof alone);
        assert_memory_equal(alone, whole.out + 7 * 4, sizeof alone);
        workspace_free(work);
        net_unref(net);
    }
}

/* Padding, whatever it holds, changes nothing: outputs and gradients are those of the short net. */
static void check_padding(const char *kind, const char *option, bool reverse)
{
    uint32_t lengths[ROWS];
    Net *shorter = net_of(kind, option, STEPS, reverse), *padded = net_of(kind, option, STEPS + 3, reverse);
    Pass expected, found;
    for (int i = 0; i < ROWS; i++) lengths[i] = STEPS;
    pass(shorter, STEPS, NULL, ROWS, 1, &expected);
    pass(padded, STEPS + 3, lengths, ROWS, 1, &found);
    assert_memory_equal(expected.out, found.out, sizeof found.out);
    for (size_t i = 0; i < shorter->plan->n_weights; i++)
        assert_true(fabs((double)(expected.gradients[i] - found.gradients[i])) <= 1e-5);
    for (int i = 0; i < ROWS; i++) lengths[i] = 0; /* a mask that hides everything */
    pass(padded, STEPS + 3, lengths, ROWS, 1, &found);
    for (size_t i = 0; i < padded->plan->layers[0].n_weights; i++) assert_true(found.gradients[i] == 0);
    net_unref(shorter);
    net_unref(padded);
}

static void test_padding(void **state)
{
    (void)state;
    static const char *const options[] = { NULL, "activation=relu", "activation=softplus" };
    for (size_t k = 0; k < 3; k++)
        for (size_t o = 0; o < 3; o++)
            for (int reverse = 0; reverse < 2; reverse++) check_padding(kinds[k], options[o], reverse);
    check_padding("gru", "reset=before", false);
}

/* ---- shapes */

static void test_shape_errors(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        Err err = { 0 };
        NetDef *def = toy_def("bad", 7);
        TOY_LAYER(def, kinds[k], "4");
        Net *net = net_new(def, 1);
        assert_false(net_prepare(net, NULL, &err));
        assert_non_null(strstr(err.message, "needs (steps, features)"));
        net_unref(net);
        netdef_unref(def);
    }
}

static void test_shapes(void **state)
{
    (void)state;
    NetDef *def = toy_def("shapes", 1);
    def->input_shape = (Shape){ 2, { 10, 5 } };
    TOY_LAYER(def, "lstm", "64", "sequences=on");
    TOY_LAYER(def, "gru", "8");
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    assert_true(shape_equal(net->plan->layers[0].out, (Shape){ 2, { 10, 64 } }));
    assert_true(shape_equal(net->plan->layers[1].out, (Shape){ 1, { 8 } }));
    assert_int_equal(net->plan->layers[0].n_weights, 4 * 64 * (64 + 5 + 1));
    assert_int_equal(net->plan->layers[1].n_weights, 3 * 8 * (8 + 64 + 1) + 8);
    const real *bias = net->params->values + net->plan->layers[0].tensors[2].offset;
    assert_true(bias[63] == 0 && bias[64] == 1 && bias[127] == 1 && bias[128] == 0);
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),      cmocka_unit_test(test_shares), cmocka_unit_test(test_padding),
        cmocka_unit_test(test_shape_errors), cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests_name("model_recurrent", tests, NULL, NULL);
}
