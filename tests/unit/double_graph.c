/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of nets that branch, and of the layers that read codes or whole batches, against central
 * differences in the double library, worked in shares as threads would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/toynet.h"

enum { ROWS = 7, MOST_INPUTS = 12 };
#define STEP      1e-5
#define TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

typedef struct Check {
    Net *net;
    Workspace *work;
    real *values, *gradients, *transposed;
    real x[ROWS * MOST_INPUTS], y[ROWS];
} Check;

static double loss_of(Check *check)
{
    size_t inputs = shape_size(check->net->plan->in), outputs = (size_t)net_outputs(check->net);
    memcpy(check->work->in, check->x, ROWS * inputs * sizeof(real));
    work_forward(check->work, 0, ROWS, true, 11);
    double sum = 0;
    for (size_t i = 0; i < ROWS * outputs; i++) {
        double e = check->work->out[i] - check->y[i % ROWS];
        check->work->dout[i] = 2 * e;
        sum += e * e;
    }
    return sum;
}

static void compute_gradients(Check *check)
{
    Workspace *work = check->work;
    work_transpose(work);
    loss_of(check);
    for (int stage = work_stages(work) - 1; stage >= 0; stage--) {
        work_backward_stage(work, stage, 4, ROWS, 11);
        work_backward_stage(work, stage, 0, 4, 11);
        for (int part = 0; stage > 0 && part < 2; part++) work_back_sums(work, stage, ROWS, part, 2);
    }
    work_gradients(work, ROWS, 1, 2);
    work_gradients(work, ROWS, 0, 2);
}

static void compare(Check *check, const char *what)
{
    size_t n = check->net->plan->n_weights, kinks = 0;
    compute_gradients(check);
    double here = loss_of(check);
    for (size_t i = 0; i < n; i++) {
        real kept = check->values[i];
        check->values[i] = kept + STEP;
        double up = loss_of(check);
        check->values[i] = kept - STEP;
        double down = loss_of(check);
        check->values[i] = kept;
        double numeric = (up - down) / (2 * STEP), exact = check->gradients[i];
        double bend = fabs(up - 2 * here + down) / STEP;
        double error = fabs(numeric - exact) / fmax(fabs(numeric) + fabs(exact), 1e-3);
        if (error > TOLERANCE && bend > 1e-3 * fmax(fabs(exact), 1e-2))
            kinks++;
        else if (error > TOLERANCE)
            fail_msg("%s: weight %zu: %.10g by differences, %.10g by the net", what, i, numeric, exact);
    }
    assert_true(n > 4 && kinks * 10 <= n);
}

static void run(NetDef *def, bool codes, const char *what)
{
    Check check = { 0 };
    Err err = { 0 };
    Net *net = net_new(def, 3);
    netdef_unref(def);
    if (!net_prepare(net, NULL, &err)) fail_msg("%s: %s", what, err.message);
    check.net = net;
    check.work = workspace_new(net->plan, ROWS, true, &err);
    check.values = net->params->values;
    check.gradients = mem_own((net->plan->n_weights + 1) * sizeof(real));
    check.transposed = mem_own((net->plan->n_weights + 1) * sizeof(real));
    workspace_bind(check.work, check.values, check.gradients, check.transposed, false, GEMM_AUTO);
    workspace_seed(check.work, 5);
    for (uint32_t i = 0; i < ROWS * MOST_INPUTS; i++)
        check.x[i] = codes ? (real)((i * 7 + i / 5) % 5) : toy_number(1, i);
    for (uint32_t i = 0; i < ROWS; i++) check.y[i] = toy_number(3, i);
    compare(&check, what);
    workspace_free(check.work);
    mem_free(check.gradients);
    mem_free(check.transposed);
    net_unref(net);
}

static void open_block(NetDef *def, PartKind kind, Merge merge, const BranchInput *input)
{
    Err err = { 0 };
    if (!netdef_open(def, (NetPart){ .kind = kind, .merge = merge, .input = input }, &err))
        fail_msg("%s", err.message);
}

static void close_block(NetDef *def)
{
    Err err = { 0 };
    if (!netdef_close(def, (Span){ 0 }, &err)) fail_msg("%s", err.message);
}

static void test_residual(void **state)
{
    (void)state;
    NetDef *def = toy_def("r", 3);
    TOY_LAYER(def, "dense", "5", "relu");
    open_block(def, PART_RESIDUAL, 0, NULL);
    TOY_LAYER(def, "dense", "5", "relu");
    open_block(def, PART_RESIDUAL, 0, NULL);
    TOY_LAYER(def, "dense", "5");
    close_block(def);
    TOY_LAYER(def, "dense", "5", "tanh");
    close_block(def);
    TOY_LAYER(def, "dense", "1");
    run(def, false, "residual");
}

/* Every merge, with a branch that is empty, one that nests, and one whose result is read twice. */
static void test_parallel(void **state)
{
    (void)state;
    for (int merge = 0; merge < MERGE_COUNT; merge++) {
        NetDef *def = toy_def("p", 3);
        TOY_LAYER(def, "dense", "4", "tanh");
        open_block(def, PART_PARALLEL, (Merge)merge, NULL);
        open_block(def, PART_BRANCH, 0, NULL);
        TOY_LAYER(def, "dense", "6", "relu");
        TOY_LAYER(def, "dense", "4", "sigmoid");
        open_block(def, PART_BRANCH, 0, NULL);
        open_block(def, PART_BRANCH, 0, NULL);
        open_block(def, PART_PARALLEL, MERGE_SUM, NULL);
        open_block(def, PART_BRANCH, 0, NULL);
        open_block(def, PART_BRANCH, 0, NULL);
        TOY_LAYER(def, "dense", "4");
        close_block(def);
        close_block(def);
        TOY_LAYER(def, "dense", "2");
        run(def, false, merge_word((Merge)merge));
    }
}

static void test_branch_inputs(void **state)
{
    (void)state;
    BranchInput two = { .shape = { 1, { 2 } } }, three = { .shape = { 1, { 3 } } };
    NetDef *def = toy_def("i", 5);
    open_block(def, PART_PARALLEL, MERGE_CONCAT, NULL);
    open_block(def, PART_BRANCH, 0, &two);
    TOY_LAYER(def, "dense", "4", "tanh");
    open_block(def, PART_BRANCH, 0, &three);
    TOY_LAYER(def, "dense", "3", "sigmoid");
    close_block(def);
    TOY_LAYER(def, "dense", "1");
    run(def, false, "inputs");
}

static void test_normalisation(void **state)
{
    (void)state;
    static const char *const kinds[] = { "batchnorm", "layernorm" };
    for (int k = 0; k < 2; k++) {
        NetDef *def = toy_def("n", 3);
        TOY_LAYER(def, "dense", "5", "tanh");
        toy_layer_as(def, NULL, NULL, kinds[k], (const char *[]){ NULL });
        TOY_LAYER(def, "activation", "tanh");
        open_block(def, PART_RESIDUAL, 0, NULL);
        TOY_LAYER(def, "dense", "5");
        toy_layer_as(def, NULL, NULL, kinds[k], (const char *[]){ NULL });
        close_block(def);
        TOY_LAYER(def, "dense", "1");
        run(def, false, kinds[k]);
        def = netdef_new("s");
        def->input_shape = (Shape){ 2, { 3, 2 } };
        toy_layer_as(def, NULL, NULL, kinds[k], (const char *[]){ NULL });
        TOY_LAYER(def, "activation", "softplus");
        toy_layer_as(def, NULL, NULL, kinds[k], (const char *[]){ NULL });
        run(def, false, kinds[k]);
    }
}

static void test_embedding(void **state)
{
    (void)state;
    NetDef *def = toy_def("e", 2);
    TOY_LAYER(def, "embedding", "3", "levels=4");
    TOY_LAYER(def, "dense", "4", "tanh");
    TOY_LAYER(def, "dense", "1");
    run(def, true, "embedding");
    def = netdef_new("e");
    def->input_shape = (Shape){ 2, { 4, 2 } };
    TOY_LAYER(def, "embedding", "3", "levels=4");
    toy_layer_as(def, NULL, NULL, "layernorm", (const char *[]){ NULL });
    run(def, true, "embedding of steps");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_residual),      cmocka_unit_test(test_parallel),
        cmocka_unit_test(test_branch_inputs), cmocka_unit_test(test_normalisation),
        cmocka_unit_test(test_embedding),
    };
    return cmocka_run_group_tests_name("double_graph", tests, NULL, NULL);
}
