/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The population stability index: vectors, rules for empty bins, its mean and its critical value without
 * drift; bins that are fixed on a reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

#include "lang/drift_bins.h"
#include "measures/psi.h"

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) fail_msg("%.12g is not %.12g", a, b);
}

/* Ten bins of equal mass of N(0, 1) against N(.5, 1); and .05 .1 .15 .2 .5 against fifths. */
static void vectors(void **state)
{
    (void)state;
    double expected[10], actual[10], below = 0;
    for (int b = 0; b < 10; b++) {
        double edge = b < 9 ? gsl_cdf_ugaussian_P(gsl_cdf_ugaussian_Pinv((b + 1) / 10.0) - 0.5) : 1;
        expected[b] = 0.1;
        actual[b] = edge - below;
        below = edge;
    }
    near(psi_of(expected, actual, 10), 0.2377492047, 5e-11);
    near(psi_of(actual, expected, 10), 0.2377492047, 5e-11);
    const double fifths[] = { .2, .2, .2, .2, .2 }, other[] = { .05, .1, .15, .2, .5 };
    near(psi_of(fifths, other, 5), 0.5665301954, 5e-11);
    near(psi_of(fifths, fifths, 5), 0, 0);
}

/* Counts of any size give what their shares give; half a row where one side is empty, nothing where both are.
 */
static void empty_bins(void **state)
{
    (void)state;
    const double before[] = { 40, 0, 60, 0 }, after[] = { 20, 5, 25, 0 };
    double half = 0.5 / 100,
           expected = (.4 - .4) * log(1) + (.1 - half) * log(.1 / half) + (.5 - .6) * log(.5 / .6);
    near(psi_of(before, after, 4), expected, 1e-14);
    const double left[] = { 50, 50, 0, 0 }, right[] = { 0, 0, 50, 50 };
    assert_true(psi_of(left, right, 4) > 5); /* no support in common: large, not 0 */
}

/* chi2(9, 95%) = 16.9189776046. */
static void critical_values(void **state)
{
    (void)state;
    near(psi_critical(10, 200, 200, 0.95), 16.9189776046 / 100, 1e-11);
    near(psi_critical(10, 1000, 500, 0.95), 16.9189776046 * 0.003, 1e-11);
    assert_true(isnan(psi_critical(1, 10, 10, 0.95)));
}

/* Without drift the mean is about (B - 1)(1/n + 1/m), and one in twenty exceeds the critical value: at n = m
 * = 200 and 10 bins mean .093, above 0.1 in 38%. */
static void without_drift(void **state)
{
    (void)state;
    enum { RUNS = 4000, N = 200, B = 10 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double mean = 0, exceeds = 0, usual = 0;
    for (int run = 0; run < RUNS; run++) {
        double expected[B] = { 0 }, actual[B] = { 0 };
        for (int i = 0; i < N; i++) {
            expected[gsl_rng_uniform_int(rng, B)]++;
            actual[gsl_rng_uniform_int(rng, B)]++;
        }
        double psi = psi_of(expected, actual, B);
        mean += psi / RUNS;
        exceeds += (psi > psi_critical(B, N, N, 0.95)) / (double)RUNS;
        usual += (psi > 0.1) / (double)RUNS;
    }
    gsl_rng_free(rng);
    near(mean, 0.093, 0.003);
    near(exceeds, 0.06, 0.015); /* a little above 5%: 20 rows a bin */
    near(usual, 0.38, 0.03);
}

static void bins_stay_with_the_reference(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double x[N], shifted[N];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < N; i++) {
        x[i] = gsl_ran_ugaussian(rng);
        shifted[i] = 0.5 + gsl_ran_ugaussian(rng);
    }
    gsl_rng_free(rng);
    DriftBins bins;
    DriftFigure figure;
    assert_true(driftbins_fit(&bins, x, N, 0, 10, NULL));
    assert_int_equal(bins.n_breaks, 9);
    assert_true(driftbins_compare(&bins, shifted, N, &figure, NULL));
    near(figure.psi, 0.2377492047, 0.02);
    assert_string_equal(drift_words(figure), figure.psi < 0.25 ? "moderate" : "large");
    assert_true(driftbins_compare(&bins, x, N, &figure, NULL));
    near(figure.psi, 0, 0);
    assert_string_equal(drift_words(figure), "none shown");
    for (int i = 0; i < N; i += 4) shifted[i] = NAN; /* missing cells are a bin of their own */
    assert_true(driftbins_compare(&bins, shifted, N, &figure, NULL));
    assert_int_equal(figure.halved, 1);
    near(figure.missing, 0.25, 1e-12);
    assert_true(figure.psi > 1);
    assert_true(driftbins_compare(&bins, x, 0, &figure, NULL));
    assert_true(isnan(figure.psi) && !drift_words(figure));
    driftbins_free(&bins);
}

static void levels_have_bins(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 2, 2, 2, NAN }, same[] = { 1, 1, 2, 2, 2, NAN },
                 unseen[] = { 1, 1, 2, 3, 3, NAN };
    DriftBins bins;
    DriftFigure figure;
    assert_true(driftbins_fit(&bins, x, 6, 2, 10, NULL));
    assert_int_equal(bins.n, 4);
    assert_true(driftbins_compare(&bins, same, 6, &figure, NULL));
    near(figure.psi, 0, 0);
    assert_true(driftbins_compare(&bins, unseen, 6, &figure, NULL));
    assert_int_equal(figure.halved, 1);
    double half = 0.5 / 6;
    near(figure.psi, (1. / 6 - 3. / 6) * log(1. / 3) + (2. / 6 - half) * log(2. / 6 / half), 1e-14);
    driftbins_free(&bins);
}

static void one_value_cannot_move(void **state)
{
    (void)state;
    const double x[] = { 7, 7, 7 }, none[] = { NAN, NAN };
    DriftBins bins;
    DriftFigure figure;
    assert_true(driftbins_fit(&bins, x, 3, 0, 10, NULL));
    assert_true(driftbins_compare(&bins, x, 3, &figure, NULL));
    near(figure.psi, 0, 0);
    assert_true(isnan(figure.critical));
    assert_string_equal(drift_words(figure), "none shown");
    driftbins_free(&bins);
    assert_true(driftbins_fit(&bins, none, 2, 0, 10, NULL));
    assert_true(driftbins_compare(&bins, x, 3, &figure, NULL));
    assert_true(figure.psi > 0);
    driftbins_free(&bins);
}

/* Where most cells are 0 the others still have bins. */
static void a_heavy_value_is_one_bin(void **state)
{
    (void)state;
    enum { N = 1000 };
    double x[N], later[N];
    for (int i = 0; i < N; i++) {
        x[i] = i < 930 ? 0 : i < 980 ? 30 : 60;
        later[i] = i < 830 ? 0 : i < 930 ? 30 : 60;
    }
    DriftBins bins;
    DriftFigure figure;
    assert_true(driftbins_fit(&bins, x, N, 0, 10, NULL));
    assert_int_equal(bins.n_breaks, 2);
    assert_true(driftbins_compare(&bins, later, N, &figure, NULL));
    near(figure.psi, -.1 * log(.83 / .93) + .05 * log(.1 / .05) + .05 * log(.07 / .02), 1e-12);
    driftbins_free(&bins);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(empty_bins),
        cmocka_unit_test(critical_values),
        cmocka_unit_test(without_drift),
        cmocka_unit_test(bins_stay_with_the_reference),
        cmocka_unit_test(levels_have_bins),
        cmocka_unit_test(one_value_cannot_move),
        cmocka_unit_test(a_heavy_value_is_one_bin),
    };
    return cmocka_run_group_tests_name("lang: drift", tests, NULL, NULL);
}
