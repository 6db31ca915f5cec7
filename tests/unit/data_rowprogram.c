/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row programs: made by derive and rename, applied to raw frames, kept in records. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/rowprogram.h"

enum { ROWS = 60 };
static Arena *arena;
static const Span nowhere;

static Expr *col(const char *name)
{
    return expr_column(arena, name, nowhere);
}

static Expr *num(double x)
{
    Value v = value_number(x);
    return expr_constant(arena, &v, nowhere, NULL);
}

static Expr *call(const char *name, Expr *a, Expr *b)
{
    Err err = { 0 };
    Expr *expr =
        expr_call(arena, expr_function_find(name), (Expr *[]){ a, b }, b ? 2 : 1, NULL, nowhere, &err);
    if (!expr) fail_msg("%s", err.message);
    return expr;
}

static Expr *mean_over(const char *column, double rows)
{
    Record *keyed = value_record(arena).record;
    record_number(arena, keyed, "over", rows);
    return expr_call(arena, expr_function_find("mean"), (Expr *[]){ col(column) }, 1, keyed, nowhere, NULL);
}

/* Raw data: income, debt, id, day (newest first), junk. */
static Frame *raw_frame(bool roles)
{
    static const char *const names[] = { "income", "debt", "id", "day", "junk" };
    Column *columns[5];
    for (int k = 0; k < 5; k++) {
        columns[k] = column_new(COLUMN_NUMBER, ROWS, NULL);
        for (int i = 0; i < ROWS; i++)
            columns[k]->numbers[i] = k == 2 ? i % 4 : k == 3 ? ROWS - i : (double)((i * 7 + k * 13) % 31) + 1;
        column_finish(columns[k]);
    }
    Frame *frame = frame_new(names, columns, 5, ROWS, "test");
    if (roles)
        assert_true(frame_set_role(frame, "id", ROLE_ID, NULL) &&
                    frame_set_role(frame, "day", ROLE_TIME, NULL));
    return frame;
}

static void derive(Frame *frame, const char *name, Expr *expr, Expr *condition, bool replace)
{
    Err err = { 0 };
    if (!rowprogram_derive(frame, name, expr, condition, replace, NULL, NULL, &err))
        fail_msg("%s", err.message);
}

/* ratio = debt / income; trend = mean(ratio, over=3); income = log(income); wages is income
 * renamed; junk2 is not needed by anyone. */
static Frame *worked_frame(void)
{
    Frame *frame = raw_frame(true);
    derive(frame, "ratio", call("/", col("debt"), col("income")), NULL, false);
    derive(frame, "trend", mean_over("ratio", 3), NULL, false);
    derive(frame, "income", call("log", col("income"), NULL), NULL, true);
    assert_true(rowprogram_rename(frame, "income", "wages", NULL));
    derive(frame, "junk2", call("+", col("junk"), num(1)), NULL, false);
    return frame;
}

static void same_column(const Frame *a, const Frame *b, const char *name)
{
    assert_true(frame_find(a, name) >= 0 && frame_find(b, name) >= 0);
    const double *x = a->columns[frame_find(a, name)].column->numbers;
    const double *y = b->columns[frame_find(b, name)].column->numbers;
    assert_memory_equal(x, y, ROWS * sizeof *x);
}

static const char *const needed[] = { "trend", "wages", "debt" };

static void test_apply(void **unused)
{
    (void)unused;
    Frame *worked = worked_frame(), *raw = raw_frame(false);
    Err err = { 0 };
    const Frame *made = rowprogram_apply(worked->program, raw, needed, 3, NULL, NULL, &err);
    if (!made) fail_msg("%s", err.message);
    for (int i = 0; i < 3; i++) same_column(worked, made, needed[i]);
    assert_int_equal(frame_find(made, "junk2"), -1);
    assert_int_equal(frame_find(raw, "wages"), -1);
    const Frame *again = rowprogram_apply(worked->program, worked, needed, 3, NULL, NULL, &err);
    assert_non_null(again);
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(again->columns[frame_find(again, needed[i])].column,
                         worked->columns[frame_find(worked, needed[i])].column);
    const Frame *none = rowprogram_apply(NULL, raw, needed, 3, NULL, NULL, &err);
    assert_non_null(none);
    frame_unref(none);
    frame_unref(again);
    frame_unref(made);
    frame_unref(worked);
    frame_unref(raw);
}

static void test_inputs(void **unused)
{
    (void)unused;
    Frame *worked = worked_frame(), *raw = raw_frame(false);
    const char **inputs;
    assert_int_equal(rowprogram_inputs(worked->program, NULL, needed, 3, arena, &inputs), 4);
    const char *wages[] = { "wages" };
    assert_int_equal(rowprogram_inputs(worked->program, NULL, wages, 1, arena, &inputs), 1);
    assert_string_equal(inputs[0], "income");
    int drop[] = { frame_find(raw, "id"), frame_find(raw, "income") };
    assert_true(frame_drop_columns(raw, drop, 2, NULL));
    Err err = { 0 };
    assert_null(rowprogram_apply(worked->program, raw, needed, 3, NULL, NULL, &err));
    assert_string_equal(err_code_word(err.code), "missing_columns");
    assert_non_null(strstr(err.message, "income"));
    assert_non_null(strstr(err.message, "id"));
    frame_unref(worked);
    frame_unref(raw);
}

/* A frame whose raw column was replaced by another derive since. */
static void test_replaced(void **unused)
{
    (void)unused;
    Frame *first = raw_frame(true);
    derive(first, "income", call("log", col("income"), NULL), NULL, true);
    Frame *second = frame_version(first);
    derive(second, "income", call("*", col("income"), num(2)), NULL, true);
    const char *income[] = { "income" };
    Err err = { 0 };
    assert_null(rowprogram_apply(first->program, second, income, 1, NULL, NULL, &err));
    assert_string_equal(err_code_word(err.code), "bad_program");
    frame_unref(first);
    frame_unref(second);
}

static void test_condition(void **unused)
{
    (void)unused;
    Frame *frame = raw_frame(false);
    double before[ROWS];
    memcpy(before, frame->columns[1].column->numbers, sizeof before);
    Notes notes = { .arena = arena };
    frame->columns[0].column->numbers[5] = NAN;
    Expr *condition = call(">", col("income"), num(10));
    assert_true(rowprogram_derive(frame, "debt", num(0), condition, true, &notes, NULL, NULL));
    derive(frame, "poor", num(1), call("<", col("income"), num(10)), false);
    assert_int_equal(notes.n, 1);
    const double *income = frame->columns[0].column->numbers, *debt = frame->columns[1].column->numbers;
    const double *poor = frame->columns[frame_find(frame, "poor")].column->numbers;
    for (int i = 0; i < ROWS; i++) {
        assert_true(debt[i] == (income[i] > 10 ? 0 : before[i]));
        assert_true(income[i] < 10 ? poor[i] == 1 : isnan(poor[i]));
    }
    Err err = { 0 };
    assert_false(rowprogram_derive(frame, "poor", num(1), NULL, false, NULL, NULL, &err));
    assert_string_equal(err_code_word(err.code), "column_exists");
    frame_unref(frame);
}

static void test_lead(void **unused)
{
    (void)unused;
    Frame *frame = raw_frame(true);
    derive(frame, "next", call("lead", col("income"), num(2)), NULL, false);
    derive(frame, "later", call("lead", col("next"), num(1)), NULL, false);
    const FrameColumn *next = &frame->columns[frame_find(frame, "next")];
    assert_int_equal(next->lead, 2);
    assert_int_equal(next->role, ROLE_HELD);
    assert_int_equal(frame->columns[frame_find(frame, "later")].lead, 3);
    frame_unref(frame);
}

static void test_record(void **unused)
{
    (void)unused;
    Frame *worked = worked_frame(), *raw = raw_frame(false);
    Err err = { 0 };
    Value record = rowprogram_record(worked->program, arena);
    RowProgram *program = rowprogram_from_record(&record, &err);
    assert_non_null(program);
    Buf a = { 0 }, b = { 0 };
    rowprogram_write(&a, worked->program, "f");
    rowprogram_write(&b, program, "f");
    assert_string_equal(buf_text(&a), buf_text(&b));
    assert_non_null(strstr(buf_text(&a), "derive f trend = mean(ratio, over=3)\n"));
    assert_non_null(strstr(buf_text(&a), "rename f income=wages\n"));
    const Frame *made = rowprogram_apply(program, raw, needed, 3, NULL, NULL, &err);
    assert_non_null(made);
    for (int i = 0; i < 3; i++) same_column(worked, made, needed[i]);
    Value bad = value_list(arena, 1);
    bad.list.items[0] = value_number(3);
    assert_null(rowprogram_from_record(&bad, &err));
    Value text = value_text(arena, "x");
    err_clear(&err);
    assert_null(rowprogram_from_record(&text, &err));
    assert_string_equal(err_code_word(err.code), "bad_expression");
    buf_free(&a);
    buf_free(&b);
    frame_unref(made);
    rowprogram_unref(program);
    frame_unref(worked);
    frame_unref(raw);
}

static int setup(void **unused)
{
    (void)unused;
    arena = arena_new();
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply),     cmocka_unit_test(test_inputs), cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_condition), cmocka_unit_test(test_lead),   cmocka_unit_test(test_record),
    };
    return cmocka_run_group_tests_name("data_rowprogram", tests, setup, teardown);
}
