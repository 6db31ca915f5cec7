/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses against values from their formulas, worked out apart in float64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/toynet.h"

typedef struct Known {
    const char *loss, *options[3];
    int outputs;
    double out[4], target, smoothing, value, gradient[4];
} Known;

/* gradient: by the outputs (of fused losses the logits), scale 1. */
static const Known known[] = {
    { "focal", { NULL }, 1, { 0 }, 1, 0, 0.0433216988, { -0.0745716988 } },
    { "focal", { "2", "0.25" }, 1, { 1.5 }, 0, 0, 0.8529542367, { 0.7210685156 } },
    { "focal", { "0", "0.5" }, 1, { -0.7 }, 1, 0, 0.5515930244, { -0.3340938861 } },
    { "pinball", { "0.9" }, 1, { 1 }, 3, 0, 1.8, { -0.9 } },
    { "pinball", { "0.1", "0.5" }, 2, { 1, 4 }, 3, 0, 0.35, { -0.05, 0.25 } },
    { "gaussian", { NULL }, 2, { 0, 0 }, 1, 0, 1.4189385332, { -1.0000000000, 0.0000000000 } },
    { "gaussian", { NULL }, 2, { 0.5, -1 }, 2, 0, 3.4770055902, { -4.0774227427, -2.5580670570 } },
    { "poisson", { NULL }, 1, { 0 }, 2, 0, 1, { -1 } },
    { "poisson", { NULL }, 1, { -0.5 }, 3, 0, 2.1065306597, { -2.3934693403 } },
    { "beta", { NULL }, 2, { 0, 0 }, 0.5, 0, 0.4515827053, { 0, 0.6931471805 } },
    { "beta", { NULL }, 2, { 0.4, -1.5 }, 0.2, 0, 0.8042495648, { 2.0327688179, -1.1371710749 } },
    { "beta", { NULL }, 2, { -1, 0.5 }, 0, 0, -3.7384019192, { 0.3234766956, 0.0154238065 } },
    { "hinge", { NULL }, 1, { 0.25 }, 1, 0, 0.75, { -1 } },
    { "hinge", { NULL }, 1, { -1.5 }, 0, 0, 0, { 0 } },
    { "hinge", { "squared=on" }, 1, { 0.25 }, 0, 0, 1.5625, { 2.5 } },
    { "ordinal",
      { NULL },
      3,
      { 0, 0, 0 },
      1,
      0,
      1.7917594692,
      { -0.1666666667, 0.1666666667, -0.6666666667 } },
    { "sharpe", { NULL }, 1, { 2 }, 0.1, 0, 0, { 0 } },
    { "ic", { NULL }, 1, { 2 }, 0.1, 0, 0, { 0 } },
    { "bce", { NULL }, 1, { 2 }, 1, 0.2, 0.3269280110, { -0.0192029220 } },
    { "cce",
      { NULL },
      3,
      { 1, 0, -1 },
      0,
      0.3,
      0.7076059644,
      { -0.1347590442, 0.1447284711, -0.0099694268 } },
};

static void check(const Known *k)
{
    const LossKind *loss = loss_find(k->loss);
    Arena *arena = arena_new();
    Options options;
    double settings[LOSS_SETTINGS];
    real out[4], gradient[4] = { 0 }, prediction[4], target = (real)k->target;
    Args args = { arena_take(arena, 4 * sizeof(Arg)), 0 };
    for (; args.n < 3 && k->options[args.n]; args.n++)
        args.items[args.n] = toy_arg(arena, k->options[args.n]);
    assert_true(options_bind(&loss->kind, &args, arena, (Span){ 0 }, &options, NULL));
    int n = loss_settings(loss, &options, settings);
    if (loss->outputs) assert_int_equal(loss->outputs(settings, n), k->outputs);
    for (int j = 0; j < k->outputs; j++) out[j] = (real)k->out[j];
    LossBatch batch = { .n = 1,
                        .n_outputs = (size_t)k->outputs,
                        .out = out,
                        .target = &target,
                        .scale = 1,
                        .alpha = n > 0 ? (real)settings[0] : 0,
                        .settings = settings,
                        .smoothing = (real)k->smoothing,
                        .gradient = gradient,
                        .prediction = prediction };
    double value = loss->value(&batch);
    if (fabs(value - k->value) > 2e-6) fail_msg("%s: %.8g, not %.8g", k->loss, value, k->value);
    for (int j = 0; j < k->outputs; j++)
        if (fabs((double)gradient[j] - k->gradient[j]) > 2e-6)
            fail_msg("%s: gradient %d is %.8g, not %.8g", k->loss, j, (double)gradient[j], k->gradient[j]);
    arena_free(arena);
}

static void test_known_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) check(&known[i]);
}

/* Metrics see one of several outputs: the mean, or the quantile next to the median. */
static void test_forecast_among_outputs(void **state)
{
    (void)state;
    const double q[] = { 0.05, 0.6, 0.45, 0.95 };
    assert_int_equal(loss_find("pinball")->point(q, 4), 2);
    assert_int_equal(loss_find("gaussian")->point(q, 0), 0);
    assert_int_equal(loss_find("beta")->point(q, 0), 0);
}

static void test_smoothing_is_refused(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = toy_def("n", 3);
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    TrainConfig config = toy_config(1, 4);
    config.label_smoothing = 0.1;
    assert_null(net_train_data(net, toy_data(8, 0, 3, 'n'), &config, NULL, NULL, &err));
    assert_string_equal(err.message, "label_smoothing= goes with bce and cce, not with mse");
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_forecast_among_outputs),
        cmocka_unit_test(test_smoothing_is_refused),
    };
    return cmocka_run_group_tests_name("model_losses", tests, NULL, NULL);
}
