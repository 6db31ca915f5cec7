/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attention, upsampling, reshaping, noise, spatial dropout and truncated back-propagation: the vectors of
 * tests/reference/sequence.py in float, known values, the same bits however a batch is shared out, masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/sequence.h"

enum { ROWS = 9, MOST = 4096 };

typedef struct Pass {
    Net *net;
    Workspace *work;
    real *gradients, *transposed;
    size_t n, in, out;
} Pass;

static void pass_begin(Pass *pass, const char *text, const uint32_t *lengths)
{
    Err err = { 0 };
    NetDef *def = net_text(text);
    pass->net = def ? toy_net(def, 7) : NULL;
    if (!pass->net) fail_msg("no net: %s", text);
    pass->n = pass->net->plan->n_weights;
    pass->in = shape_size(pass->net->plan->in);
    pass->out = shape_size(plan_last(pass->net->plan)->out);
    pass->gradients = mem_own((pass->n + 1) * sizeof(real));
    pass->transposed = mem_own((pass->n + 1) * sizeof(real));
    pass->work = workspace_new(pass->net->plan, ROWS, true, &err);
    for (size_t i = 0; i < pass->work->bytes / sizeof(real); i++) pass->work->block[i] = (real)NAN;
    workspace_bind(pass->work, pass->net->params->values, pass->gradients, pass->transposed, false,
                   GEMM_AUTO);
    workspace_seed(pass->work, 5);
    assert_true(workspace_ragged(pass->work, lengths != NULL, 0, &err));
    size_t steps = pass->net->plan->in.dims[0];
    for (uint32_t i = 0; i < ROWS; i++) {
        size_t length = lengths && lengths[i] < steps ? lengths[i] : steps;
        if (lengths) workspace_length(pass->work, i, length);
        for (uint32_t j = 0; j < pass->in; j++)
            pass->work->in[i * pass->in + j] = j < length * (pass->in / steps) ? toy_number(i, j) : 0;
    }
}

static void pass_end(Pass *pass)
{
    workspace_free(pass->work);
    mem_free(pass->gradients);
    mem_free(pass->transposed);
    net_unref(pass->net);
}

/* Rows in shares of `rows`, gradients in `parts`. */
static void pass_run(Pass *pass, size_t rows, int parts)
{
    work_transpose(pass->work, 0, 1);
    for (size_t from = 0; from < ROWS; from += rows)
        work_forward(pass->work, from, from + rows < ROWS ? from + rows : ROWS, true, 3);
    for (size_t i = 0; i < ROWS * pass->out; i++) pass->work->dout[i] = pass->work->out[i] + 1;
    for (size_t from = 0; from < ROWS; from += rows)
        work_backward(pass->work, from, from + rows < ROWS ? from + rows : ROWS, 3);
    for (int part = parts; part-- > 0;) work_gradients(pass->work, ROWS, part, parts);
}

static const uint32_t ragged[ROWS] = { 70, 0, 1, 69, 64, 5, 65, 30, 2 };

static const char *const nets[] = {
    "input 70 3; attention 8 heads=2; attention 8 mask=causal positions=learned; globalpool; dense 1",
    "input 70 4; noise 0.2; residual; layernorm; attention 4 mask=causal positions=sinusoidal; end; "
    "dropout 30% spatial=on; upsample 2 method=linear; gru 5 truncate=7; dense 2",
    "input 70 2; lstm 5 truncate=8 reverse=on sequences=on; rnn 5 truncate=3; dense 1",
};

/* However the rows and weights are shared out. */
static void test_same_bits(void **state)
{
    (void)state;
    static const struct {
        size_t rows;
        int parts;
    } ways[] = { { 1, 2 }, { 2, 3 }, { 5, 7 } };
    for (size_t k = 0; k < 2 * (sizeof nets / sizeof *nets); k++) {
        Pass whole = { 0 };
        pass_begin(&whole, nets[k / 2], k % 2 ? ragged : NULL);
        pass_run(&whole, ROWS, 1);
        assert_int_equal(vec_first_bad(whole.work->out, ROWS * whole.out), ROWS * whole.out);
        assert_int_equal(vec_first_bad(whole.gradients, whole.n), whole.n);
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            Pass shared = { 0 };
            pass_begin(&shared, nets[k / 2], k % 2 ? ragged : NULL);
            pass_run(&shared, ways[w].rows, ways[w].parts);
            assert_memory_equal(shared.work->out, whole.work->out, ROWS * whole.out * sizeof(real));
            assert_memory_equal(shared.gradients, whole.gradients, whole.n * sizeof(real));
            pass_end(&shared);
        }
        pass_end(&whole);
    }
}

/* A sample has the same bits in any company, and while predicting as while training. */
static void test_company(void **state)
{
    (void)state;
    Pass pass = { 0 };
    real before[4], alone[4];
    pass_begin(&pass, nets[0], ragged);
    work_forward(pass.work, 0, ROWS, true, 0);
    memcpy(before, pass.work->out + 3, sizeof(real));
    work_forward(pass.work, 3, 4, false, 0);
    memcpy(alone, pass.work->out + 3, sizeof(real));
    assert_memory_equal(before, alone, sizeof(real));
    pass_end(&pass);
}

/* With Q = K = 0 every step takes the mean of V of those that it sees. */
static void test_mean(void **state)
{
    (void)state;
    static const uint32_t lengths[ROWS] = { 3, 2, 1, 0, 3, 3, 3, 3, 3 };
    for (int causal = 0; causal < 2; causal++) {
        Pass pass = { 0 };
        pass_begin(&pass,
                   causal ? "input 3 1; attention 1 heads=1 mask=causal" : "input 3 1; attention 1 heads=1",
                   lengths);
        real weights[] = { 0, 0, 1, 0, 0, 0, 2, 1 }; /* Wq Wk Wv, their biases, Wo, bo */
        assert_int_equal(pass.n, 8);
        memcpy(pass.net->params->values, weights, sizeof weights);
        work_forward(pass.work, 0, ROWS, false, 0);
        for (size_t i = 0; i < ROWS; i++) {
            const real *x = pass.work->in + i * 3, *y = pass.work->out + i * 3;
            for (size_t t = 0; t < 3; t++) {
                double sum = 0, seen = causal ? (double)t + 1 : (double)lengths[i];
                for (size_t s = 0; s < (size_t)seen; s++) sum += (double)x[s];
                double expected = t < lengths[i] ? 2 * sum / seen + 1 : 0;
                assert_true(fabs((double)y[t] - expected) < 1e-6);
            }
        }
        pass_end(&pass);
    }
}

/* Changing a later step leaves earlier outputs as they are. */
static void test_causal(void **state)
{
    (void)state;
    Pass pass = { 0 };
    real before[MOST];
    pass_begin(&pass, "input 70 3; attention 8 heads=2 mask=causal positions=learned", NULL);
    work_forward(pass.work, 0, 1, false, 0);
    memcpy(before, pass.work->out, pass.out * sizeof(real));
    for (size_t j = 66 * 3; j < 70 * 3; j++) pass.work->in[j] += 1;
    work_forward(pass.work, 0, 1, false, 0);
    assert_memory_equal(before, pass.work->out, 66 * 8 * sizeof(real));
    assert_memory_not_equal(before + 66 * 8, pass.work->out + 66 * 8, 8 * sizeof(real));
    pass_end(&pass);
}

static void test_upsample(void **state)
{
    (void)state;
    static const uint32_t lengths[ROWS] = { 2, 1, 0, 2, 2, 2, 2, 2, 2 };
    static const real nearest[] = { 0, 0, 4, 4 }, linear[] = { 0, 1, 3, 4 }, one[] = { 8, 8, 0, 0 },
                      none[] = { 0, 0, 0, 0 };
    for (int k = 0; k < 2; k++) {
        Pass pass = { 0 };
        pass_begin(&pass, k ? "input 2 1; upsample 2 method=linear" : "input 2 1; upsample 2", lengths);
        memcpy(pass.work->in, (real[]){ 0, 4, 8, 0, 0, 0 }, 6 * sizeof(real));
        work_forward(pass.work, 0, 3, false, 0);
        assert_memory_equal(pass.work->out, k ? linear : nearest, 4 * sizeof(real));
        assert_memory_equal(pass.work->out + 4, one, 4 * sizeof(real));
        assert_memory_equal(pass.work->out + 8, none, 4 * sizeof(real));
        pass_end(&pass);
    }
}

/* Mean, deviation, kurtosis; another step draws anew; predicting draws nothing. */
static void test_noise(void **state)
{
    (void)state;
    Pass pass = { 0 };
    real first[4000];
    double sum = 0, squares = 0, fourth = 0, together = 0, n = ROWS * 4000;
    pass_begin(&pass, "input 4000; noise 0.5", NULL);
    work_forward(pass.work, 0, ROWS, true, 1);
    for (size_t i = 0; i < ROWS * 4000; i++) {
        double z = (double)(pass.work->out[i] - pass.work->in[i]) / 0.5;
        sum += z;
        squares += z * z;
        fourth += z * z * z * z;
        if (i % 2) together += z * (double)(pass.work->out[i - 1] - pass.work->in[i - 1]) / 0.5;
    }
    assert_true(fabs(sum / n) < 0.02 && fabs(squares / n - 1) < 0.03 && fabs(fourth / n - 3) < 0.2);
    assert_true(fabs(together / n) < 0.02);
    memcpy(first, pass.work->out, sizeof first);
    work_forward(pass.work, 0, ROWS, true, 2);
    assert_memory_not_equal(first, pass.work->out, sizeof first);
    work_forward(pass.work, 0, ROWS, false, 2);
    assert_memory_equal(pass.work->in, pass.work->out, ROWS * 4000 * sizeof(real));
    pass_end(&pass);
}

/* A channel is dropped at all steps or at none; about the share that was asked for. */
static void test_spatial_dropout(void **state)
{
    (void)state;
    Pass pass = { 0 };
    size_t dropped = 0;
    pass_begin(&pass, "input 5 100; dropout 30% spatial=on", NULL);
    work_forward(pass.work, 0, ROWS, true, 1);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t c = 0; c < 100; c++) {
            const real *in = pass.work->in + i * 500 + c, *out = pass.work->out + i * 500 + c;
            bool gone = out[0] == 0;
            for (size_t t = 0; t < 5; t++)
                assert_true(gone ? out[t * 100] == 0
                                 : fabs((double)(out[t * 100] * 0.7f - in[t * 100])) < 1e-5);
            dropped += gone;
        }
    assert_true(dropped > 220 && dropped < 320);
    pass_end(&pass);
}

static void check_refused(const char *text, const char *message, const char *hint)
{
    Err err = { 0 };
    NetDef *def = net_text(text);
    assert_non_null(def);
    Net *net = net_new(def, 3);
    netdef_unref(def);
    assert_false(net_prepare(net, NULL, &err));
    if (!strstr(err.message, message)) fail_msg("%s: %s", text, err.message);
    if (!strstr(err.hint, hint)) fail_msg("%s: %s", text, err.hint);
    net_unref(net);
}

static void test_refused(void **state)
{
    (void)state;
    check_refused("input 5 4; attention 6", "cannot share 6 units among 4 heads", "8 and heads=4");
    check_refused("input 5; attention 8", "needs (steps, features)", "10 steps of 5 features");
    check_refused("input 12; reshape 5 2", "needs 10 numbers for (5, 2)", "has to be 12");
    check_refused("input 12; reshape 3 2 1 2 1", "sizes", "at most 4");
    check_refused("input 12; upsample 2", "needs (steps, channels)", "");
    check_refused("input 12 2; upsample 2 3", "factor", "a series takes one number");
    check_refused("input 12; dropout 10% spatial=on", "for spatial=on", "");
}

/* The value beside the largest key among 8 steps of (key, value). */
static TrainData *lookup_data(size_t n)
{
    TrainData *data = traindata_new();
    data->n_features = 16;
    data->target_kind = 'n';
    real *x = mem_own(n * 16 * sizeof *x), *y = mem_own(n * sizeof *y);
    for (size_t i = 0; i < n; i++) {
        size_t best = 0;
        for (size_t j = 0; j < 16; j++) x[i * 16 + j] = toy_number(9, (uint32_t)(i * 16 + j));
        for (size_t t = 1; t < 8; t++)
            if (x[i * 16 + 2 * t] > x[i * 16 + 2 * best]) best = t;
        y[i] = x[i * 16 + 2 * best + 1];
    }
    traindata_set(data, &data->train, x, y, NULL, n, NULL);
    mem_free(x);
    mem_free(y);
    return data;
}

/* Share of the target's variance that is left after training. */
static double lookup_error(const char *text)
{
    Err err = { 0 };
    Net *net = toy_net(net_text(text), 3);
    TrainConfig config = toy_config(40, 32);
    config.lr = 0.01;
    Net *trained = net_train_data(net, lookup_data(1000), &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s", err.message);
    double loss = trained->history->rows[trained->history->n - 1].train_loss;
    net_unref(trained);
    net_unref(net);
    return loss * 3; /* uniform in -1 .. 1 */
}

/* What pooling of each step by itself cannot find, attention can. */
static void test_transformer_learns(void **state)
{
    (void)state;
    double with =
        lookup_error("input 8 2; conv1d 16 kernel=1; residual; layernorm; attention 16 heads=2; end; "
                     "residual; layernorm; conv1d 32 gelu kernel=1; conv1d 16 kernel=1; end; "
                     "layernorm; globalpool; dense 1");
    double without =
        lookup_error("input 8 2; conv1d 16 kernel=1; residual; layernorm; conv1d 16 kernel=1; end; "
                     "residual; layernorm; conv1d 32 gelu kernel=1; conv1d 16 kernel=1; end; "
                     "layernorm; globalpool; dense 1");
    if (getenv("FNS_TABLE"))
        printf("left of the variance: %.3f with attention, %.3f without\n", with, without);
    assert_true(with < 0.15 && without > 0.3);
}

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(sequence_check_all(__FILE__), 36);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_company),
        cmocka_unit_test(test_mean),
        cmocka_unit_test(test_causal),
        cmocka_unit_test(test_upsample),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_spatial_dropout),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_transformer_learns),
        cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests_name("model_attention", tests, NULL, NULL);
}
