/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulators: the same seed gives the same bits; each has the moments and the attainable figures that its
 * formula implies (published, or computed once from a million draws), and a truth that is true. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/source.h"
#include "measures/metric.h"

/* "rate=0.01 see=equity" */
static Args args_of(const char *text, Arena *arena)
{
    char key[32], value[32], *end;
    Args args = { arena_take(arena, 8 * sizeof(Arg)), 0 };
    for (int n; text && sscanf(text, " %31[^=]=%31s%n", key, value, &n) == 2; text += n) {
        double x = strtod(value, &end);
        args.items[args.n++] = (Arg){ .key = arena_text(arena, key),
                                      .value = *end ? value_word(arena, value) : value_number(x) };
    }
    return args;
}

static Frame *simulate_with(const char *name, size_t n_rows, uint64_t seed, const char *text)
{
    Err err = { 0 };
    Options options;
    Arena *arena = arena_new();
    const Kind *kind = kind_find(&simulator_kinds, name);
    assert_non_null(kind);
    Args args = args_of(text, arena);
    if (!options_bind(kind, &args, arena, (Span){ 0 }, &options, &err)) fail_msg("%s: %s", name, err.message);
    Frame *frame =
        frame_simulate((const SimulatorKind *)(const void *)kind, n_rows, seed, &options, NULL, &err);
    if (!frame) fail_msg("%s: %s", name, err.message);
    arena_free(arena);
    return frame;
}

static Frame *simulate(const char *name, size_t n_rows, uint64_t seed)
{
    return simulate_with(name, n_rows, seed, NULL);
}

static const double *numbers(const Frame *frame, const char *name)
{
    return frame->columns[frame_find(frame, name)].column->numbers;
}

static const int64_t *integers(const Frame *frame, const char *name)
{
    return frame->columns[frame_find(frame, name)].column->integers;
}

/* What is attainable, as `describe` prints it. */
static double ceiling(const Frame *frame, const char *metric)
{
    Scored best = { .n = frame->n_rows, .n_outputs = 1, .score = frame->truth->numbers, .reference = NAN };
    bool number = frame->columns[frame_role(frame, ROLE_TARGET)].column->type == COLUMN_NUMBER;
    if (number) best.target = frame->columns[frame_role(frame, ROLE_TARGET)].column->numbers;
    return metric_attainable(metric_find(metric), number ? 'n' : 'b', &best);
}

static void near(const char *what, double x, double y, double error)
{
    if (!(fabs(x - y) <= error)) fail_msg("%s: %.5f, not %.5f +- %.5f", what, x, y, error);
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum / (double)n;
}

static double covariance(const double *x, const double *y, size_t n)
{
    double sum = 0, mx = mean_of(x, n), my = mean_of(y, n);
    for (size_t i = 0; i < n; i++) sum += (x[i] - mx) * (y[i] - my);
    return sum / (double)n;
}

/* ---- AUC by ranks; scores and labels in one array to sort */

typedef struct Item {
    double score, y; /* y: a label, or its expectation */
} Item;

static int by_score(const void *a, const void *b)
{
    double x = ((const Item *)a)->score, y = ((const Item *)b)->score;
    return (x > y) - (x < y);
}

/* The area with expected labels: sum over i of p_i (sum below of (1 - p_j) + half its own). */
static double auc(Item *items, size_t n)
{
    double below = 0, area = 0, positive = 0;
    qsort(items, n, sizeof *items, by_score);
    for (size_t i = 0; i < n; i++) {
        area += items[i].y * (below + 0.5 * (1 - items[i].y));
        below += 1 - items[i].y;
        positive += items[i].y;
    }
    return area / (positive * below);
}

static double auc_of(const Frame *frame, double (*score)(const Frame *, size_t), bool labels)
{
    size_t n = frame->n_rows;
    Item *items = malloc(n * sizeof *items);
    const Column *y = frame->columns[frame->n_columns - 1].column;
    for (size_t i = 0; i < n; i++)
        items[i] = (Item){ score(frame, i), labels ? (double)y->integers[i] : frame->truth->numbers[i] };
    double area = auc(items, n);
    free(items);
    return area;
}

static double truth_score(const Frame *frame, size_t row)
{
    return frame->truth->numbers[row];
}

static double x_score(const Frame *frame, size_t row)
{
    return frame->columns[1].column->numbers[row];
}

static void test_credit(void **state)
{
    (void)state;
    Frame *frame = simulate("credit", 100000, 1);
    double pi = 0, product = 0, square = 0;
    assert_int_equal(frame->n_columns, 9);
    assert_int_equal(frame_role(frame, ROLE_TARGET), 8);
    assert_int_equal(frame_role(frame, ROLE_TIME), -1);
    for (size_t i = 0; i < frame->n_rows; i++) {
        double x1 = frame->columns[1].column->numbers[i], x2 = frame->columns[2].column->numbers[i];
        pi += (double)frame->columns[8].column->integers[i] / (double)frame->n_rows;
        product += x1 * x2;
        square += x2 * x2;
    }
    print_message("default rate %.4f, attainable AUC %.4f expected, %.4f on labels, x1 alone %.4f\n", pi,
                  auc_of(frame, truth_score, false), auc_of(frame, truth_score, true),
                  auc_of(frame, x_score, false));
    assert_true(fabs(pi - 0.148) < 0.02);
    assert_true(fabs(product / square - 0.3) < 0.01);
    assert_true(fabs(square / 100000 - 1) < 0.02);
    assert_true(fabs(auc_of(frame, truth_score, false) - 0.85) < 0.01);
    assert_true(fabs(auc_of(frame, truth_score, true) - 0.85) < 0.01);
    double alone = auc_of(frame, x_score, false); /* each input alone is weak */
    assert_true(alone > 0.5 && alone < 0.68);
    frame_unref(frame);
}

/* Solves the best linear logit by Newton's method on the expected labels; AUC of its score. */
static double weights[8];
static double linear_score(const Frame *frame, size_t row)
{
    double sum = weights[0];
    for (int j = 1; j < 8; j++) sum += weights[j] * frame->columns[j].column->numbers[row];
    return sum;
}

static void newton_step(const Frame *frame)
{
    double h[8][9] = { { 0 } };
    for (size_t row = 0; row < frame->n_rows; row++) {
        double x[8] = { 1 }, p = 1 / (1 + exp(-linear_score(frame, row)));
        for (int j = 1; j < 8; j++) x[j] = frame->columns[j].column->numbers[row];
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 8; j++) h[i][j] += p * (1 - p) * x[i] * x[j];
            h[i][8] += (frame->truth->numbers[row] - p) * x[i];
        }
    }
    for (int i = 0; i < 8; i++) /* Gauss-Jordan; the matrix is positive definite */
        for (int k = 0; k < 8; k++) {
            double factor = k == i ? 0 : h[k][i] / h[i][i];
            for (int j = i; j < 9 && k != i; j++) h[k][j] -= factor * h[i][j];
        }
    for (int i = 0; i < 8; i++) weights[i] += h[i][8] / h[i][i];
}

static void test_credit_is_not_linear(void **state)
{
    (void)state;
    Frame *frame = simulate("credit", 100000, 1);
    for (int i = 0; i < 8; i++) newton_step(frame);
    double linear = auc_of(frame, linear_score, false);
    print_message("best linear logit: AUC %.4f\n", linear);
    assert_true(fabs(linear - 0.68) < 0.02);
    frame_unref(frame);
}

/* rows= counts rows, or what the ids count. */
static size_t samples_of(const Frame *frame)
{
    int id = frame_role(frame, ROLE_ID);
    return id < 0 ? frame->n_rows : (size_t)frame->columns[id].column->integers[frame->n_rows - 1];
}

static void same_numbers(const Column *a, const Column *b, size_t n, bool same)
{
    assert_true((memcmp(a->numbers, b->numbers, n * sizeof(double)) == 0) == same);
}

static void test_same_seed_same_bits(void **state)
{
    (void)state;
    for (int i = 0; i < simulator_kinds.n; i++) {
        const char *name = simulator_kinds.items[i]->name;
        Frame *a = simulate(name, 500, 7), *b = simulate(name, 500, 7), *c = simulate(name, 500, 8);
        int x = frame_role(a, ROLE_TARGET) - 1;
        assert_int_equal(samples_of(a), 500);
        for (int k = 0; k < a->n_columns; k++)
            same_numbers(a->columns[k].column, b->columns[k].column, 500, true);
        same_numbers(a->columns[x].column, c->columns[x].column, 500, false);
        assert_string_equal(a->hash, b->hash);
        assert_string_not_equal(a->hash, c->hash);
        assert_non_null(a->truth);
        assert_true(frame_role(a, ROLE_TARGET) >= 0);
        frame_unref(a);
        frame_unref(b);
        frame_unref(c);
    }
}

/* The stated truth is calibrated, where it is high and where it is low; rows of an id go together. */
static void check_truth(const Frame *frame, const char *name)
{
    int id = frame_role(frame, ROLE_ID), y = frame_role(frame, ROLE_TARGET);
    const double *truth = frame->truth->numbers;
    double sum = 0, squares = 0, gap = 0, middle = 0, n = 0;
    for (size_t row = 0; row < frame->n_rows; row++)
        if (!column_is_missing(frame->columns[y].column, row)) middle += truth[row], n++;
    for (size_t row = 0; row < frame->n_rows; row++) {
        if (!column_is_missing(frame->columns[y].column, row))
            gap += (column_number(frame->columns[y].column, row) - truth[row]) *
                   (truth[row] > middle / n ? 1 : -1);
        const int64_t *ids = id < 0 ? NULL : frame->columns[id].column->integers;
        if (ids && row + 1 < frame->n_rows && ids[row] == ids[row + 1]) continue;
        sum += gap;
        squares += gap * gap;
        gap = 0;
    }
    if (!(fabs(sum) <= 4 * sqrt(squares) + 1e-9)) fail_msg("%s: %g off, sd %g", name, sum, sqrt(squares));
}

static void test_truth_is_true(void **state)
{
    (void)state;
    static const char *const others[][2] = {
        { "garch", "innovations=t target=up" },  { "gaussian", "rate=0.1 correlation=0.5 columns=6" },
        { "groups", "spill=1 companies=20" },    { "borrowers", "window=3 months=12" },
        { "drift", "odds=4 shift=2 after=0.1" }, { "noise", "target=number steps=3" }
    };
    for (int i = 0; i < simulator_kinds.n; i++) {
        Frame *frame = simulate(simulator_kinds.items[i]->name, 20000, 3);
        check_truth(frame, simulator_kinds.items[i]->name);
        frame_unref(frame);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        Frame *frame = simulate_with(others[i][0], 20000, 4, others[i][1]);
        check_truth(frame, others[i][0]);
        frame_unref(frame);
    }
}

/* up-rate .5523, direction accuracy of the filter .5779. */
static void test_markov(void **state)
{
    (void)state;
    Frame *frame = simulate("markov", 400000, 2);
    const Column *ret = frame->columns[1].column, *up = frame->columns[2].column;
    double rate = 0, right = 0, expected = 0, n = (double)frame->n_rows;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double p = frame->truth->numbers[i];
        rate += (double)up->integers[i] / n;
        right += ((p > 0.5) == (up->integers[i] == 1)) / n;
        expected += fmax(p, 1 - p) / n;
        if (i + 1 < frame->n_rows) assert_int_equal(up->integers[i], ret->numbers[i + 1] > 0);
    }
    print_message("markov: up-rate %.4f, direction of the filter %.4f (expected %.4f)\n", rate, right,
                  expected);
    assert_true(fabs(rate - 0.5523) < 0.004);
    assert_true(fabs(right - 0.5779) < 0.004);
    assert_true(fabs(expected - 0.5779) < 0.003);
    assert_int_equal(frame->columns[2].lead, 1);
    assert_int_equal(frame_role(frame, ROLE_TIME), 0);
    frame_unref(frame);
}

/* P(up on day n | returns of the days before), by summing over all paths of the states: 2^(n + 1) of them. */
static double up_by_paths(const double *returns, int n)
{
    static const double mu[] = { 0.20, -0.30 }, sd[] = { 0.7, 1.2 }, stay[] = { 0.98, 0.95 };
    double all = 0, up = 0;
    for (int path = 0; path < 1 << (n + 1); path++) {
        int at = path & 1;
        double p = at ? 2.0 / 7 : 5.0 / 7; /* the long run: 0.05 to 0.02 */
        for (int day = 0; day < n; day++) {
            double z = (returns[day] - mu[at]) / sd[at];
            int next = path >> (day + 1) & 1;
            p *= exp(-z * z / 2) / sd[at] * (next == at ? stay[at] : 1 - stay[at]);
            at = next;
        }
        all += p;
        up += p * 0.5 * erfc(-mu[at] / sd[at] / sqrt(2));
    }
    return up / all;
}

static void test_filter_is_bayes(void **state)
{
    (void)state;
    enum { DAYS = 14 };
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Frame *frame = simulate("markov", DAYS, seed);
        for (int i = 0; i < DAYS; i++)
            assert_true(fabs(frame->truth->numbers[i] -
                             up_by_paths(frame->columns[1].column->numbers, i + 1)) < 1e-12);
        frame_unref(frame);
    }
}

/* Bayes' rule on whole densities: each of 57 positions as likely, with a motif or without one. */
static double motif_by_densities(const double *x)
{
    double with = 0, without = 1;
    for (int i = 0; i < 64; i++) without *= exp(-x[i] * x[i] / 2);
    for (int at = 0; at < 57; at++) {
        double density = 1;
        for (int i = 0; i < 64; i++) {
            double mean = i >= at && i < at + 8 ? 3 * 0.5 * sin(2 * M_PI * (i - at + 0.5) / 8) : 0;
            density *= exp(-(x[i] - mean) * (x[i] - mean) / 2);
        }
        with += density / 57;
    }
    return with / (with + without);
}

static void test_posterior_is_bayes(void **state)
{
    (void)state;
    Frame *frame = simulate("motif", 200, 5);
    for (size_t i = 0; i < 200 * 64; i += 64)
        assert_true(fabs(frame->truth->numbers[i] -
                         motif_by_densities(frame->columns[2].column->numbers + i)) < 1e-12);
    frame_unref(frame);
}

static double largest_gap(const Item *items, size_t n) /* KS, with expected labels */
{
    double ones = 0, zeros = 0, one = 0, zero = 0, gap = 0;
    for (size_t i = 0; i < n; i++) {
        ones += items[i].y;
        zeros += 1 - items[i].y;
    }
    for (size_t i = 0; i < n; i++) {
        one += items[i].y / ones;
        zero += (1 - items[i].y) / zeros;
        gap = fmax(gap, zero - one);
    }
    return gap;
}

/* Amplitude 3: AUC .863, KS .570, log-loss .455. */
static void test_motif(void **state)
{
    (void)state;
    enum { SAMPLES = 40000 };
    Frame *frame = simulate("motif", SAMPLES, 1);
    Item *items = malloc(SAMPLES * sizeof *items);
    double loss = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        double p = frame->truth->numbers[i * 64];
        items[i] = (Item){ p, p };
        loss -= (p * log(p) + (1 - p) * log(1 - p)) / SAMPLES;
    }
    double area = auc(items, SAMPLES), gap = largest_gap(items, SAMPLES);
    print_message("motif: attainable AUC %.4f, KS %.4f, log-loss %.4f\n", area, gap, loss);
    assert_true(fabs(area - 0.863) < 0.004);
    assert_true(fabs(gap - 0.570) < 0.008);
    assert_true(fabs(loss - 0.455) < 0.004);
    free(items);
    frame_unref(frame);
}

/* Inputs N(0, 1) that say nothing of the target. */
static void test_noise(void **state)
{
    (void)state;
    Frame *frame = simulate("noise", 40000, 1);
    double n = (double)frame->n_rows, share = 0;
    for (size_t i = 0; i < frame->n_rows; i++) share += (double)frame->columns[10].column->integers[i] / n;
    assert_true(fabs(share - 0.5) < 4 * 0.5 / sqrt(n));
    for (int k = 0; k < 10; k++) {
        double mean = 0, square = 0, product = 0;
        const double *x = frame->columns[k].column->numbers;
        for (size_t i = 0; i < frame->n_rows; i++) {
            mean += x[i] / n;
            square += x[i] * x[i] / n;
            product += x[i] * ((double)frame->columns[10].column->integers[i] - 0.5) / n;
        }
        assert_true(fabs(mean) < 4 / sqrt(n));
        assert_true(fabs(square - 1) < 4 * sqrt(2 / n));
        assert_true(fabs(product) < 4 * 0.5 / sqrt(n));
    }
    frame_unref(frame);
}

/* ---- normal classes and probit */

static void test_gaussian(void **state)
{
    (void)state;
    static const double expected[][3] = { { .5, .6382, .1974 },
                                          { 1, .7602, .3829 },
                                          { 1.5, .8556, .5467 },
                                          { 2, .9214, .6827 },
                                          { 2.5, .9615, .7887 } };
    for (int i = 0; i < 5; i++) {
        char text[64];
        snprintf(text, sizeof text, "distance=%g columns=%d correlation=0.4", expected[i][0], i + 1);
        Frame *frame = simulate_with("gaussian", 60000, 1, text);
        near("AUC", ceiling(frame, "auc"), expected[i][1], 0.004);
        near("KS", ceiling(frame, "ks"), expected[i][2], 0.006);
        frame_unref(frame);
    }
    Frame *frame = simulate_with("gaussian", 60000, 2, "distance=0 correlation=0.4 columns=3");
    const double *x1 = numbers(frame, "x1"), *x3 = numbers(frame, "x3");
    near("correlation", covariance(x1, numbers(frame, "x2"), 60000), 0.4, 0.02);
    near("correlation at two", covariance(x1, x3, 60000), 0.16, 0.02);
    near("variance", covariance(x3, x3, 60000), 1, 0.03);
    frame_unref(frame);
}

static void test_probit(void **state)
{
    (void)state;
    static const double rates[] = { .01, .02, .05, .10, .22, .30 }, r2[] = { .05, .10, .20, .40, .60 };
    static const double areas[6][5] = {
        { .6667, .7313, .8147, .9103, .9613 }, { .6537, .7144, .7946, .8917, .9486 },
        { .6360, .6909, .7657, .8629, .9271 }, { .6227, .6730, .7431, .8388, .9075 },
        { .6090, .6544, .7191, .8119, .8842 }, { .6048, .6486, .7115, .8030, .8762 }
    };
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 5; k++) {
            char text[64];
            snprintf(text, sizeof text, "rate=%g r2=%g columns=%d", rates[i], r2[k], i == 3 ? 7 : 1);
            Frame *frame = simulate_with("probit", 40000, 1, text);
            near(text, ceiling(frame, "auc"), areas[i][k], 0.006);
            near(text, mean_of(frame->truth->numbers, 40000), rates[i], 0.05 * rates[i] + 0.002);
            frame_unref(frame);
        }
}

/* ---- Merton */

/* A call on assets 1 that pay off in a year: the discounted mean of max(V - D, 0), by the midpoint rule. */
static double call(double assets, double debt, double s, double r)
{
    enum { STEPS = 20000 };
    double sum = 0, width = 16.0 / STEPS;
    for (int i = 0; i < STEPS; i++) {
        double z = -8 + (i + 0.5) * width, later = assets * exp(r - s * s / 2 + s * z);
        sum += fmax(0, later - debt) * exp(-z * z / 2) * width;
    }
    return sum * exp(-r) / sqrt(2 * M_PI);
}

static void test_merton(void **state)
{
    (void)state;
    Frame *frame = simulate("merton", 100000, 1);
    near("PD", mean_of(frame->truth->numbers, 100000), .0763, .002);
    near("AUC", ceiling(frame, "auc"), .8651, .003);
    near("KS", ceiling(frame, "ks"), .580, .006);
    near("Brier", ceiling(frame, "brier"), .0594, .0015);
    near("log-loss", ceiling(frame, "logloss"), .1996, .004);
    Frame *seen = simulate_with("merton", 100000, 1, "see=equity riskfree=0.05");
    assert_memory_equal(seen->truth->numbers, frame->truth->numbers, 100000 * sizeof(double));
    for (int i = 0; i < 20; i++) {
        double d = numbers(frame, "leverage")[i], s = numbers(frame, "volatility")[i], h = 1e-4;
        double equity = call(1, d, s, 0.05);
        double delta = (call(1 + h, d, s, 0.05) - call(1 - h, d, s, 0.05)) / (2 * h);
        near("debt over equity", numbers(seen, "debt_equity")[i], d / equity, 1e-5 * d / equity);
        near("equity volatility", numbers(seen, "equity_volatility")[i], s * delta / equity, 1e-3);
    }
    frame_unref(frame);
    frame_unref(seen);
}

/* ---- returns */

/* Forecasts of correlation rho: R2, direction right, Sharpe ratios a year of both rules, on what was drawn.
 */
static void check_rules(const Frame *frame, double rho, double sign_rule, double linear_rule)
{
    const double *next = numbers(frame, "next"), *truth = frame->truth->numbers;
    double n = (double)frame->n_rows, right = 0, sign[2] = { 0, 0 }, linear[2] = { 0, 0 };
    for (size_t i = 0; i < frame->n_rows; i++) {
        double a = truth[i] > 0 ? next[i] : -next[i], b = truth[i] * next[i];
        right += (truth[i] > 0) == (next[i] > 0);
        sign[0] += a, sign[1] += a * a;
        linear[0] += b, linear[1] += b * b;
    }
    near("R2", ceiling(frame, "r2"), rho * rho, 8 * rho / sqrt(n));
    near("direction", right / n, 0.5 + asin(rho) / M_PI, 4 * 0.5 / sqrt(n));
    near("Sharpe of the sign", sign[0] / sqrt(n * sign[1] - sign[0] * sign[0]) * sqrt(252), sign_rule,
         4 * sqrt(252 / n) + 0.005);
    near("Sharpe of the forecast", linear[0] / sqrt(n * linear[1] - linear[0] * linear[0]) * sqrt(252),
         linear_rule, 4 * sqrt(252 / n) + 0.005);
}

static void test_returns(void **state)
{
    (void)state;
    static const double expected[][3] = { { .05, .63, .79 }, { .10, 1.27, 1.58 }, { .30, 3.91, 4.56 } };
    for (int i = 0; i < 3; i++) {
        char ar[64], signal[64];
        snprintf(ar, sizeof ar, "phi=%g sd=2", expected[i][0]);
        snprintf(signal, sizeof signal, "ic=%g sd=2 columns=%d", expected[i][0], i + 1);
        Frame *a = simulate_with("ar", 300000, 1, ar), *b = simulate_with("signal", 300000, 1, signal);
        check_rules(a, expected[i][0], expected[i][1], expected[i][2]);
        check_rules(b, expected[i][0], expected[i][1], expected[i][2]);
        near("sd", sqrt(covariance(numbers(a, "ret"), numbers(a, "ret"), 300000)), 2, 0.02);
        near("sd", sqrt(covariance(numbers(b, "next"), numbers(b, "next"), 300000)), 2, 0.02);
        assert_memory_equal(numbers(a, "ret") + 1, numbers(a, "next"), 299999 * sizeof(double));
        assert_int_equal(a->columns[frame_find(a, "next")].lead, 1);
        frame_unref(a);
        frame_unref(b);
    }
}

/* QLIKE mean(x - ln x - 1), x = r^2 / variance: of the true variance 1.2704 normal, 1.4279 t8; of the
 * constant one 1.41 and 1.63. */
static void check_garch(const char *innovations, double true_loss, double constant_loss)
{
    enum { DAYS = 400000 };
    Frame *frame = simulate_with("garch", DAYS, 1, innovations);
    const double *ret = numbers(frame, "ret"), *square = numbers(frame, "square");
    const double *truth = frame->truth->numbers;
    double loss = 0, constant = 0;
    near("h", truth[0], 0.02 + 0.08 * ret[0] * ret[0] + 0.90 * 1, 1e-12);
    for (int i = 1; i < DAYS; i++) {
        near("h", truth[i], 0.02 + 0.08 * ret[i] * ret[i] + 0.90 * truth[i - 1], 1e-12 * truth[i]);
        near("square", square[i - 1], ret[i] * ret[i], 1e-12 * square[i - 1]);
        double x = square[i] / truth[i];
        loss += (x - log(x) - 1) / DAYS;
        constant += (square[i] - log(square[i]) - 1) / DAYS;
    }
    print_message("garch %s: R2 %.4f\n", innovations, ceiling(frame, "r2"));
    near("variance", mean_of(square, DAYS), 1, 0.03);
    near("QLIKE", loss, true_loss, 0.015);
    near("QLIKE of the constant", constant, constant_loss, 0.04);
    near("R2", ceiling(frame, "r2"), 0.1391, 0.03);
    frame_unref(frame);
}

static void test_garch(void **state)
{
    (void)state;
    check_garch("innovations=normal", 1.2704, 1.41);
    check_garch("innovations=t df=8", 1.4279, 1.63);
    Frame *control = simulate_with("garch", 1000, 1, "target=up");
    near("up", ceiling(control, "auc"), 0.5, 1e-12);
    near("up", ceiling(control, "accuracy"), 0.5, 1e-12);
    frame_unref(control);
}

static void test_ou(void **state)
{
    (void)state;
    static const double expected[][3] = {
        { 2, .1464, .625 }, { 5, .0647, .582 }, { 10, .0335, .559 }, { 20, .0170, .542 }, { 60, .0057, .524 }
    };
    enum { DAYS = 200000 };
    for (int i = 0; i < 5; i++) {
        char text[64];
        snprintf(text, sizeof text, "halflife=%g mean=0.3 sd=0.1", expected[i][0]);
        Frame *frame = simulate_with("ou", DAYS, 1, text);
        const double *spread = numbers(frame, "spread"), *change = numbers(frame, "change");
        double right = 0;
        for (int k = 0; k < DAYS; k++) right += (frame->truth->numbers[k] > 0) == (change[k] > 0);
        near("R2", ceiling(frame, "r2"), expected[i][1], 0.004);
        near("direction", right / DAYS, expected[i][2], 0.0045);
        near("mean", mean_of(spread, DAYS), 0.3, 0.01);
        near("variance", covariance(spread, spread, DAYS), 0.01, 0.001);
        for (int k = 0; k + 1 < DAYS; k++) near("change", spread[k] + change[k], spread[k + 1], 1e-12);
        near("spread", log(numbers(frame, "b")[77] / numbers(frame, "a")[77]), spread[77], 1e-12);
        frame_unref(frame);
    }
}

/* ---- drift */

/* Population stability index over bins of 0.1, the ends open. */
static double stability(const double *a, size_t n_a, const double *b, size_t n_b)
{
    enum { BINS = 60 };
    double share[2][BINS] = { { 0 } }, sum = 0;
    for (size_t i = 0; i < n_a; i++)
        share[0][(int)fmin(BINS - 1, fmax(0, 10 * (a[i] + 3)))] += 1.0 / (double)n_a;
    for (size_t i = 0; i < n_b; i++)
        share[1][(int)fmin(BINS - 1, fmax(0, 10 * (b[i] + 3)))] += 1.0 / (double)n_b;
    for (int k = 0; k < BINS; k++) sum += (share[1][k] - share[0][k]) * log(share[1][k] / share[0][k]);
    return sum;
}

static void test_drift(void **state)
{
    (void)state;
    enum { LOANS = 100000 };
    Frame *as_it_was = simulate_with("drift", LOANS, 1, "odds=1 shift=0");
    Frame *worse = simulate_with("drift", LOANS, 1, "odds=2 shift=0 after=0");
    Frame *moved = simulate_with("drift", LOANS, 1, "odds=1 shift=0.5 after=0.5");
    for (int i = 0; i < LOANS; i++) {
        double p = as_it_was->truth->numbers[i], q = worse->truth->numbers[i];
        near("odds", q / (1 - q), 2 * p / (1 - p), 1e-9 * q / (1 - q));
    }
    near("rate", mean_of(as_it_was->truth->numbers, LOANS), .144, .02);
    near("rate after", mean_of(worse->truth->numbers, LOANS) - mean_of(as_it_was->truth->numbers, LOANS),
         .070, .008);
    near("AUC", ceiling(as_it_was, "auc"), .849, .008);
    near("AUC after", ceiling(as_it_was, "auc") - ceiling(worse, "auc"), .015, .003);
    const double *x1 = numbers(moved, "x1");
    near("PSI", stability(x1, LOANS / 2, x1 + LOANS / 2, LOANS / 2), 0.25, 0.015);
    near("x1 after", mean_of(x1 + LOANS / 2, LOANS / 2), 0.5, 0.02);
    assert_memory_equal(numbers(moved, "x2"), numbers(as_it_was, "x2"), LOANS * sizeof(double));
    assert_int_equal(frame_role(moved, ROLE_TIME), 0);
    frame_unref(as_it_was);
    frame_unref(worse);
    frame_unref(moved);
}

/* ---- borrowers */

static const double missed[2] = { 0.03, 0.60 };

static double chance(const Frame *frame, size_t row, int state, int next)
{
    double odds =
        -4.4 + 7 * (numbers(frame, "burden")[row] - 0.3) - 1.2 * log(numbers(frame, "income")[row] / 3000);
    double distress = state ? 0.92 : 1 / (1 + exp(-odds));
    return next ? distress : 1 - distress;
}

/* P(default within `left` months): the sum over all that can happen. */
static double falls(const Frame *frame, size_t row, int state, int64_t due, int left)
{
    double p = 0;
    if (due == 3) return 1;
    for (int next = 0; left > 0 && next < 2; next++)
        p += chance(frame, row, state, next) *
             (missed[next] * falls(frame, row, next, due + 1, left - 1) +
              (1 - missed[next]) * falls(frame, row, next, due > 0 ? due - 1 : 0, left - 1));
    return p;
}

/* The joint weights of a history and of the hidden state at its end, by summing over all paths. */
static void weigh(const Frame *frame, size_t at, size_t row, double weight, int state, double w[2])
{
    const int64_t *dpd = integers(frame, "dpd");
    if (at == row) {
        w[state] += weight;
        return;
    }
    for (int next = 0; next < 2; next++) {
        double seen = dpd[at + 1] > dpd[at] ? missed[next] : 1 - missed[next];
        weigh(frame, at + 1, row, weight * chance(frame, row, state, next) * seen, next, w);
    }
}

static void test_borrowers(void **state)
{
    (void)state;
    enum { WINDOW = 4 };
    Frame *frame = simulate_with("borrowers", 300, 1, "months=9 window=4");
    const int64_t *id = integers(frame, "id"), *age = integers(frame, "seasoning"),
                  *dpd = integers(frame, "dpd");
    for (size_t row = 0; row < frame->n_rows; row++) {
        double w[2] = { 0, 0 }, p;
        size_t first = row - (size_t)age[row];
        assert_true(id[first] == id[row] && dpd[first] == 0 && dpd[row] <= 60);
        weigh(frame, first, row, 1, 0, w);
        p = (w[0] * falls(frame, row, 0, dpd[row] / 30, WINDOW) +
             w[1] * falls(frame, row, 1, dpd[row] / 30, WINDOW)) /
            (w[0] + w[1]);
        near("P(default)", frame->truth->numbers[row], p, 1e-12);
    }
    assert_int_equal(frame->columns[frame_find(frame, "default")].lead, WINDOW);
    frame_unref(frame);
    frame = simulate("borrowers", 3000, 1);
    double *dpd_alone = malloc(frame->n_rows * sizeof *dpd_alone);
    for (size_t row = 0; row < frame->n_rows; row++) dpd_alone[row] = (double)integers(frame, "dpd")[row];
    Scored state_only = {
        .n = frame->n_rows, .n_outputs = 1, .target = frame->truth->numbers, .score = dpd_alone
    };
    double best = ceiling(frame, "auc"), state_auc = metric_find("auc")->value(&state_only);
    print_message("borrowers: %zu rows, default rate %.4f, attainable AUC %.4f, dpd alone %.4f\n",
                  frame->n_rows, mean_of(frame->truth->numbers, frame->n_rows), best, state_auc);
    assert_true(best > state_auc + 0.05);
    free(dpd_alone);
    frame_unref(frame);
}

/* A loan that leaves before the book ends leaves in default: its last 12 rows said so, no earlier one. */
static void test_borrowers_leave(void **state)
{
    (void)state;
    enum { LAST = 2006 * 12 + 11 };
    Frame *frame = simulate_with("borrowers", 2000, 1, "months=36");
    const int64_t *id = integers(frame, "id"), *age = integers(frame, "seasoning");
    size_t left = 0;
    for (size_t last = 0; last < frame->n_rows; last++) {
        if (last + 1 < frame->n_rows && id[last] == id[last + 1]) continue;
        TimeParts at = time_parts(integers(frame, "month")[last]);
        if (at.year * 12 + at.month - 1 == LAST) continue;
        assert_int_equal(integers(frame, "dpd")[last], 60);
        for (size_t row = last - (size_t)age[last]; row <= last; row++)
            assert_int_equal(integers(frame, "default")[row], last - row < 12);
        left++;
    }
    assert_true(left > 50);
    frame_unref(frame);
}

/* ---- groups */

static double risk(const Frame *frame, size_t from, size_t end, size_t at)
{
    double sum = 0.9 * numbers(frame, "leverage")[at] - 0.7 * numbers(frame, "margin")[at] -
                 0.5 * numbers(frame, "liquidity")[at];
    for (size_t k = from; k < end; k++)
        if (integers(frame, "parent")[k] == integers(frame, "node")[at])
            sum += 0.6 * fmax(0, risk(frame, from, end, k));
    return sum;
}

static void test_groups(void **state)
{
    (void)state;
    Frame *frame = simulate("groups", 5000, 1);
    const int64_t *group = integers(frame, "group"), *label = integers(frame, "default");
    Item *whole = malloc(5000 * sizeof *whole), *alone = malloc(5000 * sizeof *alone);
    double rate = 0;
    size_t n = 0;
    for (size_t from = 0, end; from < frame->n_rows; from = end, n++) {
        for (end = from + 1; end < frame->n_rows && group[end] == group[from]; end++)
            assert_true(label[end] == INTEGER_MISSING && isnan(frame->truth->numbers[end]));
        double p = 1 / (1 + exp(4 - risk(frame, from, end, from)));
        near("P(default)", frame->truth->numbers[from], p, 1e-12);
        assert_true(integers(frame, "parent")[from] == INTEGER_MISSING && label[from] >= 0);
        whole[n] = (Item){ p, p };
        alone[n] = (Item){ risk(frame, from, from + 1, from), p };
        rate += p / 5000;
    }
    assert_int_equal(n, 5000);
    near("companies of a group", (double)frame->n_rows / 5000, 8, 0.3);
    assert_int_equal(frame->sample.kind, SAMPLE_TREE);
    double best = auc(whole, n), holding = auc(alone, n);
    print_message("groups: default rate %.4f, attainable AUC %.4f, the holding alone %.4f\n", rate, best,
                  holding);
    assert_true(best > holding + 0.05);
    free(whole);
    free(alone);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credit),
        cmocka_unit_test(test_credit_is_not_linear),
        cmocka_unit_test(test_same_seed_same_bits),
        cmocka_unit_test(test_truth_is_true),
        cmocka_unit_test(test_markov),
        cmocka_unit_test(test_filter_is_bayes),
        cmocka_unit_test(test_posterior_is_bayes),
        cmocka_unit_test(test_motif),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_gaussian),
        cmocka_unit_test(test_probit),
        cmocka_unit_test(test_merton),
        cmocka_unit_test(test_returns),
        cmocka_unit_test(test_garch),
        cmocka_unit_test(test_ou),
        cmocka_unit_test(test_drift),
        cmocka_unit_test(test_borrowers),
        cmocka_unit_test(test_borrowers_leave),
        cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests_name("data: simulate", tests, NULL, NULL);
}
