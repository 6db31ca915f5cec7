/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of the recursive layer against central differences, in the double library: relative error below
 * 1e-6 for every weight, and, through a layer before the one under test, for its input; over cells,
 * activations, the root's state and every node's, trees of different shapes in two shares of a batch, a chain
 * without trees; and the vectors of tests/reference/recursive.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/recursive.h"

enum { ROWS = 8, FEATURES = 3 };
#define STEP      1e-5
#define TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

typedef struct Check {
    Net *net;
    Workspace *work;
    real *gradients, *transposed;
    size_t outputs;
} Check;

static void check_begin(Check *check, NetDef *def, bool trees)
{
    Err err = { 0 };
    def->input_shape = (Shape){ 2, { TREE_STEPS, FEATURES } };
    check->net = toy_net(def, 3);
    assert_non_null(check->net);
    size_t n = check->net->plan->n_weights;
    check->outputs = shape_size(plan_last(check->net->plan)->out);
    check->work = workspace_new(check->net->plan, ROWS, true, &err);
    check->gradients = mem_own(n * sizeof(real));
    check->transposed = mem_own(n * sizeof(real));
    workspace_bind(check->work, check->net->params->values, check->gradients, check->transposed, false,
                   GEMM_AUTO);
    if (trees) assert_true(workspace_ragged(check->work, true, TREE_STEPS, &err));
    for (size_t row = 0; trees && row < ROWS; row++)
        if (row == 2)
            workspace_length(check->work, row, 0); /* a mask that hides everything */
        else
            tree_put(check->work, row, row % TREE_ROWS);
    for (size_t i = 0; i < n; i++) check->net->params->values[i] += toy_number(4, (uint32_t)i) / 8;
}

static void check_end(Check *check)
{
    workspace_free(check->work);
    mem_free(check->gradients);
    mem_free(check->transposed);
    net_unref(check->net);
}

/* In two shares of the rows, as two threads would. */
static void run_forward(Check *check)
{
    for (int stage = 0; stage < work_stages(check->work); stage++) {
        for (int part = 0; stage > 0 && part < 2; part++) work_sums(check->work, stage, ROWS, part, 2);
        work_forward_stage(check->work, stage, 0, 3, 0);
        work_forward_stage(check->work, stage, 3, ROWS, 0);
    }
}

static void run_back(Check *check)
{
    for (int stage = work_stages(check->work) - 1; stage >= 0; stage--) {
        work_backward_stage(check->work, stage, 0, 3, 0);
        work_backward_stage(check->work, stage, 3, ROWS, 0);
        if (stage > 0) work_back_sums(check->work, stage, ROWS, 0, 1);
    }
    work_gradients(check->work, ROWS, 1, 2);
    work_gradients(check->work, ROWS, 0, 2);
    work_join(check->work, ROWS, 0, 1);
}

/* Sum of c y + y^2 / 2 over the outputs; sets the gradient by them. */
static double loss_of(Check *check)
{
    double loss = 0;
    for (uint32_t i = 0; i < ROWS * TREE_STEPS * FEATURES; i++) check->work->in[i] = toy_number(1, i);
    run_forward(check);
    for (uint32_t i = 0; i < ROWS * check->outputs; i++) {
        real y = check->work->out[i], c = toy_number(2, i);
        loss += c * y + y * y / 2;
        check->work->dout[i] = c + y;
    }
    return loss;
}

static void compare(Check *check, const char *what)
{
    real *values = check->net->params->values;
    size_t n = check->net->plan->n_weights, kinks = 0;
    work_transpose(check->work, 0, 1);
    double here = loss_of(check);
    run_back(check);
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

/* The layer under test behind a simple one (so that its din counts), and before one where it gives all
 * nodes. */
static NetDef *net_of(const char *cell, const char *activation, bool sequences, bool alone)
{
    const char *texts[] = { "4", cell, activation, sequences ? "sequences=on" : NULL, NULL };
    NetDef *def = toy_def("r", 1);
    if (!alone) TOY_LAYER(def, "recursive", "3", "cell=simple", "sequences=on");
    assert_true(toy_layer_as(def, "under_test", NULL, "recursive", texts));
    if (sequences && !alone) TOY_LAYER(def, "recursive", "2", "cell=simple");
    return def;
}

static void test_gradients(void **state)
{
    static const char *const cells[] = { "cell=simple", "cell=lstm", "cell=binary" };
    static const char *const activations[] = { "activation=tanh",       "activation=relu",
                                               "activation=leaky_relu", "activation=softplus",
                                               "activation=gelu",       "activation=swish" };
    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 6; k++)
            for (unsigned way = 0; way < 8; way++) {
                char what[96];
                Check check = { 0 };
                snprintf(what, sizeof what, "%s %s way %u", cells[i], activations[k], way);
                check_begin(&check, net_of(cells[i], activations[k], way & 1, way & 2), !(way & 4));
                compare(&check, what);
                check_end(&check);
            }
}

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(tree_check_all(__FILE__), 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests_name("double_recursive", tests, NULL, NULL);
}
