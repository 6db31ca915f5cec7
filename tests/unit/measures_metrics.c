/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics: published vectors, ties, weights, several levels, undefined cases, attainable figures. */
#include "measures/metric.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

/* Ten rows whose figures were computed twice, independently. */
static const double labels[] = { 1, 1, 0, 1, 1, 0, 1, 1, 1, 0 };
static const double scores[] = { .84901876, .10282827, .43752488, .46004468, .90878931,
                                 .79177719, .5297229,  .13803906, .73166264, .22959056 };

static double value_of(const char *name, Scored scored)
{
    const Metric *metric = metric_find(name);
    assert_non_null(metric);
    return metric->value(&scored);
}

static double naive_of(const char *name, Scored scored)
{
    const Metric *metric = metric_find(name);
    assert_non_null(metric);
    return metric->naive(&scored);
}

static Scored two_levels(const double *target, const double *score, size_t n)
{
    return (Scored){ .n = n, .n_outputs = 1, .target = target, .score = score, .reference = NAN };
}

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) fail_msg("%.12g is not %.12g", a, b);
}

static void vector_of_ten(void **state)
{
    (void)state;
    Scored scored = two_levels(labels, scores, 10);
    near(value_of("auc", scored), .5714285714, 1e-10);
    near(value_of("gini", scored), .1428571429, 1e-10);
    near(value_of("ks", scored), .3809523810, 1e-10);
    near(value_of("brier", scored), .3034776702, 1e-10);
    near(value_of("logloss", scored), .8643886306, 1e-10);
    near(value_of("accuracy", scored), .6, 1e-15);
    near(naive_of("accuracy", scored), .7, 1e-15);
    near(naive_of("brier", scored), .21, 1e-15);
    near(naive_of("logloss", scored), .6108643020548935, 1e-12);
}

static void a_constant_score_ranks_nothing(void **state)
{
    (void)state;
    double constant[10];
    for (int i = 0; i < 10; i++) constant[i] = 0.3;
    Scored scored = two_levels(labels, constant, 10);
    assert_true(value_of("auc", scored) == 0.5);
    assert_true(value_of("gini", scored) == 0);
    assert_true(value_of("ks", scored) == 0);
    double weights[] = { .1, .7, .3, .9, .2, .4, .6, .11, .13, .17 };
    scored.weight = weights;
    assert_true(value_of("auc", scored) == 0.5);
    assert_true(value_of("ks", scored) == 0);
}

static void separation_and_ties(void **state)
{
    (void)state;
    double y[20], s[20];
    for (int i = 0; i < 20; i++) {
        y[i] = i >= 10;
        s[i] = i / 20.0;
    }
    assert_true(value_of("auc", two_levels(y, s, 20)) == 1);
    near(value_of("ks", two_levels(y, s, 20)), 1, 1e-15);
    /* pairs: (2 > 1), (2 = 2), (3 > 1), (3 > 2): 3.5 of 4; F differs most at 1: 1/2 - 0 */
    const double tied_y[] = { 0, 0, 1, 1 }, tied_s[] = { 1, 2, 2, 3 };
    near(value_of("auc", two_levels(tied_y, tied_s, 4)), 0.875, 1e-15);
    near(value_of("ks", two_levels(tied_y, tied_s, 4)), 0.5, 1e-15);
    /* the order of rows plays no part, and -0 equals 0 */
    const double other_y[] = { 1, 0, 1, 0 }, other_s[] = { 0.0, -0.0, 1, -1 };
    near(value_of("auc", two_levels(other_y, other_s, 4)), 0.875, 1e-15);
}

static void weights_count_rows(void **state)
{
    (void)state;
    const double y[] = { 0, 1, 0, 1, 1 }, s[] = { .2, .3, .6, .6, .9 }, w[] = { 2, 1, 3, 2, 0 };
    const double long_y[] = { 0, 0, 1, 0, 0, 0, 1, 1 };
    const double long_s[] = { .2, .2, .3, .6, .6, .6, .6, .6 };
    Scored weighted = two_levels(y, s, 5);
    weighted.weight = w;
    const char *const names[] = { "auc", "ks", "brier", "logloss", "accuracy" };
    for (int i = 0; i < 5; i++) {
        near(value_of(names[i], weighted), value_of(names[i], two_levels(long_y, long_s, 8)), 1e-14);
        near(naive_of(names[i], weighted), naive_of(names[i], two_levels(long_y, long_s, 8)), 1e-14);
    }
}

static void undefined_is_nan(void **state)
{
    (void)state;
    const double ones[] = { 1, 1, 1 }, s[] = { .1, .2, .3 }, points[] = { 300, 500, 700 };
    const double mixed[] = { 0, 1, 1 }, hole[] = { .1, NAN, .3 };
    assert_true(isnan(value_of("auc", two_levels(ones, s, 3))));
    assert_true(isnan(value_of("ks", two_levels(ones, s, 3))));
    assert_true(isnan(value_of("auc", two_levels(NULL, NULL, 0))));
    assert_true(isnan(value_of("brier", two_levels(NULL, NULL, 0))));
    assert_true(isnan(value_of("auc", two_levels(mixed, hole, 3))));
    assert_true(isnan(value_of("logloss", two_levels(mixed, hole, 3))));
    /* points rank, but are no probabilities */
    assert_true(value_of("auc", two_levels(mixed, points, 3)) == 1);
    assert_true(isnan(value_of("brier", two_levels(mixed, points, 3))));
    assert_true(isnan(value_of("logloss", two_levels(mixed, points, 3))));
    assert_true(isnan(value_of("accuracy", two_levels(mixed, points, 3))));
    assert_true(isnan(value_of("r2", two_levels(ones, s, 3))));
}

static void logloss_is_clipped(void **state)
{
    (void)state;
    const double y[] = { 0, 1 }, wrong[] = { 1, 0 }, right[] = { 0, 1 };
    near(value_of("logloss", two_levels(y, wrong, 2)), 34.538776394910684, 1e-9);
    near(value_of("logloss", two_levels(y, right, 2)), 0, 2e-15);
}

static void several_levels(void **state)
{
    (void)state;
    const double y[] = { 0, 1, 2, 1 };
    const double p[] = { .5, .3, .2, .2, .5, .3, .3, .3, .4, .6, .3, .1 };
    Scored scored = { .n = 4, .n_outputs = 3, .target = y, .score = p, .reference = NAN };
    near(value_of("accuracy", scored), .75, 1e-15);
    near(value_of("logloss", scored), -(log(.5) + log(.5) + log(.4) + log(.3)) / 4, 1e-15);
    /* level 0: 2 of 3; level 1: {.5, .3} over {.3, .3}: 3 of 4; level 2: 3 of 3 */
    near(value_of("auc", scored), (2. / 3 + .75 + 1) / 3, 1e-15);
    near(naive_of("accuracy", scored), .5, 1e-15);
    near(naive_of("logloss", scored), -(.5 * log(.5) + .5 * log(.25)), 1e-15);
}

static void two_outputs_are_one(void **state)
{
    (void)state;
    double both[20];
    for (int i = 0; i < 10; i++) {
        both[2 * i] = 1 - scores[i];
        both[2 * i + 1] = scores[i];
    }
    Scored one = two_levels(labels, scores, 10), two = one;
    two.n_outputs = 2;
    two.score = both;
    const char *const names[] = { "auc", "ks", "gini", "brier", "logloss", "accuracy" };
    for (int i = 0; i < 6; i++) assert_true(value_of(names[i], one) == value_of(names[i], two));
}

static void numbers(void **state)
{
    (void)state;
    const double y[] = { 1, 2, 3, 4 }, p[] = { 1.5, 2, 2.5, 5 };
    Scored scored = two_levels(y, p, 4);
    near(value_of("mse", scored), 0.375, 1e-15);
    near(value_of("rmse", scored), sqrt(0.375), 1e-15);
    near(value_of("mae", scored), 0.5, 1e-15);
    near(value_of("r2", scored), 0.7, 1e-15);
    near(naive_of("mse", scored), 1.25, 1e-15);
    near(naive_of("mae", scored), 1, 1e-15);
    scored.reference = 1.5; /* the training mean */
    near(naive_of("mse", scored), 2.25, 1e-15);
    near(naive_of("rmse", scored), 1.5, 1e-15);
    near(value_of("r2", scored), 1 - 0.375 / 2.25, 1e-15);
    assert_true(naive_of("r2", scored) == 0);
}

/* Two Gaussian classes at distance D, the score their quantiles: AUC = Phi(D / sqrt 2),
 * KS = 2 Phi(D / 2) - 1. */
static void gaussian_classes(void **state)
{
    (void)state;
    enum { HALF = 4000 };
    static const struct {
        double distance, auc, ks;
    } known[] = { { .5, .6382, .1974 }, { 1, .7602, .3829 }, { 2, .9214, .6827 } };
    double *y = malloc(2 * HALF * sizeof *y), *s = malloc(2 * HALF * sizeof *s);
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < HALF; i++) {
            s[i] = gsl_cdf_ugaussian_Pinv((i + .5) / HALF);
            s[HALF + i] = s[i] + known[k].distance;
            y[i] = 0;
            y[HALF + i] = 1;
        }
        near(value_of("auc", two_levels(y, s, 2 * HALF)), known[k].auc, 1e-4);
        near(value_of("ks", two_levels(y, s, 2 * HALF)), known[k].ks, 4e-4);
    }
    free(y);
    free(s);
}

static double attainable(const char *name, char kind, const double *best, const double *y)
{
    Scored scored = { .n = 5, .n_outputs = 1, .target = y, .score = best, .reference = NAN };
    return metric_attainable(metric_find(name), kind, &scored);
}

/* The defining sums of expected labels, in the order of p. */
static void attainable_figures(void **state)
{
    (void)state;
    const double p[] = { .1, .2, .2, .5, .9 };
    double sum_p = 1.9, below = 0, area = 0, brier = 0, loss = 0, right = 0;
    for (int i = 0; i < 5; i++) {
        area += p[i] * (below + .5 * (1 - p[i]));
        below += 1 - p[i];
        brier += p[i] * (1 - p[i]) / 5;
        loss -= (p[i] * log(p[i]) + (1 - p[i]) * log(1 - p[i])) / 5;
        right += fmax(p[i], 1 - p[i]) / 5;
    }
    double auc = area / (sum_p * (5 - sum_p));
    near(attainable("auc", 'b', p, p), auc, 1e-15);
    near(attainable("gini", 'b', p, p), 2 * auc - 1, 1e-15);
    near(attainable("ks", 'b', p, p), 2.5 / 3.1 - .5 / 1.9, 1e-15);
    near(attainable("brier", 'b', p, p), brier, 1e-15);
    near(attainable("logloss", 'b', p, p), loss, 1e-14);
    near(attainable("accuracy", 'b', p, p), right, 1e-15);
    assert_true(isnan(attainable("mse", 'b', p, p)));
    /* Of numbers: what E[y | x] reaches of those drawn; the least absolute error is another forecast's. */
    const double drawn[] = { 0, 1, 0, 1, 1 };
    near(attainable("mse", 'n', p, drawn), (.01 + .64 + .04 + .25 + .01) / 5, 1e-15);
    near(attainable("r2", 'n', p, drawn), 1 - .95 / 1.2, 1e-15);
    assert_true(isnan(attainable("mae", 'n', p, drawn)));
}

/* Against the count of all pairs, with ties and negative scores. */
static void auc_counts_pairs(void **state)
{
    (void)state;
    enum { N = 300 };
    double y[N], s[N], pairs = 0, won = 0;
    unsigned seed = 7;
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525u + 1013904223u;
        s[i] = ((int)(seed >> 16) % 41 - 20) * 1e3;
        y[i] = (seed >> 9) % 3 == 0;
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            if (y[i] > y[j]) {
                pairs++;
                won += s[i] > s[j] ? 1 : s[i] == s[j] ? .5 : 0;
            }
    near(value_of("auc", two_levels(y, s, N)), won / pairs, 1e-14);
}

/* Every registered metric says what it is for and can be found. */
static void the_registry_is_whole(void **state)
{
    (void)state;
    assert_true(metric_kinds.n >= 9);
    for (int i = 0; i < metric_kinds.n; i++) {
        const Metric *metric = (const Metric *)metric_kinds.items[i];
        assert_ptr_equal(metric_find(metric->kind.name), metric);
        assert_true(strlen(metric->kind.help) > 0 && strlen(metric->targets) > 0);
        assert_true(metric->digits > 0 && metric->value && metric->naive);
        assert_int_equal(strspn(metric->targets, "nbc"), strlen(metric->targets));
    }
    assert_null(metric_find("nothing"));
}

/* The nearer to 1, the better a slope; a loss and an error fall, an auc rises; NaN is neither. */
static void badness_orders(void **state)
{
    (void)state;
    const Metric *slope = metric_find("slope");
    assert_true(metric_badness(slope, 0.9) < metric_badness(slope, 0.2));
    assert_true(metric_badness(slope, 0.9) < metric_badness(slope, 1.2));
    assert_true(metric_badness(metric_find("inlarge"), 0.1) < metric_badness(metric_find("inlarge"), -2));
    assert_true(metric_badness(metric_find("intercept"), -0.1) < metric_badness(metric_find("intercept"), 1));
    assert_true(metric_badness(metric_find("auc"), 0.9) < metric_badness(metric_find("auc"), 0.8));
    assert_true(metric_badness(metric_find("rmse"), 1) < metric_badness(metric_find("rmse"), 2));
    assert_true(metric_badness(NULL, 1) < metric_badness(NULL, 2));
    assert_true(isnan(metric_badness(slope, NAN)));
    Err err = { 0 };
    assert_true(metric_chooses(slope, "valid.slope", &err) && metric_chooses(NULL, "valid.loss", &err));
    assert_false(metric_chooses(metric_find("uncertainty"), "valid.uncertainty", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector_of_ten),
        cmocka_unit_test(a_constant_score_ranks_nothing),
        cmocka_unit_test(separation_and_ties),
        cmocka_unit_test(weights_count_rows),
        cmocka_unit_test(undefined_is_nan),
        cmocka_unit_test(logloss_is_clipped),
        cmocka_unit_test(several_levels),
        cmocka_unit_test(two_outputs_are_one),
        cmocka_unit_test(numbers),
        cmocka_unit_test(gaussian_classes),
        cmocka_unit_test(attainable_figures),
        cmocka_unit_test(auc_counts_pairs),
        cmocka_unit_test(badness_orders),
        cmocka_unit_test(the_registry_is_whole),
    };
    return cmocka_run_group_tests_name("measures: metrics", tests, NULL, NULL);
}
