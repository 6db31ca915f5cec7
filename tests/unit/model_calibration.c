/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibrations and cut-offs against scikit-learn and SciPy (tests/reference/calibration.py), the edges that
 * they have to stand, grades, points, and what the model file keeps of them. */
#include "model/decision.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "measures/cutoff.h"
#include "measures/grading.h"
#include "measures/pav.h"
#include "measures/rates.h"
#include "numeric/rng.h"

enum { VALUES = 300, LINES = 32 };

typedef struct Line {
    char name[32];
    int n;
    double values[VALUES];
} Line;

typedef struct Reference {
    Line lines[LINES];
    int n;
    Arena *arena;
} Reference;

static void read_line(char *text, Line *out)
{
    int used;
    assert_int_equal(sscanf(text, "%31s%n", out->name, &used), 1);
    for (text += used; out->n < VALUES && sscanf(text, "%lf%n", &out->values[out->n], &used) == 1;
         text += used)
        out->n++;
}

static int open_reference(void **state)
{
    static Reference reference;
    static char text[100000];
    static const char file[] = __BASE_FILE__;
    char path[4096];
    const char *slash = strrchr(file, '/');
    snprintf(path, sizeof path, "%.*s/../reference/calibration.txt", slash ? (int)(slash - file) : 1,
             slash ? file : ".");
    FILE *in = fopen(path, "r");
    if (!in) return -1;
    while (fgets(text, sizeof text, in))
        if (*text != '#') read_line(text, &reference.lines[reference.n++]);
    fclose(in);
    reference.arena = arena_new();
    *state = &reference;
    return 0;
}

static int close_reference(void **state)
{
    arena_free(((Reference *)*state)->arena);
    return 0;
}

static const Line *line(const Reference *reference, const char *name)
{
    for (int i = 0; i < reference->n; i++)
        if (!strcmp(reference->lines[i].name, name)) return &reference->lines[i];
    fail_msg("no line %s", name);
    return NULL;
}

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance * (1 + fabs(b)))) fail_msg("%.12g is not %.12g", a, b);
}

static Scored scored_of(const Reference *reference, const char *score, const char *weight)
{
    const Line *y = line(reference, "y");
    return (Scored){ .n = (size_t)y->n,
                     .n_outputs = 1,
                     .target = y->values,
                     .score = line(reference, score)->values,
                     .weight = weight ? line(reference, weight)->values : NULL,
                     .reference = NAN };
}

static const Calibration *fit(const Reference *reference, CalibrationMethod method, const Scored *scored)
{
    Err err = { 0 };
    const Calibration *fitted = calibration_fit(method, NAN, scored, "m", reference->arena, &err);
    if (!fitted) fail_msg("%s", err.message);
    return fitted;
}

/* ---- against scikit-learn and SciPy */

static void platt_is_scikit_learns(void **state)
{
    const Reference *reference = *state;
    static const char *const names[][3] = { { "platt", "p", NULL },
                                            { "platt_weighted", "p", "w" },
                                            { "platt", "s", NULL } };
    for (int i = 0; i < 3; i++) {
        Scored scored = scored_of(reference, names[i][1], names[i][2]);
        const Calibration *fitted = fit(reference, CALIBRATION_PLATT, &scored);
        const Line *expected = line(reference, names[i][0]);
        near(fitted->intercept, expected->values[0], 1e-8);
        near(fitted->slope, expected->values[1], 1e-8);
        assert_true(fitted->raw == (i == 2));
    }
}

static void platt_takes_points_and_turns_them(void **state)
{
    const Reference *reference = *state;
    double points[VALUES];
    const Line *s = line(reference, "s"), *expected = line(reference, "platt_points");
    for (int i = 0; i < s->n; i++) points[i] = 600 - 40 * s->values[i];
    Scored scored = scored_of(reference, "s", NULL);
    scored.score = points;
    const Calibration *fitted = fit(reference, CALIBRATION_PLATT, &scored);
    near(fitted->intercept, expected->values[0], 1e-6);
    near(fitted->slope, expected->values[1], 1e-6);
    assert_true(fitted->slope < 0);
    assert_true(calibration_of(fitted, 700) < calibration_of(fitted, 500));
}

static void isotonic_is_scikit_learns(void **state)
{
    const Reference *reference = *state;
    const Line *grid = line(reference, "grid");
    for (int weighted = 0; weighted < 2; weighted++) {
        Scored scored = scored_of(reference, "s", weighted ? "w" : NULL);
        const Calibration *fitted = fit(reference, CALIBRATION_ISOTONIC, &scored);
        const Line *expected = line(reference, weighted ? "isotonic_weighted" : "isotonic");
        for (int i = 0; i < grid->n; i++)
            near(calibration_of(fitted, grid->values[i]), expected->values[i], 1e-9);
    }
}

static void temperature_is_scipys(void **state)
{
    const Reference *reference = *state;
    Scored two = scored_of(reference, "p", NULL), three = scored_of(reference, "three", NULL);
    three.target = line(reference, "level")->values;
    three.n_outputs = 3;
    near(1 / fit(reference, CALIBRATION_TEMPERATURE, &two)->slope,
         line(reference, "temperature_two")->values[0], 1e-6);
    near(1 / fit(reference, CALIBRATION_TEMPERATURE, &three)->slope,
         line(reference, "temperature_three")->values[0], 1e-6);
    const Calibration half = { .method = CALIBRATION_TEMPERATURE, .slope = 0.5, .rate = NAN };
    const Line *heated = line(reference, "heated");
    for (int i = 0; i < heated->n; i += 3) {
        double p[3];
        memcpy(p, line(reference, "three")->values + i, sizeof p);
        calibration_apply(&half, p, 3);
        for (int k = 0; k < 3; k++) near(p[k], heated->values[i + k], 1e-9);
    }
}

static void a_shift_meets_the_rate(void **state)
{
    const Reference *reference = *state;
    Scored scored = scored_of(reference, "p", "w");
    Err err = { 0 };
    const Calibration *fitted =
        calibration_fit(CALIBRATION_NONE, 0.021, &scored, "m", reference->arena, &err);
    near(fitted->shift, line(reference, "shift")->values[0], 1e-9);
    /* of a prior correction: odds times (0.1 / 0.9) / (0.5 / 0.5) takes 0.5 to 0.1 */
    const Calibration prior = { .shift = log(0.1 / 0.9), .rate = NAN };
    near(calibration_of(&prior, 0.5), 0.1, 1e-14);
    assert_true(calibration_of(&prior, 0) == 0 && calibration_of(&prior, 1) == 1);
    assert_true(isnan(calibration_of(&prior, NAN)));
}

static void cuts_are_scikit_learns(void **state)
{
    const Reference *reference = *state;
    Scored scored = scored_of(reference, "p", NULL);
    Cutoff cuts[VALUES];
    static const CutoffRule rules[] = { CUTOFF_KS, CUTOFF_F1 };
    static const char *const names[] = { "cut_ks", "cut_f1" };
    size_t n = cutoff_curve(&scored, NULL, cuts);
    for (int i = 0; i < 2; i++) {
        size_t best = cutoff_best(rules[i], 0, cuts, n);
        near(cuts[best].score, line(reference, names[i])->values[0], 1e-12);
        near(cutoff_value(rules[i], 0, &cuts[best]), line(reference, names[i])->values[1], 1e-11);
    }
    const CutoffCosts costs = { .fn = 5, .fp = 1 };
    CutoffCosts amounts = { .fp = 20, .fn_amount = line(reference, "amount")->values };
    n = cutoff_curve(&scored, &costs, cuts);
    near(cuts[cutoff_best(CUTOFF_COST, 0, cuts, n)].cost, line(reference, "cut_cost")->values[1], 1e-12);
    n = cutoff_curve(&scored, &amounts, cuts);
    near(cuts[cutoff_best(CUTOFF_COST, 0, cuts, n)].cost, line(reference, "cut_amount")->values[1], 1e-12);
    near(cutoff_bayes(&costs), 1.0 / 6, 1e-15);
    assert_true(isnan(cutoff_bayes(&amounts)));
}

/* ---- edges */

static void what_cannot_be_fitted_says_so(void **state)
{
    const Reference *reference = *state;
    double same[VALUES], turned[VALUES];
    Scored equal = scored_of(reference, "p", NULL), wrong = equal;
    for (size_t i = 0; i < equal.n; i++) same[i] = 0.2, turned[i] = 1 - equal.score[i];
    equal.score = same;
    wrong.score = turned;
    Err err = { 0 };
    for (int method = CALIBRATION_PLATT; method <= CALIBRATION_TEMPERATURE; method++) {
        assert_null(calibration_fit((CalibrationMethod)method, NAN, &equal, "m", reference->arena, &err));
        assert_int_equal(err.code, CODE_no_solution);
    }
    err = (Err){ 0 };
    assert_null(calibration_fit(CALIBRATION_TEMPERATURE, NAN, &wrong, "m", reference->arena, &err));
    assert_non_null(strstr(err.message, "wrong way"));
    assert_true(fit(reference, CALIBRATION_PLATT, &wrong)->slope < 0);
    const Calibration *shifted = calibration_fit(CALIBRATION_NONE, 0.05, &equal, "m", reference->arena, &err);
    near(calibration_of(shifted, 0.2), 0.05, 1e-12);
    same[0] = 600;
    assert_null(calibration_fit(CALIBRATION_NONE, 0.05, &equal, "m", reference->arena, &err));
    assert_null(calibration_fit(CALIBRATION_TEMPERATURE, NAN, &equal, "m", reference->arena, &err));
    for (size_t i = 0; i < equal.n; i++) same[i] = i % 2 ? 1 : 0;
    err = (Err){ 0 };
    assert_null(calibration_fit(CALIBRATION_NONE, 0.5, &equal, "m", reference->arena, &err));
    assert_int_equal(err.code, CODE_no_solution);
}

static void three_rows_and_sharp_scores_are_finite(void **state)
{
    const Reference *reference = *state;
    const double y[] = { 0, 1, 0 }, sharp[] = { 0, 1, 1 }, apart[] = { 0.1, 0.9, 0.2 };
    Scored scored = { .n = 3, .n_outputs = 1, .target = y, .score = sharp, .reference = NAN };
    for (int i = 0; i < 2; i++) {
        const Calibration *platt = fit(reference, CALIBRATION_PLATT, &scored);
        assert_true(isfinite(platt->slope) && isfinite(platt->intercept) && platt->slope > 0);
        for (int k = 0; k < 3; k++) {
            double p = calibration_of(platt, scored.score[k]);
            assert_true(p > 0 && p < 1);
        }
        scored.score = apart; /* separated: the smoothed targets keep it finite */
    }
    const Calibration *steps = fit(reference, CALIBRATION_ISOTONIC, &scored);
    assert_true(calibration_of(steps, 0) == 0 && calibration_of(steps, 1) == 1);
    assert_true(isnan(calibration_of(steps, NAN)));
}

/* The mean of rows in every pooled block is their share of events; what is given never falls. */
static void isotonic_rises(void **state)
{
    const Reference *reference = *state;
    RngKey key = rng_key(7, "test", "isotonic");
    double s[VALUES], y[VALUES];
    uint32_t order[VALUES];
    for (int round = 0; round < 50; round++) {
        rng_permutation(key, (uint64_t)round, order, VALUES);
        for (size_t i = 0; i < VALUES; i++) {
            s[i] = (double)(order[i] % 40) / 40;
            y[i] = (order[i] * 7 + (uint32_t)round) % 5 < 2 ? 1 : 0;
        }
        Scored scored = { .n = VALUES, .n_outputs = 1, .target = y, .score = s, .reference = NAN };
        const Calibration *fitted = fit(reference, CALIBRATION_ISOTONIC, &scored);
        double events = 0, mean = 0, last = 0;
        for (size_t i = 0; i < VALUES; i++) events += y[i], mean += calibration_of(fitted, s[i]);
        near(mean, events, 1e-9);
        for (int k = 0; k <= 100; k++) {
            double p = calibration_of(fitted, k / 100.0);
            assert_true(p >= last && p <= 1);
            last = p;
        }
    }
    double value[] = { 1, 3, 2, 4 }, weight[] = { 1, 1, 1, 1 };
    size_t start[4];
    assert_int_equal(pav_blocks(value, weight, start, 4), 3);
    assert_true(value[1] == 2.5 && weight[1] == 2 && start[1] == 1 && start[2] == 3);
}

static void cuts_of_equal_scores_and_none(void **state)
{
    (void)state;
    const double y[] = { 1, 0, 0, 1 }, s[] = { 2, 1, 1, 1 };
    Scored scored = { .n = 4, .n_outputs = 1, .target = y, .score = s, .reference = NAN };
    Cutoff cuts[5];
    assert_int_equal(cutoff_curve(&scored, NULL, cuts), 3);
    assert_true(cuts[0].score > 2 && cuts[0].cells.tp == 0 && cuts[0].cells.fn == 2);
    assert_true(cuts[1].score == 2 && cuts[1].cells.tp == 1 && cuts[2].cells.fp == 2);
    assert_int_equal(cutoff_at(cuts, 3, 1.5), 1);
    assert_int_equal(cutoff_at(cuts, 3, 0), 2);
    assert_int_equal(cutoff_at(cuts, 3, 5), 0);
    assert_int_equal(cutoff_best(CUTOFF_RATE, 0.3, cuts, 3), 1);
    const double gone[] = { 2, NAN, 1, 1 };
    scored.score = gone;
    assert_int_equal(cutoff_curve(&scored, NULL, cuts), 0);
}

/* ---- grades and points */

static void grades_rise_and_hold_all(void **state)
{
    const Reference *reference = *state;
    Scored scored = scored_of(reference, "p", NULL);
    for (int method = GRADING_PD; method <= GRADING_EQUAL; method++) {
        double cuts[BANDS_MAX], all = 0;
        Band bands[BANDS_MAX];
        int n = grading_cuts((GradingMethod)method, &scored, 7, cuts) + 1;
        grading_fill(&scored, cuts, n, bands);
        n = grading_join(bands, cuts, n);
        assert_true(n > 1 && n <= 7);
        for (int k = 0; k < n; k++) {
            all += bands[k].n;
            if (k) assert_true(bands[k].events / bands[k].n > bands[k - 1].events / bands[k - 1].n);
            if (k) assert_true(bands[k].low >= cuts[k - 1] && bands[k - 1].high < cuts[k - 1]);
        }
        assert_true(all == (double)scored.n);
    }
    near(grade_jeffreys(100, 3, 0.02), 0.2190436521, 1e-9);
    const Band even[] = { { .n = 5 }, { .n = 5 } }, one[] = { { .n = 10 }, { .n = 0 } };
    near(grading_herfindahl(even, 2), 0.5, 1e-15);
    near(grading_concentration(even, 2), 0, 1e-15);
    near(grading_concentration(one, 2), 1, 1e-15);
}

static void points_go_there_and_back(void **state)
{
    (void)state;
    near(points_factor(&points_usual), 72.13475204444818, 1e-14);
    near(points_offset(&points_usual), 387.6036, 1e-6);
    near(points_of(&points_usual, 0.05), 600, 1e-12);
    near(points_of(&points_usual, 1.0 / 39), 650, 1e-12); /* odds doubled: 38 to 1 */
    for (int k = 1; k < 1000; k++)
        near(points_probability(&points_usual, points_of(&points_usual, k / 1000.0)), k / 1000.0, 1e-13);
    assert_true(isfinite(points_of(&points_usual, 0)) && isfinite(points_of(&points_usual, 1)));
    assert_true(isnan(points_of(&points_usual, NAN)));
    const double cuts[] = { 0.1, 0.3 }, pd[] = { 0.05, 0.2, 0.5 };
    const Grades grades = { 3, cuts, pd, "cuts" };
    assert_int_equal(grades_of(&grades, 0), 1);
    assert_int_equal(grades_of(&grades, 0.1), 2);
    assert_int_equal(grades_of(&grades, 1), 3);
    assert_int_equal(grades_of(&grades, NAN), 0);
}

/* ---- keeping */

static void all_comes_back_from_its_record(void **state)
{
    const Reference *reference = *state;
    Arena *arena = reference->arena;
    Scored scored = scored_of(reference, "p", NULL);
    const double cuts[] = { 0.1, 0.3 }, pd[] = { 0.05, 0.2, 0.5 };
    const Grades grades = { 3, cuts, pd, "cuts" };
    for (int method = CALIBRATION_NONE; method <= CALIBRATION_TEMPERATURE; method++) {
        Err err = { 0 };
        const Calibration *fitted =
            calibration_fit((CalibrationMethod)method, 0.1, &scored, "m", arena, &err);
        const Decision decision = { fitted, 0.25, "ks", &grades, &points_usual };
        Buf text = { 0 };
        Value record = decision_record(&decision, arena), again;
        json_write(&text, &record);
        assert_true(json_read(buf_text(&text), text.length, "test", arena, &again, &err));
        const Decision *back = decision_from_record(again.record, arena);
        buf_free(&text);
        assert_non_null(back);
        assert_true(back->cutoff == 0.25 && back->grades->n == 3 && back->points->odds == 19);
        for (int k = 0; k <= 100; k++)
            assert_true(calibration_of(back->calibration, k / 100.0) == calibration_of(fitted, k / 100.0));
    }
    assert_null(decision_copy(&decision_none, arena));
}

static void damaged_records_are_refused(void **state)
{
    const Reference *reference = *state;
    static const char *const bad[] = {
        "{\"calibration\":{\"method\":\"magic\",\"shift\":0}}",
        "{\"calibration\":{\"method\":\"platt\",\"shift\":0,\"slope\":1}}",
        "{\"calibration\":{\"method\":\"isotonic\",\"shift\":0,\"x\":[1,0],\"y\":[0,1]}}",
        "{\"calibration\":{\"method\":\"isotonic\",\"shift\":0,\"x\":[0,1],\"y\":[0,1.5]}}",
        "{\"calibration\":{\"method\":\"isotonic\",\"shift\":0,\"x\":[0,1],\"y\":[0]}}",
        "{\"calibration\":{\"method\":\"isotonic\",\"shift\":0,\"x\":[],\"y\":[]}}",
        "{\"grades\":{\"method\":\"pd\",\"cuts\":[0.3,0.1],\"pd\":[0.1,0.2,0.3]}}",
        "{\"grades\":{\"method\":\"pd\",\"cuts\":[0.3],\"pd\":[0.1]}}",
        "{\"points\":{\"points\":600,\"odds\":-1,\"pdo\":50}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Value value;
        assert_true(json_read(bad[i], strlen(bad[i]), "test", reference->arena, &value, NULL));
        if (decision_from_record(value.record, reference->arena)) fail_msg("taken: %s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(platt_is_scikit_learns),
        cmocka_unit_test(platt_takes_points_and_turns_them),
        cmocka_unit_test(isotonic_is_scikit_learns),
        cmocka_unit_test(temperature_is_scipys),
        cmocka_unit_test(a_shift_meets_the_rate),
        cmocka_unit_test(cuts_are_scikit_learns),
        cmocka_unit_test(what_cannot_be_fitted_says_so),
        cmocka_unit_test(three_rows_and_sharp_scores_are_finite),
        cmocka_unit_test(isotonic_rises),
        cmocka_unit_test(cuts_of_equal_scores_and_none),
        cmocka_unit_test(grades_rise_and_hold_all),
        cmocka_unit_test(points_go_there_and_back),
        cmocka_unit_test(all_comes_back_from_its_record),
        cmocka_unit_test(damaged_records_are_refused),
    };
    return cmocka_run_group_tests_name("model_calibration", tests, open_reference, close_reference);
}
