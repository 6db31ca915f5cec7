/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What check finds, over random frames: planted leaks are named, clean frames are not; truncation finds every
 * column that looks ahead and none that does not; surrogates keep the cells. */
#include "data/rowprogram.h"
#include "data/surrogate.h"
#include "data/suspicions.h"
#include "data_frames.h"

enum { ROWS = 400 };

/* x1, x2: noise; t: days; y: 0/1 by a coin. */
static Frame *noise(uint64_t seed)
{
    double x1[ROWS], x2[ROWS], y[ROWS];
    int64_t t[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x1[i] = test_random(&seed) - 0.5;
        x2[i] = test_random(&seed);
        y[i] = test_random(&seed) < 0.4;
        t[i] = (int64_t)i * 86400000000000;
    }
    const char *names[] = { "x1", "x2", "y", "t" };
    Column *columns[] = { numbers_column(x1, ROWS), numbers_column(x2, ROWS), numbers_column(y, ROWS),
                          integers_column(COLUMN_TIME, t, ROWS) };
    columns[3]->unit = UNIT_DAY;
    Frame *frame = frame_new(names, columns, 4, ROWS, "");
    assert_true(frame_set_role(frame, "y", ROLE_TARGET, NULL) && frame_set_role(frame, "t", ROLE_TIME, NULL));
    return frame;
}

static int leaks_of(const Frame *frame, Arena *arena, const char **column)
{
    Suspicions found = { .arena = arena };
    assert_true(leaks_find(frame, &found, NULL, NULL));
    *column = found.n ? found.items[0].column : NULL;
    return found.leaks;
}

static void test_planted_leaks(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const char *column;
    for (uint64_t seed = 1; seed < 30; seed++) {
        Frame *frame = noise(seed);
        assert_int_equal(leaks_of(frame, arena, &column), 0);
        double x[ROWS];
        uint64_t own = seed;
        const double *y = frame->columns[2].column->numbers;
        for (size_t i = 0; i < ROWS; i++) /* a value, its reverse, or being missing */
            x[i] = seed % 3 == 2 ? (y[i] > 0 ? test_random(&own) : (double)NAN)
                                 : (seed % 3 ? 1 : -1) * (3 * y[i] + test_random(&own));
        assert_true(frame_put_column(frame, "late", numbers_column(x, ROWS), ROLE_INPUT, false, NULL));
        assert_int_equal(leaks_of(frame, arena, &column), 1);
        assert_string_equal(column, "late");
        assert_true(frame_set_role(frame, "late", ROLE_HELD, NULL));
        assert_int_equal(leaks_of(frame, arena, &column), 0);
        frame_unref(frame);
    }
    arena_free(arena);
}

static void test_split_leaks(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const char *column;
    for (uint64_t seed = 1; seed < 10; seed++) {
        Frame *frame = noise(seed);
        SplitPlan plan = fractions(0.6, 0.2, 0.2);
        plan.seed = seed;
        frame->columns[2].lead = (int)(seed % 4);
        split_frame(frame, &plan);
        assert_int_equal(leaks_of(frame, arena, &column), 0); /* purged */
        plan.order = 2;
        frame->taint |= split_taint(frame, &plan);
        split_unref(frame->split);
        split_frame(frame, &plan);
        /* tainted, dates, and labels where they look ahead */
        assert_int_equal(leaks_of(frame, arena, &column), seed % 4 ? 3 : 2);
        frame_unref(frame);
    }
    arena_free(arena);
}

/* name = f(column), f a function of one argument with options such as over=. */
static void derive_of(Frame *frame, const char *column, const char *name, const char *function,
                      double argument, const char *key, double value)
{
    Arena *arena = arena_new();
    Value number = value_number(argument);
    Expr *args[2] = { expr_column(arena, column, (Span){ 0 }), NULL };
    int n = 1;
    if (argument > 0) args[n++] = expr_constant(arena, &number, (Span){ 0 }, NULL);
    Record *keyed = value_record(arena).record;
    if (key) record_number(arena, keyed, key, value);
    Expr *expr =
        expr_call(arena, expr_function_find(function), args, n, key ? keyed : NULL, (Span){ 0 }, NULL);
    assert_non_null(expr);
    assert_true(rowprogram_derive(frame, name, expr, NULL, false, NULL, NULL, NULL));
    arena_free(arena);
}

static void derive(Frame *frame, const char *name, const char *function, double argument, const char *key,
                   double value)
{
    derive_of(frame, "x1", name, function, argument, key, value);
}

/* A mean of five targets orders them weakly, and holds the row's own; those before are known. */
static void test_made_of_the_target(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Frame *frame = noise(5);
    const char *column;
    derive_of(frame, "y", "before", "lag", 1, NULL, 0);
    derive_of(frame, "before", "rate", "mean", 0, "over", 5);
    derive_of(frame, "x2", "level", "mean", 0, "over", 5);
    assert_int_equal(leaks_of(frame, arena, &column), 0);
    derive_of(frame, "y", "own", "mean", 0, "over", 20);
    assert_int_equal(leaks_of(frame, arena, &column), 1);
    assert_string_equal(column, "own");
    assert_true(rowprogram_rename(frame, "y", "bad", NULL) && rowprogram_rename(frame, "own", "mine", NULL));
    derive_of(frame, "mine", "again", "abs", 0, NULL, 0);
    assert_int_equal(leaks_of(frame, arena, &column), 2);
    assert_string_equal(column, "mine");
    frame->columns[frame_find(frame, "x2")].role = ROLE_PROTECTED; /* named, and no leak */
    assert_int_equal(leaks_of(frame, arena, &column), 2);
    assert_string_equal(column, "level");
    frame_unref(frame);
    arena_free(arena);
}

static int truncation_of(const Frame *frame, Arena *arena, int *tested)
{
    Suspicions found = { .arena = arena };
    assert_true(truncation_find(frame, 5, 7, tested, &found, NULL, NULL, NULL));
    return found.leaks;
}

static void test_truncation(void **state)
{
    (void)state;
    static const char *const windows[] = { "mean",   "std",  "sum",   "min",   "max", "median",
                                           "zscore", "rank", "count", "first", "last" };
    Arena *arena = arena_new();
    Frame *frame = noise(3);
    int tested, inputs;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        derive(frame, arena_format(arena, "w%zu", i), windows[i], 0, "over", (double)(3 + i));
    derive(frame, "l", "lag", 3, NULL, 0);
    derive(frame, "d", "diff", 2, NULL, 0);
    derive(frame, "e", "ewma", 0, "decay", 0.9);
    inputs = 14 + 2 + 14; /* derived columns, and what the recipe makes of all inputs */
    assert_int_equal(truncation_of(frame, arena, &tested), 0);
    assert_in_range(tested, 14, inputs);
    derive(frame, "a", "lead", 2, NULL, 0);
    assert_int_equal(truncation_of(frame, arena, &tested), 0); /* it is held */
    frame->columns[frame_find(frame, "a")].role = ROLE_INPUT;
    assert_int_equal(truncation_of(frame, arena, &tested), 1);
    const char *column;
    assert_true(leaks_of(frame, arena, &column) >= 1);
    assert_string_equal(column, "a");
    frame_unref(frame);
    arena_free(arena);
}

static double total(const Frame *frame, const char *name)
{
    const Column *column = frame->columns[frame_find(frame, name)].column;
    double sum = 0;
    for (size_t i = 0; i < ROWS; i++) sum += column_number(column, i) * 1024;
    return sum;
}

static size_t moved(const Frame *a, const Frame *b, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++)
        n += column_number(a->columns[frame_find(a, name)].column, i) !=
             column_number(b->columns[frame_find(b, name)].column, i);
    return n;
}

static void test_surrogates(void **state)
{
    (void)state;
    Frame *frame = noise(4);
    derive(frame, "late", "lag", 1, NULL, 0);
    Frame *shuffled = surrogate_shuffled(frame, 1, 0, NULL, NULL, NULL);
    Frame *random = surrogate_noise(frame, 1, 0, NULL, NULL, NULL);
    assert_non_null(shuffled);
    assert_non_null(random);
    assert_true(fabs(total(frame, "y") - total(shuffled, "y")) < 1e-6);
    assert_true(moved(frame, shuffled, "y") > ROWS / 4 && moved(frame, shuffled, "x1") == 0);
    assert_true(moved(frame, random, "x1") > ROWS / 2 && moved(frame, random, "y") == 0);
    const double *x = random->columns[0].column->numbers;
    const double *late = random->columns[frame_find(random, "late")].column->numbers;
    for (size_t i = 1; i < ROWS; i++) assert_true(late[i] == x[i - 1]); /* made anew */
    assert_int_equal(surrogate_block(frame), 8);
    frame_unref(shuffled);
    frame_unref(random);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_leaks),      cmocka_unit_test(test_split_leaks),
        cmocka_unit_test(test_made_of_the_target), cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_surrogates),
    };
    return cmocka_run_group_tests_name("data_leaks", tests, NULL, NULL);
}
