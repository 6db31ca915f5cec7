/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of every registered layer, activation and loss against central differences, in the double
 * library: relative error below 1e-6; weights whose step crosses a kink are left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/toynet.h"

enum { ROWS = 7, INPUTS = 3, MOST_INPUTS = 64 };
#define STEP      1e-5
#define TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

typedef struct Check {
    Net *net;
    const LossKind *loss;
    Workspace *work;
    real *values, *gradients, *transposed;
    real x[ROWS * MOST_INPUTS], y[ROWS], w[ROWS], prediction[ROWS * 16];
    double settings[LOSS_SETTINGS];
} Check;

static void check_begin(Check *check, NetDef *def, const LossKind *loss, char target)
{
    Err err = { 0 };
    check->net = toy_net(def, 3);
    assert_non_null(check->net);
    check->loss = loss;
    check->work = workspace_new(check->net->plan, ROWS, true, &err);
    size_t n = check->net->plan->n_weights;
    check->values = check->net->params->values;
    check->gradients = mem_own((n + 1) * sizeof(real));
    check->transposed = mem_own((n + 1) * sizeof(real));
    workspace_bind(check->work, check->values, check->gradients, check->transposed, loss->fused, GEMM_AUTO);
    workspace_seed(check->work, 5);
    assert_true(shape_size(check->net->plan->in) <= MOST_INPUTS);
    for (uint32_t i = 0; i < ROWS * MOST_INPUTS; i++) check->x[i] = toy_number(1, i);
    for (uint32_t i = 0; i < ROWS; i++) {
        check->w[i] = 1 + toy_number(2, i) / 2;
        check->y[i] = target == 'c' ? (real)(i % 3) : (toy_number(3, i) + 1) / 2;
    }
}

static void check_end(Check *check)
{
    workspace_free(check->work);
    mem_free(check->gradients);
    mem_free(check->transposed);
    net_unref(check->net);
}

static double loss_of(Check *check, bool gradient)
{
    memcpy(check->work->in, check->x, ROWS * shape_size(check->net->plan->in) * sizeof(real));
    work_forward(check->work, 0, ROWS, true, 11);
    LossBatch batch = { .n = ROWS,
                        .n_outputs = shape_size(plan_last(check->net->plan)->out),
                        .out = check->work->out,
                        .target = check->y,
                        .weight = check->w,
                        .scale = (real)1 / ROWS,
                        .alpha = (real)check->settings[0],
                        .settings = check->settings,
                        .smoothing = check->loss->smooths ? (real)0.2 : 0,
                        .gradient = gradient ? check->work->dout : NULL,
                        .prediction = check->prediction };
    return check->loss->value(&batch) / ROWS;
}

static void compute_gradients(Check *check)
{
    work_transpose(check->work);
    loss_of(check, true);
    for (int stage = work_stages(check->work) - 1; stage >= 0; stage--) {
        work_backward_stage(check->work, stage, 0, 4, 11); /* in two shares of the rows ... */
        work_backward_stage(check->work, stage, 4, ROWS, 11);
        for (int part = 0; stage > 0 && part < 2; part++) work_back_sums(check->work, stage, ROWS, part, 2);
    }
    work_gradients(check->work, ROWS, 1, 2); /* ... and of the weights, as two threads would */
    work_gradients(check->work, ROWS, 0, 2);
}

/* Compares every weight; returns how many were left out as kinks. */
static size_t compare(Check *check, const char *what)
{
    size_t n = check->net->plan->n_weights, kinks = 0;
    compute_gradients(check);
    double here = loss_of(check, false);
    for (size_t i = 0; i < n; i++) {
        real kept = check->values[i];
        check->values[i] = kept + STEP;
        double up = loss_of(check, false);
        check->values[i] = kept - STEP;
        double down = loss_of(check, false);
        check->values[i] = kept;
        double numeric = (up - down) / (2 * STEP), exact = check->gradients[i];
        double bend = fabs(up - 2 * here + down) / STEP;
        double error = fabs(numeric - exact) / fmax(fabs(numeric) + fabs(exact), 1e-3);
        if (error > TOLERANCE && bend > 1e-3 * fmax(fabs(exact), 1e-2)) {
            kinks++;
            continue;
        }
        if (error > TOLERANCE)
            fail_msg("%s: weight %zu: %.10g by differences, %.10g by the net", what, i, numeric, exact);
    }
    return kinks;
}

static bool fits(NetDef *def)
{
    Net *net = toy_net(netdef_ref(def), 3);
    net_unref(net);
    return net != NULL;
}

static void run(NetDef *def, const LossKind *loss, char target, const char *what)
{
    Check check = { 0 };
    loss_settings(loss, NULL, check.settings);
    check_begin(&check, def, loss, target);
    size_t kinks = compare(&check, what), n = check.net->plan->n_weights;
    assert_true(n > 10 && kinks * 20 <= n);
    check_end(&check);
}

static void test_activations(void **state)
{
    (void)state;
    for (int i = 0; i < activation_kinds.n; i++) {
        const char *name = activation_kinds.items[i]->name;
        NetDef *def = toy_def("a", INPUTS);
        TOY_LAYER(def, "dense", "6", name);
        TOY_LAYER(def, "dense", "5", name);
        TOY_LAYER(def, "dense", "1", "linear");
        run(def, loss_find("mse"), 'n', name);
        def = toy_def("a", INPUTS);
        TOY_LAYER(def, "dense", "4", "tanh", "bias=off");
        TOY_LAYER(def, "dense", "1", name);
        run(def, loss_find("mse"), 'n', name);
    }
}

static void test_losses(void **state)
{
    (void)state;
    for (int i = 0; i < loss_kinds.n; i++) {
        const LossKind *loss = (const LossKind *)loss_kinds.items[i];
        bool levels = strcmp(loss->targets, "c") == 0;
        NetDef *def = toy_def("l", INPUTS);
        TOY_LAYER(def, "dense", "5", "tanh");
        double settings[LOSS_SETTINGS];
        int n = loss_settings(loss, NULL, settings), outputs = loss->outputs ? loss->outputs(settings, n) : 1;
        TOY_LAYER(def, "dense",
                  levels         ? "3"
                  : outputs == 1 ? "1"
                                 : "2",
                  loss->fused ? loss->fused : "linear");
        run(def, loss, levels ? 'c' : 'n', loss->kind.name);
    }
}

/* A text for an option that has to be given, or without which the layer does not stand on numbers. */
static const char *required_text(const OptionSpec *spec)
{
    if (text_equal(spec->name, "levels")) return "levels=4";
    if (!(spec->flags & OPTION_REQUIRED)) return NULL;
    return spec->type == OPTION_INTEGER ? "4" : spec->type == OPTION_KIND ? "tanh" : "0.3";
}

/* What a layer may stand on: a row of numbers, (steps, channels), (height, width, channels). */
static const struct Ground {
    Shape input;
    const char *kind, *texts[4];
} grounds[] = {
    { { 1, { INPUTS } }, "dense", { "6", "tanh" } },
    { { 2, { 8, 2 } }, "conv1d", { "3", "tanh", "kernel=2" } },
    { { 3, { 7, 6, 1 } }, "conv2d", { "2", "tanh", "kernel=2" } },
};

/* The layer between others with weights, so that the gradient of its input counts too. False: not there. */
static bool check_layer(const struct Ground *ground, const char *kind, const char *const *texts)
{
    NetDef *def = netdef_new("k");
    def->input_shape = ground->input;
    assert_true(toy_layer_as(def, "ground", NULL, ground->kind, ground->texts));
    assert_true(toy_layer_as(def, "under_test", NULL, kind, texts));
    TOY_LAYER(def, "flatten", NULL);
    TOY_LAYER(def, "dense", "4", "relu");
    TOY_LAYER(def, "dense", "3", "softmax");
    bool stands = fits(def);
    if (stands)
        run(def, loss_find("cce"), 'c', kind);
    else
        netdef_unref(def);
    return stands;
}

static void test_layers(void **state)
{
    (void)state;
    for (int i = 0; i < layer_kinds.n; i++) {
        const Kind *kind = layer_kinds.items[i];
        const char *texts[16] = { NULL };
        int n = 0, stood = 0;
        for (int k = 0; k < kind->n_options; k++) {
            const char *text = required_text(&kind->options[k]);
            if (text) texts[n++] = text;
        }
        for (size_t g = 0; g < sizeof grounds / sizeof *grounds; g++)
            stood += check_layer(&grounds[g], kind->name, texts);
        if (!stood) fail_msg("%s stands on none of the inputs", kind->name);
    }
}

/* Ways through convolution and pooling that their defaults leave out. */
static void test_windows(void **state)
{
    (void)state;
    static const struct {
        int ground;
        const char *kind, *texts[8];
    } cases[] = {
        { 0, "conv1d", { "4", "relu", "kernel=3", "padding=same" } },
        { 1, "conv1d", { "4", "gelu", "kernel=3", "padding=same", "bias=off" } },
        { 1, "conv1d", { "4", "tanh", "kernel=3", "dilation=2", "padding=causal" } },
        { 1, "conv1d", { "4", "softmax", "kernel=2", "stride=2" } },
        { 1, "conv1d", { "4", "relu", "kernel=2", "stride=3", "padding=causal" } },
        { 1, "conv1d", { "4", "selu", "kernel=3", "stride=2", "dilation=2", "padding=same" } },
        { 1, "conv1d", { "4", "relu", "kernel=1" } },
        { 1, "conv1d", { "4", "relu", "kernel=4", "dilation=5", "padding=same" } },
        { 2, "conv2d", { "17", "relu", "kernel=2,3", "padding=same" } },
        { 2, "conv2d", { "4", "relu", "kernel=3,9", "padding=same" } },
        { 2, "conv2d", { "4", "relu", "kernel=2,9", "padding=same", "stride=2", "bias=off" } },
        { 2, "conv2d", { "4", "tanh", "kernel=3,9", "padding=same", "dilation=2,1" } },
        { 2, "conv2d", { "4", "tanh", "kernel=1,2", "dilation=1,2", "padding=same" } },
        { 2, "conv2d", { "4", "relu", "kernel=1,9", "dilation=9,3", "padding=same" } },
        { 2, "conv2d", { "4", "tanh", "kernel=3,2", "stride=2,1", "padding=same" } },
        { 2, "conv2d", { "4", "tanh", "kernel=5", "stride=2", "dilation=2", "padding=same" } },
        { 2, "conv2d", { "4", "tanh", "kernel=2", "dilation=20", "padding=same" } },
        { 1, "maxpool", { "3", "stride=1" } },
        { 1, "maxpool", { "7" } },
        { 2, "maxpool", { "3", "2", "stride=2,3" } },
        { 2, "maxpool", { "2", "1", "stride=3" } },
        { 1, "avgpool", { "3", "stride=2" } },
        { 2, "avgpool", { "2", "3", "stride=1,2" } },
        { 2, "avgpool", { "2", "stride=3" } },
        { 1, "globalpool", { "max" } },
        { 2, "globalpool", { "max" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(check_layer(&grounds[cases[i].ground], cases[i].kind, cases[i].texts));
}

/* Behind max pooling most of dY is 0, and the gradients are sums over the rest. */
static void test_sparse_gradients(void **state)
{
    (void)state;
    static const char *const ways[][4] = { { "kernel=2" },
                                           { "kernel=2", "relu" },
                                           { "kernel=2", "tanh", "bias=off" },
                                           { "kernel=3,2", "stride=1,2" },
                                           { "kernel=2", "dilation=2,1", "relu" },
                                           { "kernel=2", "padding=same" } };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        NetDef *def = netdef_new("s");
        def->input_shape = (Shape){ 3, { 8, 7, 1 } };
        TOY_LAYER(def, "conv2d", "8", i % 2 ? "relu" : "tanh", "kernel=2");
        TOY_LAYER(def, "conv2d", "18", ways[i][0], ways[i][1], ways[i][2]);
        TOY_LAYER(def, "maxpool", "3", "2");
        TOY_LAYER(def, "flatten", NULL);
        TOY_LAYER(def, "dense", "3", "softmax");
        Net *net = toy_net(netdef_ref(def), 3);
        assert_non_null(net);
        assert_true(net->plan->layers[1].sparse_dout && !net->plan->layers[0].sparse_dout);
        net_unref(net);
        run(def, loss_find("cce"), 'c', ways[i][0]);
    }
}

/* The gradient through relu of the layer before is part of these layers' own. */
static void test_windows_after_relu(void **state)
{
    (void)state;
    static const char *const after[][2] = {
        { "conv1d", "4" }, { "conv1d", "stride=2" },  { "maxpool" }, { "avgpool" }, { "globalpool", "max" },
        { "globalpool" },  { "conv1d", "dilation=2" }
    };
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
        NetDef *def = netdef_new("r");
        def->input_shape = (Shape){ 2, { 12, 2 } };
        TOY_LAYER(def, "conv1d", "4", "relu", "kernel=2");
        bool conv = after[i][0][0] == 'c';
        assert_true(conv ? TOY_LAYER(def, "conv1d", "4", "tanh", after[i][1][0] == '4' ? NULL : after[i][1])
                         : TOY_LAYER(def, after[i][0], after[i][1]));
        TOY_LAYER(def, "flatten", NULL);
        TOY_LAYER(def, "dense", "3", "softmax");
        run(def, loss_find("cce"), 'c', after[i][0]);
    }
}

/* mse over a softmax: the gradient goes through the activation. */
static void test_levels_without_fusion(void **state)
{
    (void)state;
    NetDef *def = toy_def("m", INPUTS);
    TOY_LAYER(def, "dense", "5", "sigmoid");
    TOY_LAYER(def, "dense", "3", "softmax");
    run(def, loss_find("mse"), 'c', "mse over softmax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activations),
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_windows_after_relu),
        cmocka_unit_test(test_sparse_gradients),
        cmocka_unit_test(test_levels_without_fusion),
    };
    return cmocka_run_group_tests_name("double_gradcheck", tests, NULL, NULL);
}
