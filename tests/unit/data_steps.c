/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipe steps against the numbers that tests/reference/steps.py made with scikit-learn, SciPy and pandas;
 * what each step of the registry may learn from and look at. */
#include "data_frames.h"

#include <stdlib.h>

#include "data/binning.h"
#include "data/special.h"
#include "data/stepstate.h"
#include "data/woe.h"

/* ---- reference numbers */

typedef struct Numbers {
    double *x;
    size_t n;
} Numbers;

static FILE *open_reference(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", __FILE__);
    char *end = strstr(path, "unit/data_steps.c");
    assert_non_null(end);
    snprintf(end, sizeof path - (size_t)(end - path), "reference/steps.txt");
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("cannot open %s", path);
    return file;
}

static Numbers read_numbers(Arena *arena, const char *name)
{
    FILE *file = open_reference();
    char *line = NULL, *rest;
    size_t size = 0;
    Numbers out = { 0 };
    while (getline(&line, &size, file) > 0) {
        char *word = strtok_r(line, " \n", &rest);
        if (!word || strcmp(word, name) != 0) continue;
        out.x = arena_take(arena, 4096 * sizeof *out.x);
        while ((word = strtok_r(NULL, " \n", &rest)) && out.n < 4096) out.x[out.n++] = strtod(word, NULL);
    }
    free(line);
    fclose(file);
    if (!out.x) fail_msg("no numbers '%s'", name);
    return out;
}

static void expect_numbers(const double *x, Numbers expected, double within, const char *what)
{
    for (size_t i = 0; i < expected.n; i++) {
        double y = expected.x[i];
        bool same = isnan(y) ? isnan(x[i]) : fabs(x[i] - y) <= within * (1 + fabs(y));
        if (!same) fail_msg("%s, row %zu: %.17g, not %.17g", what, i + 1, x[i], y);
    }
}

/* ---- a step on a small feature set */

typedef struct Bench {
    Arena *arena;
    FeatureSet set;
    StepRows rows;
    Record *state;
    const StepKind *step;
    Options options;
    Err err;
} Bench;

static Value kind_with(Arena *arena, const char *name, const char *key, double x)
{
    Value value = { .type = VALUE_KIND };
    Arg *arg = arena_take(arena, sizeof *arg);
    Args *args = arena_take(arena, sizeof *args);
    *arg = (Arg){ .key = key, .value = value_number(x) };
    *args = (Args){ arg, key ? 1 : 0 };
    value.kind.name = name;
    value.kind.args = args;
    return value;
}

static void bench_open(Bench *bench)
{
    *bench = (Bench){ .arena = arena_new() };
    bench->set.arena = bench->arena;
    bench->set.rows = &bench->rows;
}

static void bench_close(Bench *bench)
{
    feature_set_free(&bench->set);
    arena_free(bench->arena);
}

static void bind(Bench *bench, const char *step, Arg *items, int n)
{
    bench->step = (const StepKind *)kind_find(&step_kinds, step);
    bench->state = value_record(bench->arena).record;
    if (!options_bind(&bench->step->kind, &(Args){ items, n }, bench->arena, (Span){ 0 }, &bench->options,
                      &bench->err))
        fail_msg("%s", bench->err.message);
}

static void add_column(Bench *bench, const char *name, Numbers x)
{
    bench->set.n_rows = x.n;
    Feature *feature = feature_add(&bench->set, name, name, FEATURE_NUMBER, NULL);
    memcpy(feature->numbers, x.x, x.n * sizeof *x.x);
}

static void add_levels(Bench *bench, Numbers codes)
{
    static const char *const levels[] = { "a", "b", "c", "d" };
    bench->set.n_rows = codes.n;
    Feature *feature = feature_add(&bench->set, "c", "c", FEATURE_CATEGORY, NULL);
    for (size_t i = 0; i < codes.n; i++) feature->codes[i] = (uint32_t)codes.x[i];
    feature->levels = levels_new(levels, 4);
}

static bool fit(Bench *bench)
{
    int selected[16];
    for (int i = 0; i < bench->set.n; i++) selected[i] = i;
    return bench->step->fit(&bench->options, &bench->set, selected, bench->set.n, bench->arena, bench->state,
                            NULL, &bench->err);
}

/* Fits and applies to the same rows. */
static void run(Bench *bench)
{
    if (!fit(bench) || !bench->step->apply(&bench->options, bench->state, &bench->set, NULL, &bench->err))
        fail_msg("%s", bench->err.message);
}

static void series_of(Bench *bench, size_t n)
{
    bench->rows.order = arena_take(bench->arena, n * sizeof(uint32_t));
    bench->rows.first = arena_take(bench->arena, n * sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) bench->rows.order[i] = (uint32_t)i;
}

/* ---- against Python */

static void test_knn(void **state)
{
    (void)state;
    Bench bench;
    char name[8];
    bench_open(&bench);
    bind(&bench, "impute",
         (Arg[]){ { .key = "method", .value = kind_with(bench.arena, "knn", "k", 5) },
                  { .key = "flag", .value = value_bool(true) } },
         2);
    for (int j = 1; j <= 4; j++) {
        snprintf(name, sizeof name, "knn_x%d", j);
        add_column(&bench, name, read_numbers(bench.arena, name));
    }
    run(&bench);
    assert_int_equal(bench.set.n, 8);
    for (int j = 1; j <= 4; j++) {
        snprintf(name, sizeof name, "knn_y%d", j);
        expect_numbers(bench.set.items[2 * j - 2].numbers, read_numbers(bench.arena, name), 1e-12, name);
        assert_int_equal(bench.set.items[2 * j - 1].flags[7], 1);
    }
    bench_close(&bench);
}

static void test_rankgauss(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "scale", (Arg[]){ { .key = "method", .value = word("rankgauss") } }, 1);
    add_column(&bench, "x", read_numbers(bench.arena, "rank_x"));
    run(&bench);
    expect_numbers(bench.set.items[0].numbers, read_numbers(bench.arena, "rank_y"), 1e-9, "rank_y");
    feature_set_free(&bench.set);
    add_column(&bench, "x", read_numbers(bench.arena, "rank_new"));
    assert_true(bench.step->apply(&bench.options, bench.state, &bench.set, NULL, NULL));
    expect_numbers(bench.set.items[0].numbers, read_numbers(bench.arena, "rank_new_y"), 1e-9, "rank_new");
    bench_close(&bench);
}

static void test_pca(void **state)
{
    (void)state;
    Bench bench;
    char name[8];
    bench_open(&bench);
    bind(&bench, "select",
         (Arg[]){ { .key = "method", .value = word("pca") }, { .key = "top", .value = value_number(4) } }, 2);
    for (int j = 1; j <= 4; j++) {
        snprintf(name, sizeof name, "pca_x%d", j);
        add_column(&bench, name, read_numbers(bench.arena, name));
    }
    run(&bench);
    assert_int_equal(bench.set.n, 4);
    for (int j = 1; j <= 4; j++) {
        snprintf(name, sizeof name, "pca_y%d", j);
        expect_numbers(bench.set.items[j - 1].numbers, read_numbers(bench.arena, name), 1e-9, name);
    }
    Numbers shares = read_numbers(bench.arena, "pca_shares");
    const Value *list = record_get(bench.state, "shares");
    for (int k = 0; k < 4; k++) assert_true(fabs(list->list.items[k].number - shares.x[k]) < 1e-10);
    bench_close(&bench);
}

static void test_weight_of_evidence(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "encode", (Arg[]){ { .key = "method", .value = word("woe") } }, 1);
    Numbers codes = read_numbers(bench.arena, "woe_codes"), values = read_numbers(bench.arena, "woe_values");
    add_levels(&bench, codes);
    assert_false(fit(&bench)); /* no target */
    assert_int_equal(bench.err.code, CODE_bad_step);
    bench.rows.target = read_numbers(bench.arena, "woe_y").x;
    bench.rows.target_kind = 'b';
    run(&bench);
    for (size_t i = 0; i < codes.n; i++)
        assert_true(fabs(bench.set.items[0].numbers[i] - values.x[(size_t)codes.x[i]]) < 1e-12);
    double iv = record_get(record_get(bench.state, "c")->record, "iv")->number;
    assert_true(fabs(iv - read_numbers(bench.arena, "woe_iv").x[0]) < 1e-12);
    bench_close(&bench);
}

static void test_target_encoding(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "encode", (Arg[]){ { .key = "method", .value = word("target") } }, 1);
    Numbers draw = read_numbers(bench.arena, "target_draw"),
            values = read_numbers(bench.arena, "target_values");
    bench.rows.draw = arena_take(bench.arena, draw.n * sizeof(uint32_t));
    for (size_t i = 0; i < draw.n; i++) bench.rows.draw[i] = (uint32_t)draw.x[i];
    bench.rows.target = read_numbers(bench.arena, "target_y").x;
    bench.rows.target_kind = 'n';
    add_levels(&bench, read_numbers(bench.arena, "target_codes"));
    run(&bench);
    expect_numbers(bench.set.items[0].numbers, read_numbers(bench.arena, "target_folds"), 1e-12,
                   "out of fold");
    feature_set_free(&bench.set);
    bench.set.rows = NULL; /* other rows: each level, a new one */
    add_levels(&bench, (Numbers){ (double[]){ 0, 1, 2, 3, 4, FEATURE_UNSEEN }, 6 });
    assert_true(bench.step->apply(&bench.options, bench.state, &bench.set, NULL, NULL));
    expect_numbers(bench.set.items[0].numbers, values, 1e-12, "levels");
    assert_true(fabs(bench.set.items[0].numbers[5] - read_numbers(bench.arena, "target_mean").x[0]) < 1e-12);
    bench_close(&bench);
}

static void test_monotone_bins(void **state)
{
    (void)state;
    static const char *const cases[] = { "rising", "falling", "hump" };
    for (size_t k = 0; k < 3; k++) {
        Arena *arena = arena_new();
        char name[4][24];
        static const char *const parts[] = { "x", "y", "most", "breaks" };
        Numbers in[4];
        double breaks[BINS_MAX];
        for (int j = 0; j < 4; j++) {
            snprintf(name[j], sizeof name[j], "%s_%s", cases[k], parts[j]);
            in[j] = read_numbers(arena, name[j]);
        }
        BinValue *values = arena_take(arena, in[0].n * sizeof *values);
        for (size_t i = 0; i < in[0].n; i++) values[i] = (BinValue){ in[0].x[i], in[1].x[i], 3 };
        int n = bins_monotone(values, in[0].n, (int)in[2].x[0], 0.05, breaks);
        assert_int_equal(n, in[3].n);
        expect_numbers(breaks, in[3], 1e-12, name[3]);
        WoeBin bins[BINS_MAX] = { 0 };
        for (size_t i = 0; i < in[0].n; i++) {
            WoeBin *bin = &bins[bin_find(breaks, n, in[0].x[i])];
            bin->bad += in[1].x[i];
            bin->good += 1 - in[1].x[i];
        }
        snprintf(name[0], sizeof name[0], "%s_iv", cases[k]);
        assert_true(fabs(woe_fill(bins, n + 1) - read_numbers(arena, name[0]).x[0]) < 1e-12);
        arena_free(arena);
    }
}

static void test_outliers(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "winsorize",
         (Arg[]){ { .key = "method", .value = kind_with(bench.arena, "hampel", "length", 7) } }, 1);
    Numbers x = read_numbers(bench.arena, "hampel_x");
    series_of(&bench, x.n);
    add_column(&bench, "x", x);
    run(&bench);
    expect_numbers(bench.set.items[0].numbers, read_numbers(bench.arena, "hampel_y"), 1e-12, "hampel");
    static const char *const methods[] = { "mad", "iqr" }, *const expected[] = { "mad_y", "iqr_y" };
    x = read_numbers(bench.arena, "limits_x");
    for (int k = 0; k < 4; k++) {
        bool flag = k >= 2;
        Numbers y = read_numbers(bench.arena, expected[k % 2]);
        feature_set_free(&bench.set);
        bind(&bench, "winsorize",
             (Arg[]){ { .key = "method", .value = word(methods[k % 2]) },
                      { .key = "flag", .value = value_bool(flag) } },
             2);
        add_column(&bench, "x", x);
        run(&bench);
        expect_numbers(bench.set.items[0].numbers, flag ? x : y, 1e-12, expected[k % 2]);
        for (size_t i = 0; flag && i < x.n; i++)
            assert_int_equal(bench.set.items[1].flags[i], x.x[i] != y.x[i]);
    }
    bench_close(&bench);
}

static void test_powers(void **state)
{
    (void)state;
    static const char *const cases[] = { "skew", "heavy", "low" };
    static const char *const parts[] = { "x", "y", "lambda", "new", "new_y" };
    for (int k = 0; k < 3; k++) {
        Bench bench;
        Numbers in[5];
        bench_open(&bench);
        bind(&bench, "scale", (Arg[]){ { .key = "method", .value = word("yeojohnson") } }, 1);
        for (int j = 0; j < 5; j++)
            in[j] = read_numbers(bench.arena, arena_format(bench.arena, "power_%s_%s", cases[k], parts[j]));
        add_column(&bench, "x", in[0]);
        run(&bench);
        expect_numbers(bench.set.items[0].numbers, in[1], 1e-5, cases[k]);
        double lambda;
        assert_true(state_number(bench.state->members[0].value->record, "lambda", &lambda));
        assert_true(fabs(lambda - in[2].x[0]) < 1e-6);
        feature_set_free(&bench.set);
        add_column(&bench, "x", in[3]);
        assert_true(bench.step->apply(&bench.options, bench.state, &bench.set, NULL, &bench.err));
        expect_numbers(bench.set.items[0].numbers, in[4], 1e-5, "new values");
        bench_close(&bench);
    }
}

static void test_hash(void **state)
{
    (void)state;
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        Bench bench;
        bench_open(&bench);
        bind(&bench, "encode",
             (Arg[]){ { .key = "method", .value = word("hash") },
                      { .key = "bits", .value = value_number(3) },
                      { .key = "signed", .value = value_bool(is_signed) } },
             3);
        add_levels(&bench, (Numbers){ (double[]){ 1, 2, 3, 4, 0, 9 }, 6 }); /* missing, unseen */
        bench.set.items[0].codes[5] = FEATURE_UNSEEN;
        run(&bench);
        Numbers expected = read_numbers(bench.arena, is_signed ? "hash_signed" : "hash_plain");
        assert_int_equal(bench.set.n, 8);
        for (int row = 0; row < 6; row++)
            for (int k = 0; k < 8; k++) {
                const Feature *column = &bench.set.items[k];
                double x = is_signed ? column->numbers[row] : column->flags[row];
                assert_true(x == (row < 4 ? expected.x[row * 8 + k] : 0));
            }
        bench_close(&bench);
    }
}

static void test_em(void **state)
{
    (void)state;
    Bench bench;
    char name[8];
    bench_open(&bench);
    bind(&bench, "impute",
         (Arg[]){ { .key = "method", .value = kind_with(bench.arena, "em", "tolerance", 1e-13) },
                  { .key = "flag", .value = value_bool(false) } },
         2);
    for (int j = 0; j < 4; j++) {
        snprintf(name, sizeof name, "em_x%d", j + 1);
        add_column(&bench, name, read_numbers(bench.arena, name));
    }
    run(&bench);
    for (int j = 0; j < 4; j++) {
        snprintf(name, sizeof name, "em_y%d", j + 1);
        expect_numbers(bench.set.items[j].numbers, read_numbers(bench.arena, name), 1e-4, name);
    }
    bench_close(&bench);
}

/* The weights of the rows, which step_rows_learn scales to a mean of 1. */
static void weigh(Bench *bench, double factor)
{
    Numbers w = read_numbers(bench->arena, "weighted_w");
    double sum = 0;
    for (size_t i = 0; i < w.n; i++) sum += w.x[i];
    for (size_t i = 0; i < w.n; i++) w.x[i] *= factor * (double)w.n / sum;
    bench->rows.weight = w.x;
    bench->rows.target = read_numbers(bench->arena, "weighted_y").x;
    bench->rows.target_kind = 'b';
}

static void test_weights(void **state)
{
    (void)state;
    static const char *const methods[] = { "woe", "target" };
    for (int k = 0; k < 2; k++) {
        Bench bench;
        bench_open(&bench);
        bind(&bench, "encode", (Arg[]){ { .key = "method", .value = word(methods[k]) } }, 1);
        weigh(&bench, 1);
        Numbers codes = read_numbers(bench.arena, "weighted_codes");
        add_levels(&bench, codes);
        run(&bench);
        Numbers expected = read_numbers(bench.arena, k ? "weighted_target" : "weighted_woe");
        for (size_t i = 0; i < codes.n; i++)
            assert_true(fabs(bench.set.items[0].numbers[i] - expected.x[(size_t)codes.x[i]]) < 1e-12);
        double iv;
        if (k == 0) assert_true(state_number(bench.state->members[0].value->record, "iv", &iv));
        if (k == 0) assert_true(fabs(iv - read_numbers(bench.arena, "weighted_iv").x[0]) < 1e-12);
        bench_close(&bench);
    }
    Bench bench;
    bench_open(&bench);
    bind(&bench, "bin", (Arg[]){ { .key = "bins", .value = value_number(6) } }, 1);
    weigh(&bench, 7); /* only shares count */
    add_column(&bench, "x", read_numbers(bench.arena, "weighted_x"));
    assert_true(fit(&bench));
    ValueList breaks;
    Numbers expected = read_numbers(bench.arena, "weighted_breaks");
    assert_true(state_list(bench.state->members[0].value->record, "breaks", VALUE_NUMBER, &breaks));
    assert_int_equal(breaks.n, expected.n);
    for (int k = 0; k < breaks.n; k++) assert_true(fabs(breaks.items[k].number - expected.x[k]) < 1e-12);
    bench_close(&bench);
}

/* ---- small cases by hand */

/* Values that `load special=` read are levels of their own for bin, and flags of their own for impute. */
static void test_special_values(void **state)
{
    (void)state;
    Bench bench;
    double x[] = { 1, 2, special_make(-999), NAN, 4, special_make(-998), special_make(-999), 5 };
    bench_open(&bench);
    Value breaks = value_list(bench.arena, 1);
    breaks.list.items[0] = value_number(3);
    bind(&bench, "bin", (Arg[]){ { .key = "breaks", .value = breaks } }, 1);
    add_column(&bench, "x", (Numbers){ x, 8 });
    run(&bench);
    const uint32_t codes[] = { 1, 1, 3, 0, 2, 4, 3, 2 };
    assert_memory_equal(bench.set.items[0].codes, codes, sizeof codes);
    assert_string_equal(bench.set.items[0].levels->names[2], "special -999");
    bench_close(&bench);
    bench_open(&bench);
    bind(&bench, "impute", (Arg[]){ { .key = "method", .value = word("mean") } }, 1);
    add_column(&bench, "x", (Numbers){ x, 8 });
    run(&bench);
    static const char *const names[] = { "x", "x=special -999", "x=special -998", "x=missing" };
    static const uint8_t flags[3][8] = { { 0, 0, 1, 0, 0, 0, 1, 0 },
                                         { 0, 0, 0, 0, 0, 1, 0, 0 },
                                         { 0, 0, 0, 1 } };
    assert_int_equal(bench.set.n, 4);
    for (int k = 0; k < 4; k++) assert_string_equal(bench.set.items[k].name, names[k]);
    for (int k = 0; k < 3; k++) assert_memory_equal(bench.set.items[k + 1].flags, flags[k], 8);
    assert_true(bench.set.items[0].numbers[2] == 3);
    bench_close(&bench);
}

static void test_bins_by_hand(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    Value breaks = value_list(bench.arena, 2), special = value_list(bench.arena, 1);
    breaks.list.items[0] = value_number(20);
    breaks.list.items[1] = value_number(60);
    special.list.items[0] = value_number(-7);
    bind(&bench, "bin",
         (Arg[]){ { .key = "breaks", .value = breaks }, { .key = "special", .value = special } }, 2);
    add_column(&bench, "age", (Numbers){ (double[]){ 19.9, 20, 59, 60, NAN, -7, -8 }, 7 });
    run(&bench);
    const uint32_t expected[] = { 1, 2, 2, 3, 0, 4, 1 };
    assert_memory_equal(bench.set.items[0].codes, expected, sizeof expected);
    static const char *const names[] = { "<20", "[20,60)", ">=60", "special -7" };
    for (int k = 0; k < 4; k++) assert_string_equal(bench.set.items[0].levels->names[k], names[k]);
    bench_close(&bench);
}

static void test_forward_fill_keeps_to_the_id(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "impute", (Arg[]){ { .key = "method", .value = kind_with(bench.arena, "ffill", "gap", 2) } },
         1);
    series_of(&bench, 7);
    for (int k = 4; k < 7; k++) bench.rows.first[k] = 4;
    add_column(&bench, "x", (Numbers){ (double[]){ 1, NAN, NAN, NAN, NAN, 5, NAN }, 7 });
    run(&bench);
    expect_numbers(bench.set.items[0].numbers, (Numbers){ (double[]){ 1, 1, 1, NAN, NAN, 5, 5 }, 7 }, 0,
                   "ffill");
    assert_int_equal(bench.set.items[1].flags[1], 1); /* the flag says what was missing, not what is */
    assert_int_equal(bench.set.items[1].flags[5], 0);
    bench_close(&bench);
}

static void test_impute_by_group_and_date(void **state)
{
    (void)state;
    Bench bench;
    const double x[] = { 1, 3, NAN, 10, 20, NAN, NAN, NAN };
    for (int by_date = 0; by_date < 2; by_date++) {
        bench_open(&bench);
        bind(&bench, "impute",
             (Arg[]){ { .key = "method", .value = word("mean") }, { .key = "by", .value = word("c") } }, 2);
        add_column(&bench, "x", (Numbers){ (double *)x, 8 });
        Numbers groups = { (double[]){ 1, 1, 1, 2, 2, 2, 3, 0 }, 8 };
        if (by_date) {
            bench.rows.time = "c";
            bench.rows.n_dates = 5;
            bench.rows.date = arena_take(bench.arena, 8 * sizeof(uint32_t));
            for (int i = 0; i < 8; i++) bench.rows.date[i] = (uint32_t)groups.x[i];
            run(&bench);
        } else {
            add_levels(&bench, groups);
            int selected = 0;
            assert_false(bench.step->accepts(&bench.options, &bench.set.items[1]));
            assert_true(bench.step->fit(&bench.options, &bench.set, &selected, 1, bench.arena, bench.state,
                                        NULL, &bench.err));
            assert_true(bench.step->apply(&bench.options, bench.state, &bench.set, NULL, &bench.err));
        }
        expect_numbers(bench.set.items[0].numbers,
                       (Numbers){ (double[]){ 1, 3, 2, 10, 20, 15, 8.5, 8.5 }, 8 }, 0,
                       by_date ? "by date" : "by group");
        bench_close(&bench);
    }
}

static void test_scale_by_date(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "scale", (Arg[]){ { .key = "by", .value = word("date") } }, 1);
    bench.rows.time = "date";
    bench.rows.n_dates = 3;
    bench.rows.date = (uint32_t[]){ 0, 1, 0, 1, 2, 0, 1 };
    add_column(&bench, "x", (Numbers){ (double[]){ 1, 10, 2, NAN, 7, 3, 10 }, 7 });
    run(&bench);
    expect_numbers(bench.set.items[0].numbers, (Numbers){ (double[]){ -1, 0, 0, NAN, 0, 1, 0 }, 7 }, 1e-15,
                   "z");
    bench.rows.time = "month";
    assert_false(fit(&bench));
    bench_close(&bench);
}

static void test_filters(void **state)
{
    (void)state;
    static const char *const methods[] = { "variance", "correlation" }, *const left[] = { "b c d ",
                                                                                          "a b d " };
    for (int k = 0; k < 2; k++) {
        Bench bench;
        bench_open(&bench);
        bind(&bench, "select", (Arg[]){ { .key = "method", .value = word(methods[k]) } }, 1);
        add_column(&bench, "a", (Numbers){ (double[]){ 5, 5, 5, 5, 5, 5, 5, 5 }, 8 });
        add_column(&bench, "b", (Numbers){ (double[]){ 1, 2, 3, 6, 4, 5, 7, 8 }, 8 });
        add_column(&bench, "c", (Numbers){ (double[]){ -1, -2, -3, -6, -4, -5, -7, -8.1 }, 8 });
        add_column(&bench, "d", (Numbers){ (double[]){ 1, 2, 2, 1, 1, 2, 1, 2 }, 8 });
        run(&bench);
        Buf names = { 0 };
        for (int i = 0; i < bench.set.n; i++) buf_printf(&names, "%s ", bench.set.items[i].name);
        assert_string_equal(buf_text(&names), left[k]);
        buf_free(&names);
        bench_close(&bench);
    }
}

static void test_information_value(void **state)
{
    (void)state;
    Bench bench;
    bench_open(&bench);
    bind(&bench, "select",
         (Arg[]){ { .key = "method", .value = word("iv") }, { .key = "above", .value = value_number(0.5) } },
         2);
    double good[80], noise[80], y[80];
    for (int i = 0; i < 80; i++) {
        good[i] = i;
        noise[i] = i % 8 < 4;
        y[i] = (i % 4 == 0) == (i < 40);
    }
    bench.rows.target_kind = 'b';
    bench.rows.target = y;
    add_column(&bench, "noise", (Numbers){ noise, 80 });
    add_column(&bench, "good", (Numbers){ good, 80 });
    run(&bench);
    assert_int_equal(bench.set.n, 1);
    assert_string_equal(bench.set.items[0].name, "good");
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_knn),
        cmocka_unit_test(test_rankgauss),
        cmocka_unit_test(test_pca),
        cmocka_unit_test(test_weight_of_evidence),
        cmocka_unit_test(test_target_encoding),
        cmocka_unit_test(test_monotone_bins),
        cmocka_unit_test(test_outliers),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_em),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_special_values),
        cmocka_unit_test(test_bins_by_hand),
        cmocka_unit_test(test_forward_fill_keeps_to_the_id),
        cmocka_unit_test(test_impute_by_group_and_date),
        cmocka_unit_test(test_scale_by_date),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_information_value),
    };
    return cmocka_run_group_tests_name("data_steps", tests, NULL, NULL);
}
