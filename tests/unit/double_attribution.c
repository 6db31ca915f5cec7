/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributions, in the double library: gradients by the inputs against differences, Shapley values against
 * all orders written out, parts that sum to score - reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/attribution.h"
#include "model/score.h"
#include "support/toynet.h"

enum { ROWS = 3, FEATURES = 4, STEPS = 6, LINES = 10 };
#define STEP      1e-6
#define TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

static void assert_near(double value, double expected, double error)
{
    if (!(fabs(value - expected) <= error)) fail_msg("%.15g is not %.15g", value, expected);
}

/* ---- gradients by the inputs */

static const struct Example {
    const char *lines[LINES];
    size_t steps; /* 1: rows */
    bool bare;
} examples[] = {
    { { "dense 5 tanh", "dense 1 sigmoid" }, 1, false },
    { { "dense 5 tanh", "dense 1 sigmoid" }, 1, true },
    { { "dense 6 gelu", "dropout 40%", "batchnorm", "noise 0.3", "dense 3 softmax" }, 1, false },
    { { "batchnorm", "dense 3 softmax" }, 1, true },
    { { "residual", "dense 4 tanh", "end", "layernorm", "dense 2" }, 1, false },
    { { "parallel", "branch", "dense 3 tanh", "branch", "dense 2 sigmoid", "branch", "dropout 20%", "end",
        "dense 1" },
      1,
      false },
    { { "lstm 4", "dense 1 sigmoid" }, STEPS, false },
    { { "bidirectional", "gru 3 sequences=on", "end", "globalpool", "dense 2" }, STEPS, false },
    { { "conv1d 4 tanh kernel=3 padding=same", "maxpool 2", "rnn 3", "dense 1" }, STEPS, false },
    { { "attention 4 heads=2", "globalpool", "dense 1" }, STEPS, false },
};
enum { N_EXAMPLES = sizeof examples / sizeof *examples };

static Net *net_of(const struct Example *example)
{
    Err err = { 0 };
    NetDef *def = toy_def("m", FEATURES);
    if (example->steps > 1) def->input_shape = (Shape){ 2, { example->steps, FEATURES } };
    for (int i = 0; i < LINES && example->lines[i]; i++)
        if (!toy_line(def, example->lines[i], &err)) fail_msg("%s: %s", example->lines[i], err.message);
    Net *net = net_new(def, 3);
    netdef_unref(def);
    if (!net_prepare(net, NULL, &err)) fail_msg("%s: %s", example->lines[0], err.message);
    size_t n = net->plan->n_weights + net->plan->n_stats;
    for (size_t i = 0; i < n; i++) net->params->values[i] += fabs(toy_number(4, (uint32_t)i)) / 8;
    return net;
}

static double scored(const Net *net, bool bare, const real *x, size_t steps, int output)
{
    real out[8];
    uint32_t start = 0, end = (uint32_t)steps;
    Feed feed = { .x = x,
                  .width = FEATURES,
                  .steps = shape_size(net->plan->in) / FEATURES,
                  .start = &start,
                  .end = &end,
                  .ragged = steps * FEATURES < shape_size(net->plan->in) };
    Scorer *scorer = scorer_new(net->plan, bare, 1, NULL);
    assert_true(scorer_open(scorer, &feed, NULL));
    scorer_run_feed(scorer, net->params, &feed, 0, 1, out);
    scorer_free(scorer);
    return out[output];
}

static void check_slopes(const struct Example *example, const Net *net, size_t steps, int output)
{
    size_t size = steps * FEATURES;
    real x[ROWS * STEPS * FEATURES], slopes[ROWS * STEPS * FEATURES];
    double values[ROWS];
    Err err = { 0 };
    for (size_t i = 0; i < ROWS * size; i++) x[i] = toy_number(9, (uint32_t)i);
    InputGradient *gradient = input_gradient_new(net, example->bare, ROWS, &err);
    if (!gradient) fail_msg("%s: %s", example->lines[0], err.message);
    input_gradient_run(gradient, x, steps, FEATURES, ROWS, output, values, slopes);
    input_gradient_free(gradient);
    for (size_t r = 0; r < ROWS; r++) {
        real *row = x + r * size;
        assert_near(values[r], scored(net, example->bare, row, steps, output), 1e-12);
        for (size_t j = 0; j < size; j++) {
            real kept = row[j];
            row[j] = kept + STEP;
            double up = scored(net, example->bare, row, steps, output);
            row[j] = kept - STEP;
            double down = scored(net, example->bare, row, steps, output);
            row[j] = kept;
            double slope = (up - down) / (2 * STEP), error = fabs(slope - slopes[r * size + j]);
            if (error > TOLERANCE)
                fail_msg("%s, input %zu: %g by the net, %g by differences", example->lines[0], j,
                         slopes[r * size + j], slope);
        }
    }
}

static void test_slopes(void **state)
{
    (void)state;
    for (size_t e = 0; e < N_EXAMPLES; e++) {
        Net *net = net_of(&examples[e]);
        for (int output = 0; output < net_outputs(net); output++) {
            check_slopes(&examples[e], net, examples[e].steps, output);
            if (examples[e].steps > 1) check_slopes(&examples[e], net, examples[e].steps - 2, output);
        }
        net_unref(net);
    }
}

/* ---- parts */

enum { COLUMNS = 12 };

/* x0 x1 + 3 x2 - tanh(x3 x4 x5) + sum of the others by their number, over all steps; counts what it scored.
 */
static double play(const real *x, size_t steps, size_t width)
{
    double y = 0;
    for (size_t s = 0; s < steps; s++, x += width) {
        y += x[0] * x[1] + 3 * x[2] - tanh(x[3] * x[4] * x[5]);
        for (size_t j = 6; j < width; j++) y += (double)j * x[j];
    }
    return y;
}

typedef struct Game {
    size_t steps, width, scored;
} Game;

static bool score_game(void *context, const real *x, size_t n, double *out, Err *err)
{
    (void)err;
    Game *game = context;
    for (size_t i = 0; i < n; i++) out[i] = play(x + i * game->steps * game->width, game->steps, game->width);
    game->scored += n;
    return true;
}

static double sum(const double *parts, int n)
{
    double total = 0;
    for (int i = 0; i < n; i++) total += parts[i];
    return total;
}

/* The mean of what g adds over all orders of 8 columns, one order after the other. */
static void all_orders(const real *x, const real *reference, int at, int *order, double *parts)
{
    if (at < 8) {
        for (int k = at; k < 8; k++) {
            int swap = order[at];
            order[at] = order[k], order[k] = swap;
            all_orders(x, reference, at + 1, order, parts);
            swap = order[at], order[at] = order[k], order[k] = swap;
        }
        return;
    }
    real mixed[8];
    for (int j = 0; j < 8; j++) mixed[j] = reference[j];
    double before = play(mixed, 1, 8);
    for (int k = 0; k < 8; k++) {
        mixed[order[k]] = x[order[k]];
        double after = play(mixed, 1, 8);
        parts[order[k]] += (after - before) / 40320;
        before = after;
    }
}

static void test_exact(void **state)
{
    (void)state;
    real x[8], reference[8];
    int group[8], order[8];
    double expected[8] = { 0 }, parts[8], errors[8];
    for (int j = 0; j < 8; j++)
        x[j] = toy_number(1, (uint32_t)j), reference[j] = toy_number(2, (uint32_t)j), group[j] = order[j] = j;
    all_orders(x, reference, 0, order, expected);
    Attributed sample = { x, reference, 1, 8, group, 8 };
    Game game = { 1, 8, 0 };
    Attribution out = { parts, errors, 0, 0 };
    assert_true(attribute_shapley(&sample, score_game, &game, 2, 1, 0, &out, NULL));
    for (int j = 0; j < 8; j++) {
        assert_near(parts[j], expected[j], 1e-10);
        assert_near(errors[j], 0, 0);
    }
    assert_int_equal(game.scored, 256);
    assert_near(sum(parts, 8), out.score - out.reference, 1e-12);
    assert_near(out.score, play(x, 1, 8), 1e-12);
}

/* Columns of two features each, three steps: sampled; against the exact values of the same game. */
static void test_sampled(void **state)
{
    (void)state;
    enum { S = 3 };
    real x[S * COLUMNS], reference[COLUMNS];
    int group[COLUMNS], coarse[COLUMNS];
    double parts[COLUMNS], errors[COLUMNS], exact[COLUMNS], none[COLUMNS];
    for (int j = 0; j < S * COLUMNS; j++) x[j] = toy_number(3, (uint32_t)j);
    for (int j = 0; j < COLUMNS; j++)
        reference[j] = toy_number(4, (uint32_t)j), group[j] = j, coarse[j] = j < 6 ? j : 6;
    Game game = { S, COLUMNS, 0 };
    Attributed sample = { x, reference, S, COLUMNS, group, COLUMNS },
               seven = { x, reference, S, COLUMNS, coarse, 7 };
    Attribution out = { parts, errors, 0, 0 }, whole = { exact, none, 0, 0 };
    assert_true(attribute_shapley(&sample, score_game, &game, 200, 1, 0, &out, NULL));
    assert_true(attribute_shapley(&seven, score_game, &game, 2, 1, 0, &whole, NULL));
    assert_near(sum(parts, COLUMNS), out.score - out.reference, 1e-9);
    for (int j = 0; j < 6; j++) assert_true(fabs(parts[j] - exact[j]) < 4 * errors[j] + 1e-12);
    assert_true(errors[3] > 0 && errors[3] < 0.1);
    for (int j = 6; j < COLUMNS; j++) { /* they add: each order says the same */
        double own = 0;
        for (int s = 0; s < S; s++) own += j * (x[s * COLUMNS + j] - reference[j]);
        assert_near(parts[j], own, 1e-9);
    }
}

static void test_integrated(void **state)
{
    (void)state;
    const struct Example nets[] = { { { "dense 5 tanh", "dense 1 sigmoid" }, 1, false },
                                    { { "gru 4", "dense 1" }, STEPS, false } };
    int group[FEATURES] = { 0, 1, 2, 2 };
    for (int e = 0; e < 2; e++) {
        Net *net = net_of(&nets[e]);
        real x[STEPS * FEATURES], reference[FEATURES] = { 0.1, -0.2, 0.3, 0 };
        double parts[3];
        for (uint32_t j = 0; j < STEPS * FEATURES; j++) x[j] = toy_number(6, j);
        Attributed sample = { x, reference, nets[e].steps, FEATURES, group, 3 };
        Attribution out = { parts, NULL, 0, 0 };
        InputGradient *gradient = input_gradient_new(net, false, ATTRIBUTION_LINE, NULL);
        assert_true(attribute_gradients(&sample, gradient, 0, 100, &out, NULL));
        assert_near(sum(parts, 3), out.score - out.reference, 1e-9);
        assert_true(fabs(parts[0]) > 1e-4);
        input_gradient_free(gradient);
        net_unref(net);
    }
}

static void test_not_smooth(void **state)
{
    (void)state;
    Err err = { 0 };
    NetDef *def = toy_def("m", 2);
    assert_true(toy_line(def, "embedding 4 levels=12", &err) && toy_line(def, "dense 1 sigmoid", &err));
    Net *net = net_new(def, 1);
    netdef_unref(def);
    assert_null(input_gradient_new(net, false, 1, &err));
    assert_int_equal(err.code, CODE_not_prepared);
    err = (Err){ 0 };
    assert_true(net_prepare(net, NULL, &err));
    assert_null(input_gradient_new(net, false, 1, &err));
    assert_int_equal(err.code, CODE_not_smooth);
    net_unref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slopes),     cmocka_unit_test(test_exact),      cmocka_unit_test(test_sampled),
        cmocka_unit_test(test_integrated), cmocka_unit_test(test_not_smooth),
    };
    return cmocka_run_group_tests_name("attribution", tests, NULL, NULL);
}
