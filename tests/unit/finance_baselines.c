/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines: coefficients and errors of other programs (tests/reference/baselines.py), collinear and
 * constant inputs, separated classes, records, and fitting on training rows of a frame only. */
#include "finance/baselines/linear.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

enum { N = 60, D = 3 };

static const double logit_coefficients[] = { 2.488829637, 0.829474857, -0.9826254294, 0.009248314855 };
static const double logit_errors[] = { 7.486020803, 0.2868760483, 2.246098738, 0.0126264428 };
static const double logit_p[] = { 0.7395391997, 0.003835234544, 0.6617625822, 0.4638902377 };
static const double logit_likelihood = -35.41353961;
static const double logit_weighted[] = { 3.965088258, 0.8585484757, -1.496079324, 0.01033798169 };
static const double logit_weighted_errors[] = { 5.621564142, 0.2074191588, 1.685612854, 0.008966698246 };
static const double logit_ridge[] = { -0.3031292215, 0.7468611535, -0.1123602457, 0.008898926928 };
static const double ols_coefficients[] = { 1.027259623, 2.031658716, -2.831480562, 0.008912914204 };
static const double ols_errors[] = { 1.025113172, 0.03559605416, 0.3071597777, 0.001725585859 };
static const double ols_p[] = { 0.3206087893, 2.572416688e-51, 8.020240462e-13, 3.305308356e-06 };
static const double ols_sd = 0.3049093744;
static const double ols_weighted[] = { 0.4648369712, 2.029626073, -2.645847436, 0.008673784715 };
static const double ols_weighted_errors[] = { 1.062310008, 0.03550874075, 0.3174740358, 0.001687189074 };
static const double vif[] = { 414.4806695, 1.148803308, 1.149893649, 414.4441267 };

static double next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

typedef struct Data {
    real x[N * D];
    double y[N], z[N], ones[N], weights[N];
} Data;

static Data data_make(void)
{
    Data data;
    uint32_t seed = 12345;
    for (int i = 0; i < N; i++) {
        real *x = data.x + (size_t)i * D;
        x[0] = (real)(next(&seed) * 4 - 2);
        x[1] = (real)(next(&seed) * 0.5 + 3);
        x[2] = (real)(next(&seed) * 100);
        double u = next(&seed), a = (double)x[0], b = (double)x[1], c = (double)x[2];
        data.y[i] = u < 1 / (1 + exp(-(-3 + 0.9 * a + 0.8 * b)));
        data.z[i] = 1 + 2 * a - 3 * b + 0.01 * c + u;
        data.ones[i] = 1;
        data.weights[i] = 1 + i % 3;
    }
    return data;
}

static const char *const names[] = { "a", "b", "c", "d", "e" };

static Prep prep_of(int n_features, char kind)
{
    Prep prep = { .features = names, .n_features = n_features, .target_kind = kind };
    prep.frame_name = "loans";
    prep.target = "y";
    atomic_init(&prep.refs, 1);
    return prep;
}

typedef struct Fitted {
    Arena *arena;
    Notes notes;
    Err err;
    Model *model;
} Fitted;

/* options: "l2" as text, or NULL. */
static Fitted fit(const char *kind_name, const Prep *prep, const BaselineRows *rows, double l2)
{
    Fitted fitted = { .arena = arena_new() };
    fitted.notes.arena = fitted.arena;
    const BaselineKind *kind = (const BaselineKind *)kind_find(&baseline_kinds, kind_name);
    assert_non_null(kind);
    Args args = { 0 };
    Arg arg = { .key = "l2", .value = value_number(l2) };
    if (l2 > 0) args = (Args){ &arg, 1 };
    Options options;
    assert_true(options_bind(&kind->kind, &args, fitted.arena, (Span){ 0 }, &options, NULL));
    bool ok = kind->fit(prep, "m", rows, &options, &fitted.model, &fitted.notes, NULL, &fitted.err);
    assert_int_equal(ok, fitted.model != NULL);
    return fitted;
}

static void fitted_free(Fitted *fitted)
{
    model_unref(fitted->model);
    arena_free(fitted->arena);
}

static void near(double a, double b, double relative)
{
    if (!(fabs(a - b) <= relative * fabs(b))) fail_msg("%.12g is not %.12g", a, b);
}

static void near_all(const double *a, const double *b, int n, double relative)
{
    for (int i = 0; i < n; i++) near(a[i], b[i], relative);
}

static void logit_agrees(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'b');
    BaselineRows rows = { N, D, data.x, data.y, data.ones };
    Fitted fitted = fit("logit", &prep, &rows, 0);
    const Linear *linear = fitted.model->state;
    near_all(linear->coefficient, logit_coefficients, 4, 1e-7);
    near_all(linear->error, logit_errors, 4, 1e-7);
    near_all(linear->p, logit_p, 4, 1e-6);
    near(linear->fit, logit_likelihood, 1e-8);
    assert_int_equal(fitted.notes.n, 0);
    fitted_free(&fitted);
}

static void logit_weights_count_rows(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'b');
    BaselineRows rows = { N, D, data.x, data.y, data.weights };
    Fitted fitted = fit("logit", &prep, &rows, 0);
    const Linear *linear = fitted.model->state;
    near_all(linear->coefficient, logit_weighted, 4, 1e-7);
    near_all(linear->error, logit_weighted_errors, 4, 1e-7);
    fitted_free(&fitted);
}

static void logit_takes_a_ridge(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'b');
    BaselineRows rows = { N, D, data.x, data.y, data.ones };
    Fitted fitted = fit("logit", &prep, &rows, 2);
    const Linear *linear = fitted.model->state;
    near_all(linear->coefficient, logit_ridge, 4, 1e-6);
    assert_true(linear->l2 == 2);
    fitted_free(&fitted);
}

static void ols_agrees(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'n');
    BaselineRows rows = { N, D, data.x, data.z, data.ones };
    Fitted fitted = fit("ols", &prep, &rows, 0);
    const Linear *linear = fitted.model->state;
    near_all(linear->coefficient, ols_coefficients, 4, 1e-7);
    near_all(linear->error, ols_errors, 4, 1e-7);
    near_all(linear->p, ols_p, 4, 1e-5);
    near(linear->fit, ols_sd, 1e-8);
    fitted_free(&fitted);
    rows.w = data.weights;
    fitted = fit("ols", &prep, &rows, 0);
    linear = fitted.model->state;
    near_all(linear->coefficient, ols_weighted, 4, 1e-7);
    near_all(linear->error, ols_weighted_errors, 4, 1e-7);
    fitted_free(&fitted);
}

/* Two more inputs: a + 2 b, and a constant. */
static void combinations_get_zero(void **state)
{
    (void)state;
    Data data = data_make();
    real x[N * 5];
    for (int i = 0; i < N; i++) {
        const real *from = data.x + (size_t)i * D;
        const real row[] = { from[0], from[1], from[2], from[0] + 2 * from[1], 7 };
        memcpy(x + (size_t)i * 5, row, sizeof row);
    }
    Prep prep = prep_of(5, 'b');
    BaselineRows rows = { N, 5, x, data.y, data.ones };
    Fitted fitted = fit("logit", &prep, &rows, 0);
    const Linear *linear = fitted.model->state;
    near_all(linear->coefficient, logit_coefficients, 4, 1e-6);
    assert_true(linear->coefficient[4] == 0 && isnan(linear->error[4]));
    assert_true(linear->coefficient[5] == 0 && isnan(linear->error[5]));
    assert_int_equal(fitted.notes.n, 1);
    assert_non_null(strstr(fitted.notes.texts[0], "d"));
    fitted_free(&fitted);
}

/* One input more, a + 0.2 u, which nearly follows from a. */
static void inflation_agrees(void **state)
{
    (void)state;
    Data data = data_make();
    uint32_t seed = 12345;
    real x[N * 4];
    for (int i = 0; i < N; i++) {
        const real *from = data.x + (size_t)i * D;
        double u = 0;
        for (int k = 0; k < 4; k++) u = next(&seed);
        const real row[] = { from[0], from[1], from[2], (real)((double)from[0] + 0.2 * u) };
        memcpy(x + (size_t)i * 4, row, sizeof row);
    }
    static const char *const kinds[] = { "logit", "ols" };
    for (int k = 0; k < 2; k++) {
        Prep prep = prep_of(4, k ? 'n' : 'b');
        BaselineRows rows = { N, 4, x, k ? data.z : data.y, data.ones };
        Fitted fitted = fit(kinds[k], &prep, &rows, 0);
        const Linear *linear = fitted.model->state;
        near_all(linear->vif + 1, vif, 4, 1e-6);
        assert_true(isnan(linear->vif[0]));
        assert_true(fitted.notes.n > 0); /* a logit also says that they separate the classes */
        assert_non_null(strstr(fitted.notes.texts[fitted.notes.n - 1], "a, d"));
        fitted_free(&fitted);
    }
}

static void separation_is_said(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'b');
    for (int i = 0; i < N; i++) data.y[i] = data.x[i * D] > (real)0.1;
    BaselineRows rows = { N, D, data.x, data.y, data.ones };
    Fitted fitted = fit("logit", &prep, &rows, 0);
    const Linear *linear = fitted.model->state;
    assert_int_equal(fitted.notes.n, 1);
    assert_non_null(strstr(fitted.notes.texts[0], "separated"));
    for (int j = 0; j <= D; j++) assert_true(isfinite(linear->error[j]));
    assert_true(linear->coefficient[1] > 0 && linear->coefficient[1] < 20);
    fitted_free(&fitted);
    /* separated by a few rows only: where b is large every label is 1 */
    data = data_make();
    for (int i = 0; i < N; i++) {
        data.x[i * D + 1] = data.x[i * D + 1] > (real)3.4;
        if (data.x[i * D + 1] > 0) data.y[i] = 1;
    }
    fitted = fit("logit", &prep, &rows, 0);
    assert_int_equal(fitted.notes.n, 1);
    assert_non_null(strstr(fitted.notes.texts[0], "separated by b"));
    fitted_free(&fitted);
}

static void hopeless_rows_are_refused(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'b');
    for (int i = 0; i < N; i++) data.y[i] = 1;
    BaselineRows rows = { N, D, data.x, data.y, data.ones };
    Fitted fitted = fit("logit", &prep, &rows, 0);
    assert_null(fitted.model);
    assert_int_equal(fitted.err.code, CODE_one_class);
    fitted_free(&fitted);
}

/* Fewer rows than inputs: as many coefficients as rows can tell. */
static void few_rows_still_fit(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'n');
    BaselineRows rows = { 3, D, data.x, data.z, data.ones };
    Fitted fitted = fit("ols", &prep, &rows, 0);
    const Linear *linear = fitted.model->state;
    for (int i = 0; i < 3; i++) {
        double sum = linear->coefficient[0];
        for (int j = 0; j < D; j++) sum += linear->coefficient[j + 1] * (double)data.x[i * D + j];
        assert_true(fabs(sum - data.z[i]) < 1e-6);
    }
    assert_true(isnan(linear->p[1]));
    fitted_free(&fitted);
}

static void records_go_round(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'b');
    BaselineRows rows = { N, D, data.x, data.y, data.ones };
    Fitted fitted = fit("logit", &prep, &rows, 0);
    Value record = fitted.model->kind->record(fitted.model, fitted.arena);
    const ModelKind *kind = baseline_model_kind("logit");
    assert_ptr_equal(kind, fitted.model->kind);
    Model *again = model_new(kind, "again", &prep, 1);
    assert_true(kind->restore(again, record.record, NULL));
    const Linear *a = fitted.model->state, *b = again->state;
    assert_memory_equal(a->coefficient, b->coefficient, 4 * sizeof(double));
    assert_memory_equal(a->error, b->error, 4 * sizeof(double));
    Value same = kind->record(again, fitted.arena);
    assert_true(value_equal(&record, &same));
    model_unref(again);
    Err err = { 0 };
    Prep other = prep_of(2, 'b');
    again = model_new(kind, "again", &other, 1);
    assert_false(kind->restore(again, record.record, &err));
    assert_int_equal(err.code, CODE_bad_model_part);
    model_unref(again);
    fitted_free(&fitted);
}

static void naive_is_the_mean(void **state)
{
    (void)state;
    Data data = data_make();
    Prep prep = prep_of(D, 'n');
    BaselineRows rows = { N, D, data.x, data.z, data.weights };
    Fitted fitted = fit("naive", &prep, &rows, 0);
    double sum = 0, weight = 0, score[2];
    for (int i = 0; i < N; i++) sum += data.weights[i] * data.z[i], weight += data.weights[i];
    const ModelKind *kind = fitted.model->kind;
    uint32_t numbers[] = { 0, 1 };
    assert_true(kind->score(fitted.model, NULL, numbers, 2, score, NULL, NULL, NULL, NULL));
    near(score[0], sum / weight, 1e-14);
    near(score[1], sum / weight, 1e-14);
    Value record = kind->record(fitted.model, fitted.arena);
    Model *again = model_new(kind, "again", &prep, 1);
    assert_true(kind->restore(again, record.record, NULL));
    Value same = kind->record(again, fitted.arena);
    assert_true(value_equal(&record, &same));
    model_unref(again);
    record_set(fitted.arena, record.record, "mean", value_missing());
    Err err = { 0 };
    again = model_new(kind, "again", &prep, 1);
    assert_false(kind->restore(again, record.record, &err));
    assert_int_equal(err.code, CODE_bad_model_part);
    model_unref(again);
    fitted_free(&fitted);
}

static void naive_of_levels_is_their_shares(void **state)
{
    (void)state;
    static const char *const levels[] = { "low", "middle", "high" };
    Data data = data_make();
    Prep prep = prep_of(D, 'c');
    prep.target_levels = levels;
    prep.n_target_levels = 3;
    for (int i = 0; i < N; i++) data.y[i] = i % 6 == 0 ? 0 : i % 2 + 1; /* 1/6, 1/3, 1/2 */
    BaselineRows rows = { N, D, data.x, data.y, data.ones };
    Fitted fitted = fit("naive", &prep, &rows, 0);
    double score[3];
    uint32_t number = 0;
    assert_int_equal(fitted.model->n_outputs, 3);
    assert_true(fitted.model->kind->score(fitted.model, NULL, &number, 1, score, NULL, NULL, NULL, NULL));
    near(score[0], 1. / 6, 1e-12);
    near(score[1], 1. / 3, 1e-12);
    near(score[2], 1. / 2, 1e-12);
    fitted_free(&fitted);
}

/* ---- through a frame */

static Column *numbers(const double *values, size_t n)
{
    Column *column = column_new(COLUMN_NUMBER, n, NULL);
    memcpy(column->numbers, values, n * sizeof *values);
    column_finish(column);
    return column;
}

/* x, y, weight; the last third of rows is test and has other labels. */
static Frame *frame_make(void)
{
    enum { ROWS = 90 };
    double x[ROWS], y[ROWS], w[ROWS];
    uint32_t seed = 99;
    for (int i = 0; i < ROWS; i++) {
        x[i] = next(&seed) * 2 - 1;
        y[i] = next(&seed) < 1 / (1 + exp(-2 * x[i]));
        w[i] = 1;
        if (i >= 60) y[i] = x[i] < 0;
    }
    y[5] = NAN;
    w[6] = 0;
    const char *const columns[] = { "x", "y", "w" };
    Column *const cells[] = { numbers(x, ROWS), numbers(y, ROWS), numbers(w, ROWS) };
    Frame *frame = frame_new(columns, cells, 3, ROWS, "test");
    assert_true(frame_set_role(frame, "y", ROLE_TARGET, NULL));
    assert_true(frame_set_role(frame, "w", ROLE_WEIGHT, NULL));
    return frame;
}

static Model *fit_frame(const Frame *frame)
{
    Arena *arena = arena_new();
    const BaselineKind *kind = (const BaselineKind *)kind_find(&baseline_kinds, "logit");
    Options options;
    assert_true(options_bind(&kind->kind, &(Args){ 0 }, arena, (Span){ 0 }, &options, NULL));
    Err err = { 0 };
    Model *model = baseline_fit(kind, frame, "loans", (ValueList){ 0 }, &options, "m", NULL, NULL, &err);
    if (!model) fail_msg("%s", err.message);
    arena_free(arena);
    return model;
}

static void only_training_rows_teach(void **state)
{
    (void)state;
    Frame *all = frame_make(), *frame = frame_make();
    SplitPlan plan = { .train = 2. / 3,
                       .valid = NAN,
                       .test = 1. / 3,
                       .given_train = true,
                       .given_test = true,
                       .stratify = -1,
                       .group = -1,
                       .fold_column = -1,
                       .seed = 1,
                       .words = "" };
    Err err = { 0 };
    frame->split = split_make(frame, &plan, NULL, &err);
    if (!frame->split) fail_msg("%s", err.message);
    for (size_t i = 0; i < frame->n_physical; i++) frame->split->part[i] = i < 60 ? PART_TRAIN : PART_TEST;
    Model *of_train = fit_frame(frame), *of_all = fit_frame(all);
    const Linear *train = of_train->state, *every = of_all->state;
    assert_true(train->n_rows == 58 && every->n_rows == 88);
    assert_true(train->coefficient[1] > 1 && every->coefficient[1] < train->coefficient[1]);
    uint32_t rows[] = { 70, 3 };
    double scores[2];
    assert_true(of_train->kind->score(of_train, frame, rows, 2, scores, NULL, NULL, NULL, &err));
    double x = column_number(frame->columns[0].column, 3);
    near(scores[1], 1 / (1 + exp(-(train->coefficient[0] + train->coefficient[1] * x))), 1e-6);
    model_unref(of_train);
    model_unref(of_all);
    frame_unref(frame);
    frame_unref(all);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logit_agrees),
        cmocka_unit_test(logit_weights_count_rows),
        cmocka_unit_test(logit_takes_a_ridge),
        cmocka_unit_test(ols_agrees),
        cmocka_unit_test(combinations_get_zero),
        cmocka_unit_test(inflation_agrees),
        cmocka_unit_test(separation_is_said),
        cmocka_unit_test(naive_is_the_mean),
        cmocka_unit_test(naive_of_levels_is_their_shares),
        cmocka_unit_test(hopeless_rows_are_refused),
        cmocka_unit_test(few_rows_still_fit),
        cmocka_unit_test(records_go_round),
        cmocka_unit_test(only_training_rows_teach),
    };
    return cmocka_run_group_tests_name("finance: baselines", tests, NULL, NULL);
}
