/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipe steps on small feature sets: fitted values, new rows, odd columns. */
#include "data_frames.h"

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

static const char *const fruit[] = { "apple", "fig", "nut", "pear" };

typedef struct Bench {
    Arena *arena;
    FeatureSet train, fresh;
    Record *state;
    const StepKind *step;
    Options *options;
    Err err;
} Bench;

static void bench_open(Bench *bench, const char *step, const char *key, Value value)
{
    *bench = (Bench){ .arena = arena_new() };
    bench->train.arena = bench->fresh.arena = bench->arena;
    bench->state = value_record(bench->arena).record;
    bench->step = (const StepKind *)kind_find(&step_kinds, step);
    bench->options = step_options(bench->arena, &bench->step->kind, NULL, key, value);
}

static void bench_close(Bench *bench)
{
    feature_set_free(&bench->train);
    feature_set_free(&bench->fresh);
    arena_free(bench->arena);
}

static void add_numbers(FeatureSet *set, const char *name, const double *x, size_t n)
{
    set->n_rows = n;
    Feature *feature = feature_add(set, name, name, FEATURE_NUMBER, NULL);
    memcpy(feature->numbers, x, n * sizeof *x);
}

static void add_fruit(FeatureSet *set, const uint32_t *codes, size_t n)
{
    set->n_rows = n;
    Feature *feature = feature_add(set, "f", "f", FEATURE_CATEGORY, NULL);
    memcpy(feature->codes, codes, n * sizeof *codes);
    feature->levels = levels_new(fruit, 4);
}

static bool fit_all(Bench *bench, int n)
{
    int selected[8];
    for (int i = 0; i < n; i++) selected[i] = i;
    return bench->step->fit(bench->options, &bench->train, selected, n, bench->arena, bench->state, NULL,
                            &bench->err);
}

static void apply_to(Bench *bench, FeatureSet *set)
{
    if (!bench->step->apply(bench->options, bench->state, set, NULL, &bench->err))
        fail_msg("%s", bench->err.message);
}

static void expect_names(const FeatureSet *set, const char *expected)
{
    Buf text = { 0 };
    for (int i = 0; i < set->n; i++) buf_printf(&text, "%s ", set->items[i].name);
    assert_string_equal(buf_text(&text), expected);
    buf_free(&text);
}

static void test_impute(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench, "impute", NULL, value_missing());
    add_numbers(&bench.train, "a", (double[]){ 1, NAN, 2, 10 }, 4);
    add_fruit(&bench.train, (uint32_t[]){ 3, 0, 3, 2 }, 4);
    add_numbers(&bench.train, "b", (double[]){ 4, 4, 4, 5 }, 4);
    assert_true(fit_all(&bench, 3));
    apply_to(&bench, &bench.train);
    expect_names(&bench.train, "a a=missing f f=missing b ");
    assert_true(bench.train.items[0].numbers[1] == 2); /* the median of 1 2 10 */
    assert_int_equal(bench.train.items[1].flags[1], 1);
    assert_int_equal(bench.train.items[1].flags[0], 0);
    assert_int_equal(bench.train.items[2].codes[1], 3);
    add_numbers(&bench.fresh, "a", (double[]){ NAN }, 1);
    add_fruit(&bench.fresh, (uint32_t[]){ FEATURE_UNSEEN }, 1);
    add_numbers(&bench.fresh, "b", (double[]){ NAN }, 1);
    apply_to(&bench, &bench.fresh);
    expect_names(&bench.fresh, "a a=missing f f=missing b ");
    assert_true(bench.fresh.items[4].numbers[0] == 4); /* newly missing: filled without a flag */
    assert_int_equal(bench.fresh.items[2].codes[0], FEATURE_UNSEEN);
    bench_close(&bench);
}

static void test_impute_constant_and_flag_off(void **state)
{
    (void)state;
    Bench bench;
    Arg arg = { .value = { .type = VALUE_TEXT, .text = "none" } };
    Args args = { &arg, 1 };
    Value method = { .type = VALUE_KIND };
    method.kind.name = "constant";
    method.kind.args = &args;
    bench_open(&bench, "impute", "method", method);
    add_fruit(&bench.train, (uint32_t[]){ 3, 0, 3, 2 }, 4);
    assert_true(bench.step->accepts(bench.options, &bench.train.items[0]));
    assert_true(fit_all(&bench, 1));
    apply_to(&bench, &bench.train);
    assert_string_equal(bench.train.items[0].levels->names[bench.train.items[0].codes[1] - 1], "none");
    bench_close(&bench);
    bench_open(&bench, "impute", "flag", value_bool(false));
    add_numbers(&bench.train, "a", (double[]){ 1, NAN, 2, 10 }, 4);
    assert_true(fit_all(&bench, 1));
    apply_to(&bench, &bench.train);
    expect_names(&bench.train, "a ");
    bench_close(&bench);
    bench_open(&bench, "impute", NULL, value_missing());
    add_numbers(&bench.train, "a", (double[]){ NAN, NAN }, 2);
    assert_false(fit_all(&bench, 1));
    assert_int_equal(bench.err.code, CODE_bad_step);
    bench_close(&bench);
}

static void test_winsorize_uses_quantiles_of_gsl(void **state)
{
    (void)state;
    Bench bench;
    double x[101], sorted[101];
    uint64_t seed = 3;
    for (int i = 0; i < 101; i++) x[i] = sorted[i] = test_random(&seed) * 100;
    x[50] = sorted[50] = 1e6;
    gsl_sort(sorted, 1, 101);
    bench_open(&bench, "winsorize", NULL, value_missing());
    add_numbers(&bench.train, "a", x, 101);
    assert_true(fit_all(&bench, 1));
    apply_to(&bench, &bench.train);
    double low = gsl_stats_quantile_from_sorted_data(sorted, 1, 101, 0.01);
    double high = gsl_stats_quantile_from_sorted_data(sorted, 1, 101, 0.99);
    assert_true(bench.train.items[0].numbers[50] == high);
    for (int i = 0; i < 101; i++) assert_true(bench.train.items[0].numbers[i] == fmin(fmax(x[i], low), high));
    bench_close(&bench);
}

static void test_scale_methods(void **state)
{
    (void)state;
    const struct {
        const char *method;
        double one, hundred;
    } cases[] = { { "standard", -0.48145639762, 1.78826661974 },
                  { "minmax", 0, 1 },
                  { "robust", -2 / 1.4826, 97 / 1.4826 },
                  { "log", -0.75792842377, 1.74555563937 } };
    for (int k = 0; k < 4; k++) {
        Bench bench;
        bench_open(&bench, "scale", "method", word(cases[k].method));
        add_numbers(&bench.train, "a", (double[]){ 1, 2, 3, 4, 100, NAN }, 6);
        add_numbers(&bench.train, "same", (double[]){ 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }, 6);
        assert_true(fit_all(&bench, 2));
        apply_to(&bench, &bench.train);
        const double *a = bench.train.items[0].numbers;
        assert_true(fabs(a[0] - cases[k].one) < 1e-8);
        assert_true(fabs(a[4] - cases[k].hundred) < 1e-8);
        assert_true(isnan(a[5]));
        if (k == 0 || k == 3) assert_true(fabs(a[0] + a[1] + a[2] + a[3] + a[4]) < 1e-12);
        for (int i = 0; i < 6; i++) assert_true(bench.train.items[1].numbers[i] == 0);
        bench_close(&bench);
    }
}

static void test_onehot(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench, "encode", NULL, value_missing());
    add_fruit(&bench.train, (uint32_t[]){ 3, 0, 1, 3 }, 4);
    assert_true(fit_all(&bench, 1));
    apply_to(&bench, &bench.train);
    expect_names(&bench.train, "f=apple f=nut f=missing "); /* only levels of these rows */
    add_fruit(&bench.fresh, (uint32_t[]){ 1, 2, FEATURE_UNSEEN, 0 }, 4);
    apply_to(&bench, &bench.fresh);
    const uint8_t expected[3][4] = { { 1, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 1 } };
    for (int k = 0; k < 3; k++) assert_memory_equal(bench.fresh.items[k].flags, expected[k], 4);
    bench_close(&bench);
}

static void test_onehot_pools_rare_levels(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench, "encode", "rare", value_number(0.3));
    add_fruit(&bench.train, (uint32_t[]){ 3, 3, 1, 2, 3, 3 }, 6);
    assert_true(fit_all(&bench, 1));
    apply_to(&bench, &bench.train);
    expect_names(&bench.train, "f=nut f=other ");
    add_fruit(&bench.fresh, (uint32_t[]){ 1, FEATURE_UNSEEN, 0 }, 3);
    apply_to(&bench, &bench.fresh);
    assert_memory_equal(bench.fresh.items[1].flags, ((uint8_t[]){ 1, 1, 0 }), 3);
    bench_close(&bench);
}

static void test_ordinal_and_frequency(void **state)
{
    (void)state;
    Bench bench;
    Value order = { .type = VALUE_LIST };
    order.list.items = (Value[]){ word("pear"), word("nut"), word("apple") };
    order.list.n = 3;
    bench_open(&bench, "encode", "order", order);
    bench.options->items[1].value = word("ordinal");
    add_fruit(&bench.train, (uint32_t[]){ 4, 3, 1, 1 }, 4);
    assert_true(fit_all(&bench, 1));
    add_fruit(&bench.fresh, (uint32_t[]){ 1, 4, FEATURE_UNSEEN, 0 }, 4);
    apply_to(&bench, &bench.fresh);
    const double *x = bench.fresh.items[0].numbers;
    assert_true(x[0] == 3 && x[1] == 1 && x[2] == 2.25 && isnan(x[3]));
    bench_close(&bench);
    bench_open(&bench, "encode", "method", word("frequency"));
    add_fruit(&bench.train, (uint32_t[]){ 4, 0, 1, 1 }, 4);
    assert_true(fit_all(&bench, 1));
    add_fruit(&bench.fresh, (uint32_t[]){ 1, 4, FEATURE_UNSEEN, 0, 2 }, 5);
    apply_to(&bench, &bench.fresh);
    x = bench.fresh.items[0].numbers;
    assert_true(x[0] == 0.5 && x[1] == 0.25 && x[2] == 0 && x[3] == 0.25 && x[4] == 0);
    bench_close(&bench);
}

static void test_too_many_levels(void **state)
{
    (void)state;
    Bench bench;
    char *names[150];
    bench_open(&bench, "encode", NULL, value_missing());
    for (int i = 0; i < 150; i++) names[i] = arena_format(bench.arena, "v%03d", i);
    bench.train.n_rows = 150;
    Feature *feature = feature_add(&bench.train, "zip", "zip", FEATURE_CATEGORY, NULL);
    for (uint32_t i = 0; i < 150; i++) feature->codes[i] = i + 1;
    feature->levels = levels_new((const char *const *)names, 150);
    assert_false(fit_all(&bench, 1));
    assert_int_equal(bench.err.code, CODE_too_many_levels);
    assert_non_null(strstr(bench.err.hint, "rare=1%"));
    bench_close(&bench);
}

static void test_recipes_grow_by_copies(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const Kind *scale = kind_find(&step_kinds, "scale"), *encode = kind_find(&step_kinds, "encode");
    Recipe *none = recipe_new();
    Recipe *one = recipe_with(none, (const StepKind *)scale,
                              step_options(arena, scale, "a b", "method", word("robust")));
    Recipe *two =
        recipe_with(one, (const StepKind *)encode, step_options(arena, encode, NULL, NULL, value_missing()));
    arena_free(arena);
    recipe_unref(one);
    assert_int_equal(none->n, 0);
    assert_int_equal(two->n, 2);
    assert_string_equal(option_text(two->steps[0].options, "method"), "robust");
    assert_int_equal(option_list(two->steps[0].options, "columns").n, 2);
    recipe_unref(none);
    recipe_unref(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_impute),
        cmocka_unit_test(test_impute_constant_and_flag_off),
        cmocka_unit_test(test_winsorize_uses_quantiles_of_gsl),
        cmocka_unit_test(test_scale_methods),
        cmocka_unit_test(test_onehot),
        cmocka_unit_test(test_onehot_pools_rare_levels),
        cmocka_unit_test(test_ordinal_and_frequency),
        cmocka_unit_test(test_too_many_levels),
        cmocka_unit_test(test_recipes_grow_by_copies),
    };
    return cmocka_run_group_tests_name("data_recipe", tests, NULL, NULL);
}
