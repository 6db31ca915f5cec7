/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of different length through every kind of layer, in the double library: gradients against central
 * differences, what lies in the padding never counts, and a sample in a batch gives what it gives alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/feed.h"
#include "model/trainer.h"
#include "support/toynet.h"

enum { ROWS = 7, FEATURES = 3, STEPS = 9, LINES = 12 };
#define STEP      1e-5
#define TOLERANCE 1e-6

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

static const uint32_t lengths[ROWS] = { 9, 1, 4, 8, 2, 9, 5 };

typedef struct Example {
    const char *lines[LINES];
    uint32_t least;  /* steps that a sample needs to pass its layers alone */
    bool not_alone;  /* a sample alone gives something else: its shape enters */
    bool only_batch; /* the statistics of the batch enter, while training */
} Example;

static const Example examples[] = {
    { { "conv1d 4 tanh kernel=3", "globalpool", "dense 2" }, .least = 3 },
    { { "conv1d 4 kernel=2 stride=2", "lstm 3", "dense 1" }, .least = 2 },
    { { "conv1d 4 tanh kernel=3 padding=same", "maxpool 2", "gru 3" }, .least = 2 },
    { { "conv1d 4 kernel=2 dilation=2 padding=causal stride=2", "globalpool max" }, .least = 1 },
    { { "conv1d 4 kernel=3 padding=causal", "batchnorm", "activation tanh", "globalpool" },
      .least = 1,
      .only_batch = true },
    { { "batchnorm", "batchnorm", "rnn 3 reverse=on" }, .least = 1, .only_batch = true },
    { { "rnn 4 sequences=on", "layernorm", "avgpool 3 stride=2", "globalpool max" }, .least = 3 },
    { { "lstm 4 sequences=on", "conv1d 3 tanh kernel=3 padding=same", "conv1d 3 kernel=3 padding=same",
        "batchnorm", "globalpool" },
      .least = 1,
      .only_batch = true },
    { { "conv1d 4 kernel=3 padding=same", "residual", "conv1d 4 tanh kernel=3 padding=same", "dropout 20%",
        "end", "globalpool" },
      .least = 1 },
    { { "parallel sum", "branch", "conv1d 4 kernel=2", "branch", "conv1d 4 kernel=2 dilation=2 padding=same",
        "maxpool 2 stride=1", "end", "gru 3" },
      .least = 2 },
    { { "parallel", "branch", "conv1d 4 kernel=4 stride=2", "branch", "conv1d 2 kernel=1",
        "maxpool 3 stride=2", "avgpool 2 stride=1", "end", "lstm 2" },
      .least = 4,
      .not_alone = true },
    { { "bidirectional", "gru 3 sequences=on", "end", "conv2d 2 tanh kernel=2", "globalpool" }, .least = 2 },
    { { "conv1d 3 kernel=2", "layernorm", "flatten", "dense 2" }, .least = 2, .not_alone = true },
    { { "conv2d 3 kernel=3,2 stride=2,1", "batchnorm", "maxpool 1 2", "globalpool max" },
      .least = 3,
      .only_batch = true },
    { { "attention 4 heads=2 mask=causal positions=sinusoidal", "layernorm", "globalpool" }, .least = 1 },
    { { "attention 4 heads=2", "upsample 3 method=linear", "dropout 30% spatial=on", "gru 3" }, .least = 1 },
    { { "noise 0.2", "residual", "attention 3 heads=3 positions=learned", "end", "upsample 2",
        "conv1d 3 kernel=2", "globalpool max" },
      .least = 1,
      .not_alone = true },
    { { "rnn 4 sequences=on", "reshape 18 2", "attention 4 heads=1", "globalpool" },
      .least = 1,
      .not_alone = true },
};
enum { N_EXAMPLES = sizeof examples / sizeof *examples };

/* ---- building */

static Net *net_of(const Example *example, size_t steps)
{
    Err err = { 0 };
    NetDef *def = toy_def("m", 1);
    def->input_shape = (Shape){ 2, { steps, FEATURES } };
    for (int i = 0; i < LINES && example->lines[i]; i++)
        if (!toy_line(def, example->lines[i], &err)) fail_msg("%s: %s", example->lines[i], err.message);
    Net *net = net_new(def, 3);
    netdef_unref(def);
    if (!net_prepare(net, NULL, &err)) fail_msg("%s: %s", example->lines[0], err.message);
    for (size_t i = 0; i < net->plan->n_weights; i++)
        net->params->values[i] += toy_number(4, (uint32_t)i) / 8;
    return net;
}

/* Rows of the samples, one behind the other, with garbage between them. */
typedef struct Source {
    real x[2 * ROWS * STEPS * FEATURES];
    uint32_t start[ROWS], end[ROWS];
    Feed feed;
} Source;

static void make_source(Source *source, real garbage)
{
    uint32_t at = 1;
    for (size_t i = 0; i < 2 * ROWS * STEPS * FEATURES; i++) source->x[i] = garbage;
    for (uint32_t k = 0; k < ROWS; k++) {
        source->start[k] = at;
        source->end[k] = at + lengths[k];
        for (uint32_t i = 0; i < lengths[k] * FEATURES; i++)
            source->x[at * FEATURES + i] = toy_number(1, k * 100 + i);
        at = source->end[k] + 1;
    }
    source->feed = (Feed){ .x = source->x,
                           .width = FEATURES,
                           .steps = STEPS,
                           .start = source->start,
                           .end = source->end,
                           .ragged = true };
}

typedef struct Check {
    Net *net;
    Workspace *work;
    real *gradients, *transposed;
    size_t outputs;
} Check;

static void check_begin(Check *check, const Example *example, const Source *source, real garbage)
{
    Err err = { 0 };
    check->net = net_of(example, STEPS);
    size_t n = check->net->plan->n_weights;
    check->outputs = (size_t)net_outputs(check->net);
    check->work = workspace_new(check->net->plan, ROWS, true, &err);
    check->gradients = mem_own((n + 1) * sizeof(real));
    check->transposed = mem_own((n + 1) * sizeof(real));
    workspace_bind(check->work, check->net->params->values, check->gradients, check->transposed, false,
                   GEMM_AUTO);
    workspace_seed(check->work, 5);
    check->work->learns = false;
    for (size_t i = 0; i < check->work->bytes / sizeof(real); i++) check->work->block[i] = garbage;
    assert_true(feed_open(&source->feed, check->work, &err));
    for (size_t i = 0; i < ROWS; i++) feed_put(&source->feed, check->work, i, i);
}

static void check_end(Check *check)
{
    workspace_free(check->work);
    mem_free(check->gradients);
    mem_free(check->transposed);
    net_unref(check->net);
}

static double loss_of(Check *check)
{
    double loss = 0;
    work_forward(check->work, 0, ROWS, true, 11);
    for (uint32_t i = 0; i < ROWS * check->outputs; i++) {
        real y = check->work->out[i], c = toy_number(2, i);
        loss += c * y + y * y / 2;
        check->work->dout[i] = c + y;
    }
    return loss;
}

static void compute_gradients(Check *check)
{
    Workspace *work = check->work;
    work_transpose(work, 0, 1);
    loss_of(check);
    for (int stage = work_stages(work) - 1; stage >= 0; stage--) {
        work_backward_stage(work, stage, 4, ROWS, 11);
        work_backward_stage(work, stage, 0, 4, 11);
        for (int part = 0; stage > 0 && part < 2; part++) work_back_sums(work, stage, ROWS, part, 2);
    }
    work_gradients(work, ROWS, 1, 2);
    work_gradients(work, ROWS, 0, 2);
    work_join(work, ROWS, 0, 1);
}

/* ---- tests */

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
    assert_true(n > 4 && kinks * 20 <= n);
}

static void test_gradients(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_EXAMPLES; k++) {
        Check check = { 0 };
        Source source;
        make_source(&source, 1);
        check_begin(&check, &examples[k], &source, 0);
        compare(&check, examples[k].lines[0]);
        check_end(&check);
    }
}

/* Whatever stood in memory, and between the samples: the same bits. */
static void test_padding_is_silent(void **state)
{
    (void)state;
    static const real garbage[] = { 0, 1e300, -3 };
    for (size_t k = 0; k < N_EXAMPLES; k++) {
        Check first = { 0 };
        Source source;
        make_source(&source, 0);
        check_begin(&first, &examples[k], &source, 0);
        compute_gradients(&first);
        for (int g = 1; g < 4; g++) {
            Check other = { 0 };
            real filled = g < 3 ? garbage[g] : (real)NAN;
            make_source(&source, filled);
            check_begin(&other, &examples[k], &source, filled);
            compute_gradients(&other);
            assert_memory_equal(other.work->out, first.work->out, ROWS * first.outputs * sizeof(real));
            assert_memory_equal(other.gradients, first.gradients, first.net->plan->n_weights * sizeof(real));
            check_end(&other);
        }
        check_end(&first);
    }
}

/* One sample in a net that is made for its length. */
static void compare_alone(const Example *example, const Source *source, uint32_t row, const real *expected)
{
    Err err = { 0 };
    Net *net = net_of(example, lengths[row]);
    real out[4] = { 0 };
    if (!net_forward(net, source->x + source->start[row] * FEATURES, 1, out, 1, NULL, &err))
        fail_msg("%s", err.message);
    for (int j = 0; j < net_outputs(net); j++)
        if (fabs(out[j] - expected[j]) > 1e-13 * fmax(1, fabs(expected[j])))
            fail_msg("%s, row %u: %.17g alone, %.17g in the batch", example->lines[0], row, out[j],
                     expected[j]);
    net_unref(net);
}

static void test_alone(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_EXAMPLES; k++) {
        Check check = { 0 };
        Source source;
        if (examples[k].not_alone) continue;
        make_source(&source, (real)NAN);
        check_begin(&check, &examples[k], &source, (real)NAN);
        work_forward(check.work, 0, ROWS, false, 0);
        for (uint32_t row = 0; row < ROWS; row++)
            if (lengths[row] >= examples[k].least)
                compare_alone(&examples[k], &source, row, check.work->out + row * check.outputs);
        check_end(&check);
    }
}

/* The statistics of a batch are of the steps that exist: mean and variance of column 0 by hand. */
static void test_batch_statistics(void **state)
{
    (void)state;
    static const Example norm = { { "batchnorm", "globalpool" }, .least = 1 };
    Check check = { 0 };
    Source source;
    double sum = 0, squares = 0, n = 0;
    make_source(&source, (real)NAN);
    check_begin(&check, &norm, &source, (real)NAN);
    for (int k = 0; k < ROWS; k++)
        for (uint32_t i = source.start[k]; i < source.end[k]; i++, n++) sum += source.x[i * FEATURES];
    for (int k = 0; k < ROWS; k++)
        for (uint32_t i = source.start[k]; i < source.end[k]; i++)
            squares += pow(source.x[i * FEATURES] - sum / n, 2);
    check.work->learns = true;
    work_forward(check.work, 0, ROWS, true, 0);
    const real *stats = check.net->params->values + check.net->plan->n_weights;
    assert_true(fabs(stats[0] - 0.1 * sum / n) < 1e-12);
    assert_true(fabs(stats[FEATURES] - (0.9 + 0.1 * squares / n)) < 1e-12);
    check_end(&check);
}

/* Samples too short for a layer leave it no step: 0 behind globalpool, and no gradient. */
static void test_nothing_left(void **state)
{
    (void)state;
    static const char *const pools[] = { "globalpool", "globalpool max" };
    for (int k = 0; k < 2; k++) {
        Example example = { { "conv1d 4 relu kernel=9", "batchnorm", pools[k] }, .least = STEPS };
        Check check = { 0 };
        Source source;
        make_source(&source, (real)NAN);
        for (int row = 0; row < ROWS; row++)
            if (lengths[row] == STEPS) source.end[row]--;
        check_begin(&check, &example, &source, (real)NAN);
        compute_gradients(&check);
        for (size_t i = 0; i < ROWS * check.outputs; i++) assert_true(check.work->out[i] == 0);
        for (size_t i = 0; i < check.net->plan->n_weights; i++) assert_true(check.gradients[i] == 0);
        check_end(&check);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),    cmocka_unit_test(test_padding_is_silent),
        cmocka_unit_test(test_alone),        cmocka_unit_test(test_batch_statistics),
        cmocka_unit_test(test_nothing_left),
    };
    return cmocka_run_group_tests_name("double_masks", tests, NULL, NULL);
}
