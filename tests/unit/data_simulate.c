/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulators: the same seed gives the same bits; the loan book has the figures that its formula implies. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/source.h"

static Frame *simulate(const char *name, size_t n_rows, uint64_t seed)
{
    Err err = { 0 };
    const Kind *kind = kind_find(&simulator_kinds, name);
    assert_non_null(kind);
    Frame *frame = ((const SimulatorKind *)(const void *)kind)->make(n_rows, seed, NULL, NULL, NULL, &err);
    if (!frame) fail_msg("%s: %s", name, err.message);
    return frame;
}

/* ---- AUC by ranks; scores and labels in one array to sort */

typedef struct Scored {
    double score, y; /* y: a label, or its expectation */
} Scored;

static int by_score(const void *a, const void *b)
{
    double x = ((const Scored *)a)->score, y = ((const Scored *)b)->score;
    return (x > y) - (x < y);
}

/* The area with expected labels: sum over i of p_i (sum below of (1 - p_j) + half its own). */
static double auc(Scored *items, size_t n)
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
    Scored *items = malloc(n * sizeof *items);
    const Column *y = frame->columns[frame->n_columns - 1].column;
    for (size_t i = 0; i < n; i++)
        items[i] = (Scored){ score(frame, i), labels ? (double)y->integers[i] : frame->truth->numbers[i] };
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

/* Rows of a sample. */
static size_t steps_of(const Frame *frame)
{
    int step = frame->sample.kind == SAMPLE_SEQUENCE ? frame_find(frame, "step") : -1;
    return step < 0 ? 1 : (size_t)frame->columns[step].column->integers[frame->n_rows - 1];
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
        assert_int_equal(a->n_rows, 500 * steps_of(a));
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

/* The stated truth is calibrated: where it says p, a share p of labels is 1. */
static void test_truth_is_true(void **state)
{
    (void)state;
    for (int i = 0; i < simulator_kinds.n; i++) {
        Frame *frame = simulate(simulator_kinds.items[i]->name, 20000, 3);
        double gap = 0, variance = 0;
        const Column *y = frame->columns[frame->n_columns - 1].column;
        for (size_t row = 0; row < frame->n_rows; row += steps_of(frame)) {
            double p = frame->truth->numbers[row];
            gap += ((double)y->integers[row] - p) * (p > 0.5 ? 1 : -1);
            variance += p * (1 - p);
        }
        assert_true(fabs(gap) <= 4 * sqrt(variance) + 1e-9);
        frame_unref(frame);
    }
}

/* FINANCE d7, third row: up-rate .5523, direction accuracy of the filter .5779. */
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

static double largest_gap(const Scored *items, size_t n) /* KS, with expected labels */
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

/* FINANCE d10, amplitude 3: AUC .863, KS .570, log-loss .455. */
static void test_motif(void **state)
{
    (void)state;
    enum { SAMPLES = 40000 };
    Frame *frame = simulate("motif", SAMPLES, 1);
    Scored *items = malloc(SAMPLES * sizeof *items);
    double loss = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        double p = frame->truth->numbers[i * 64];
        items[i] = (Scored){ p, p };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credit),
        cmocka_unit_test(test_credit_is_not_linear),
        cmocka_unit_test(test_same_seed_same_bits),
        cmocka_unit_test(test_truth_is_true),
        cmocka_unit_test(test_markov),
        cmocka_unit_test(test_motif),
        cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests_name("data: simulate", tests, NULL, NULL);
}
