/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of the recurrent layers against central differences, in the double library: relative error below
 * 1e-6 for every weight, and, through a layer before the one under test, for its input; over activations,
 * both resets, directions, ragged lengths, one step; and the vectors of tests/reference/recurrent.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/recurrent.h"

enum { ROWS = 7, FEATURES = 3, STEPS_MOST = 5 };
#define STEP      1e-5
#define TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

static const uint32_t ragged[ROWS] = { 3, 5, 0, 1, 4, 5, 2 };

typedef struct Check {
    Net *net;
    Workspace *work;
    real *gradients, *transposed;
    size_t steps, outputs;
} Check;

static void check_begin(Check *check, NetDef *def, size_t steps, const uint32_t *lengths)
{
    Err err = { 0 };
    def->input_shape = (Shape){ 2, { steps, FEATURES } };
    check->net = toy_net(def, 3);
    assert_non_null(check->net);
    size_t n = check->net->plan->n_weights;
    check->steps = steps;
    check->outputs = shape_size(plan_last(check->net->plan)->out);
    check->work = workspace_new(check->net->plan, ROWS, true, &err);
    check->gradients = mem_own(n * sizeof(real));
    check->transposed = mem_own(n * sizeof(real));
    workspace_bind(check->work, check->net->params->values, check->gradients, check->transposed, false,
                   GEMM_AUTO);
    if (lengths) {
        assert_true(workspace_ragged(check->work, true, 0, &err));
        memcpy(check->work->lengths, lengths, ROWS * sizeof *lengths);
    }
    for (size_t i = 0; i < n; i++) check->net->params->values[i] += toy_number(4, (uint32_t)i) / 8;
}

static void check_end(Check *check)
{
    workspace_free(check->work);
    mem_free(check->gradients);
    mem_free(check->transposed);
    net_unref(check->net);
}

/* Sum of c y + y^2 / 2 over the outputs; sets the gradient by them. */
static double loss_of(Check *check)
{
    double loss = 0;
    for (uint32_t i = 0; i < ROWS * check->steps * FEATURES; i++) check->work->in[i] = toy_number(1, i);
    work_forward(check->work, 0, ROWS, true, 0);
    for (uint32_t i = 0; i < ROWS * check->outputs; i++) {
        real y = check->work->out[i], c = toy_number(2, i);
        loss += c * y + y * y / 2;
        check->work->dout[i] = c + y;
    }
    return loss;
}

static void compute_gradients(Check *check)
{
    work_transpose(check->work);
    loss_of(check);
    work_backward(check->work, 0, 4, 0); /* in two shares of the rows ... */
    work_backward(check->work, 4, ROWS, 0);
    work_gradients(check->work, ROWS, 1, 2); /* ... and of the weights, as two threads would */
    work_gradients(check->work, ROWS, 0, 2);
}

static void compare(Check *check, const char *what)
{
    real *values = check->net->params->values;
    size_t n = check->net->plan->n_weights, kinks = 0;
    compute_gradients(check);
    double here = loss_of(check);
    for (size_t i = 0; i < n; i++) {
        real kept = values[i];
        values[i] = kept + STEP;
        double up = loss_of(check);
        values[i] = kept - STEP;
        double down = loss_of(check);
        values[i] = kept;
        double numeric = (up - down) / (2 * STEP), exact = check->gradients[i];
        double bend = fabs(up - 2 * here + down) / STEP;
        double error = fabs(numeric - exact) / fmax(fabs(numeric) + fabs(exact), 1e-2);
        if (!(error > TOLERANCE)) continue;
        if (bend < 1e-3 * fmax(fabs(exact), 1e-1))
            fail_msg("%s: weight %zu: %.10g by differences, %.10g by the net", what, i, numeric, exact);
        kinks++;
    }
    assert_true(n > 10 && kinks * 20 <= n);
}

static const char *const kinds[] = { "rnn", "lstm", "gru" };
static const char *const plain[] = { NULL };
static const char *const relu[] = { "activation=relu", NULL };
static const char *const leaky[] = { "activation=leaky_relu", NULL };
static const char *const softplus[] = { "activation=gelu", NULL };
static const char *const odd[] = { "activation=swish", "recurrent=tanh", NULL };
static const char *const levels[] = { "activation=tanh", "recurrent=softmax", NULL };
static const char *const before[] = { "reset=before", NULL };
static const char *const before_relu[] = { "reset=before", "activation=relu", NULL };
static const char *const before_odd[] = { "reset=before", "activation=softplus", "recurrent=softplus", NULL };

static const struct Variant {
    const char *kind; /* NULL: all */
    const char *const *options;
} variants[] = {
    { NULL, plain },   { NULL, relu },         { NULL, leaky },       { NULL, softplus },
    { "lstm", odd },   { "gru", odd },         { "lstm", levels },    { "gru", levels },
    { "gru", before }, { "gru", before_relu }, { "gru", before_odd },
};

/* The layer under test behind an rnn (so that its din counts), and before one where it gives sequences. */
static NetDef *net_of(const char *kind, const char *const *options, bool sequences, bool reverse, bool alone)
{
    const char *texts[8] = { "4" };
    int n = 1;
    NetDef *def = toy_def("r", 1);
    while (*options) texts[n++] = *options++;
    if (sequences) texts[n++] = "sequences=on";
    if (reverse) texts[n++] = "reverse=on";
    if (!alone) TOY_LAYER(def, "rnn", "3", "sequences=on");
    assert_true(toy_layer_as(def, "under_test", NULL, kind, texts));
    if (sequences && !alone) TOY_LAYER(def, "rnn", "2");
    return def;
}

static void check_kind(const char *kind, const char *const *options)
{
    char what[96];
    for (unsigned way = 0; way < 16; way++) {
        bool sequences = way & 1, reverse = way & 2, alone = way & 4, uneven = way & 8;
        Check check = { 0 };
        snprintf(what, sizeof what, "%s %s sequences %d reverse %d ragged %d", kind, *options ? *options : "",
                 sequences, reverse, uneven);
        check_begin(&check, net_of(kind, options, sequences, reverse, alone), STEPS_MOST,
                    uneven ? ragged : NULL);
        compare(&check, what);
        check_end(&check);
    }
}

static void test_gradients(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        for (size_t k = 0; k < 3; k++)
            if (!variants[i].kind || strcmp(variants[i].kind, kinds[k]) == 0)
                check_kind(kinds[k], variants[i].options);
}

static void test_one_step(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        Check check = { 0 };
        check_begin(&check, net_of(kinds[k], plain, false, false, false), 1, NULL);
        compare(&check, kinds[k]);
        check_end(&check);
    }
    Check check = { 0 };
    check_begin(&check, net_of("gru", before, false, true, true), 1, NULL);
    compare(&check, "gru before");
    check_end(&check);
}

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(recurrent_check_all(__FILE__), 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_one_step),
        cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests_name("double_recurrent", tests, NULL, NULL);
}
