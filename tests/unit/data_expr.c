/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row expressions: operators and functions with missing values, types and their messages, times,
 * windows against a plain implementation. That nothing but lead looks at later rows: data_truncate. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/expr/expr.h"
#include "data/expr/function.h"

static Arena *arena;
static const Span nowhere;

static Expr *col(const char *name)
{
    return expr_column(arena, name, nowhere);
}

static Expr *value(Value v)
{
    Err err = { 0 };
    Expr *expr = expr_constant(arena, &v, nowhere, &err);
    assert_non_null(expr);
    return expr;
}

static Expr *num(double x)
{
    return value(value_number(x));
}

static Expr *text(const char *x)
{
    return value(value_text(arena, x));
}

static Expr *missing(void)
{
    return value(value_missing());
}

static Expr *on(bool x)
{
    return value(value_bool(x));
}

static int64_t day(int year, int month, int d)
{
    int64_t ns = 0;
    assert_true(time_make(year, month, d, 0, 0, 0, &ns));
    return ns;
}

static Expr *date(int year, int month, int d)
{
    return value(value_time(day(year, month, d), UNIT_DAY));
}

static Expr *month_of(int year, int month)
{
    return value(value_time(day(year, month, 1), UNIT_MONTH));
}

static Expr *days(int64_t n)
{
    return value((Value){ .type = VALUE_DURATION, .duration = { 0, n * 86400000000000 } });
}

static Value range(const Value *from, const Value *to)
{
    return (Value){ .type = VALUE_RANGE, .range = { from, to } };
}

static Expr *call_keyed(const char *name, Record *keyed, int n, Expr **args, Err *err)
{
    return expr_call(arena, expr_function_find(name), args, n, keyed, nowhere, err);
}

#define COUNT(...)              ((int)(sizeof((Expr *[]){ __VA_ARGS__ }) / sizeof(Expr *)))
#define CALL(name, ...)         checked_call((name), NULL, COUNT(__VA_ARGS__), (Expr *[]){ __VA_ARGS__ })
#define KEYED(name, keyed, ...) checked_call((name), (keyed), COUNT(__VA_ARGS__), (Expr *[]){ __VA_ARGS__ })

static Expr *checked_call(const char *name, Record *keyed, int n, Expr **args)
{
    Err err = { 0 };
    Expr *expr = call_keyed(name, keyed, n, args, &err);
    if (!expr) fail_msg("%s: %s", name, err.message);
    return expr;
}

static Record *key(const char *name, Value v)
{
    Record *record = value_record(arena).record;
    record_set(arena, record, name, v);
    return record;
}

static Record *over(double n)
{
    return key("over", value_number(n));
}

static Record *across(const char *column)
{
    return key("across", value_word(arena, column));
}

static Value scalar(const Expr *expr)
{
    Err err = { 0 };
    Value out;
    if (!expr_eval_scalar(expr, arena, &out, &err)) fail_msg("%s", err.message);
    return out;
}

static void is_number(const Expr *expr, double x)
{
    Value v = scalar(expr);
    if (isnan(x))
        assert_int_equal(v.type, VALUE_MISSING);
    else {
        assert_int_equal(v.type, VALUE_NUMBER);
        assert_true(fabs(v.number - x) <= 1e-12 * fmax(1, fabs(x)));
    }
}

/* 0, 1 or BOOL_MISSING */
static void is_bool(const Expr *expr, int x)
{
    Value v = scalar(expr);
    assert_int_equal(v.type == VALUE_BOOL ? v.on : BOOL_MISSING, x);
}

static void is_text(const Expr *expr, const char *x)
{
    Value v = scalar(expr);
    assert_int_equal(v.type, VALUE_TEXT);
    assert_string_equal(v.text, x);
}

/* A frame with numbers x, y (some missing), category c, text t, date d, id i, on/off b, integer k.
 */
enum { ROWS = 9000 };
static uint64_t state;
static double draw(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 9007199254740992.0;
}

static Column *numbers(size_t n, double share_missing)
{
    Column *column = column_new(COLUMN_NUMBER, n, NULL);
    for (size_t i = 0; i < n; i++) column->numbers[i] = draw() < share_missing ? NAN : draw() * 10 - 3;
    column_finish(column);
    return column;
}

static Column *categories(size_t n)
{
    static const char *const names[] = { "car", "Home", "travel" };
    Column *column = column_new(COLUMN_CATEGORY, n, NULL);
    column->levels = levels_new(names, 3);
    for (size_t i = 0; i < n; i++) column->codes[i] = (uint32_t)(draw() * 4);
    column_finish(column);
    return column;
}

static Column *words(size_t n)
{
    Column *column = column_new(COLUMN_TEXT, n, NULL);
    column->bytes = mem_get(n * 2, 1, NULL);
    column->text_missing = mem_get(n / 8 + 1, 1, NULL);
    for (size_t i = 0; i < n; i++) {
        column->offsets[i] = 2 * i;
        column->bytes[2 * i] = (char)('a' + (int)(draw() * 3));
        column->bytes[2 * i + 1] = (char)('0' + (int)(draw() * 10));
        if (draw() < 0.1) column->text_missing[i / 8] |= (uint8_t)(1 << (i % 8));
    }
    column->offsets[n] = 2 * n;
    column_finish(column);
    return column;
}

static Column *dates(size_t n)
{
    Column *column = column_new(COLUMN_TIME, n, NULL);
    column->unit = UNIT_DAY;
    for (size_t i = 0; i < n; i++)
        column->integers[i] =
            draw() < 0.02 ? INTEGER_MISSING : day(2020, 1, 1) + (int64_t)(draw() * 300) * 86400000000000;
    column_finish(column);
    return column;
}

static Column *ids(size_t n)
{
    Column *column = column_new(COLUMN_INTEGER, n, NULL);
    for (size_t i = 0; i < n; i++)
        column->integers[i] = draw() < 0.02 ? INTEGER_MISSING : (int64_t)(draw() * 40);
    column_finish(column);
    return column;
}

static Column *flags(size_t n)
{
    Column *column = column_new(COLUMN_BOOL, n, NULL);
    for (size_t i = 0; i < n; i++) column->bools[i] = (uint8_t)(draw() * 3);
    column_finish(column);
    return column;
}

static Frame *frame_of(size_t n, bool roles)
{
    static const char *const names[] = { "x", "y", "c", "t", "d", "i", "b" };
    state = 42;
    Column *columns[] = {
        numbers(n, 0.1), numbers(n, 0), categories(n), words(n), dates(n), ids(n), flags(n)
    };
    Frame *frame = frame_new(names, columns, 7, n, "test");
    Err err = { 0 };
    if (roles)
        assert_true(frame_set_role(frame, "d", ROLE_TIME, &err) && frame_set_role(frame, "i", ROLE_ID, &err));
    return frame;
}

static Column *eval_notes(const Expr *expr, const Frame *frame, Notes *notes)
{
    Err err = { 0 };
    Column *column = NULL;
    if (!expr_eval(expr, frame, notes, NULL, &column, &err)) fail_msg("%s", err.message);
    return column;
}

static Column *eval(const Expr *expr, const Frame *frame)
{
    return eval_notes(expr, frame, NULL);
}

static void fails(const Expr *expr, const Frame *frame, const char *code, const char *message)
{
    Err err = { 0 };
    Column *column = NULL;
    assert_false(expr_eval(expr, frame, NULL, NULL, &column, &err));
    assert_string_equal(err_code_word(err.code), code);
    if (message) assert_string_equal(err.message, message);
}

static void test_registry(void **unused)
{
    (void)unused;
    for (int i = 0; i < expr_functions.n; i++) {
        const Kind *kind = expr_functions.items[i];
        const Function *function = (const Function *)kind;
        assert_non_null(kind->help);
        assert_true(strlen(kind->help) > 5 && kind->help[strlen(kind->help) - 1] != '.');
        assert_non_null(kind->example);
        assert_ptr_equal(expr_function_find(kind->name), function);
        assert_true(function->row_types || function->window_types);
        assert_true(!function->row_types == !function->row);
        assert_true(!function->window_types || function->window || function->change || function->run ||
                    function->run_options || function->shift);
    }
    assert_null(expr_function_find("nothing"));
}

static void test_arithmetic(void **unused)
{
    (void)unused;
    is_number(CALL("+", num(2), num(3)), 5);
    is_number(CALL("-", num(2), num(3)), -1);
    is_number(CALL("*", num(2), num(3)), 6);
    is_number(CALL("/", num(3), num(2)), 1.5);
    is_number(CALL("/", num(3), num(0)), NAN);
    is_number(CALL("^", num(2), num(10)), 1024);
    is_number(CALL("^", num(-8), num(0.5)), NAN);
    is_number(CALL("neg", num(2)), -2);
    is_number(CALL("log", num(1)), 0);
    is_number(CALL("log", num(-1)), NAN);
    is_number(CALL("exp", num(1000)), NAN);
    is_number(CALL("sqrt", num(9)), 3);
    is_number(CALL("abs", num(-9)), 9);
    is_number(CALL("round", num(2.5)), 3);
    is_number(CALL("round", num(2.345), num(1)), 2.3);
    is_number(CALL("round", num(1234), num(-2)), 1200);
    is_number(CALL("mod", num(-1), num(7)), 6);
    is_number(CALL("mod", num(7), num(-4)), -1);
    is_number(CALL("mod", num(7), num(0)), NAN);
    is_number(CALL("min", num(3), num(1), num(2)), 1);
    is_number(CALL("max", num(3), num(1), num(2)), 3);
    is_number(CALL("clip", num(5), num(0), num(1)), 1);
    is_number(CALL("ifelse", on(true), num(1), num(2)), 1);
    is_number(CALL("ifelse", on(false), num(1), missing()), NAN);
    is_number(CALL("number", text(" 12")), NAN);
    is_number(CALL("number", text("12.5")), 12.5);
    is_number(CALL("+", on(true), num(1)), 2);
    is_number(CALL("ifmissing", missing(), num(4)), 4);
}

/* Missing in any argument gives missing, for every row function of numbers. */
static void test_missing_passes(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        int n;
    } cases[] = { { "+", 2 },   { "-", 2 },   { "*", 2 },    { "/", 2 },   { "^", 2 },     { "neg", 1 },
                  { "log", 1 }, { "exp", 1 }, { "sqrt", 1 }, { "abs", 1 }, { "round", 2 }, { "mod", 2 },
                  { "min", 3 }, { "max", 3 }, { "clip", 3 }, { "==", 2 },  { "!=", 2 },    { "<", 2 },
                  { "<=", 2 },  { ">", 2 },   { ">=", 2 } };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int at = 0; at < cases[k].n; at++) {
            Expr *args[3] = { num(1), num(0), num(1) };
            args[at] = missing();
            assert_int_equal(scalar(checked_call(cases[k].name, NULL, cases[k].n, args)).type, VALUE_MISSING);
        }
    static const char *const texts[] = { "lower", "upper", "trim", "number",  "text",
                                         "year",  "month", "day",  "weekday", "not" };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_int_equal(scalar(CALL(texts[k], missing())).type, VALUE_MISSING);
    is_bool(CALL("ismissing", missing()), 1);
    is_bool(CALL("ismissing", num(1)), 0);
    is_bool(CALL("matches", missing(), text("*")), BOOL_MISSING);
    is_bool(CALL("in", missing(), value(value_list(arena, 0))), BOOL_MISSING);
    is_number(CALL("ifelse", missing(), num(1), num(2)), NAN);
}

static void test_logic(void **unused)
{
    (void)unused;
    static const int and_table[3][3] = { { 0, 0, 0 }, { 0, 1, 2 }, { 0, 2, 2 } };
    static const int or_table[3][3] = { { 0, 1, 2 }, { 1, 1, 1 }, { 2, 1, 2 } };
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            Expr *x = a == 2 ? missing() : on(a), *y = b == 2 ? missing() : on(b);
            is_bool(CALL("and", x, y), and_table[a][b]);
            is_bool(CALL("or", x, y), or_table[a][b]);
        }
    is_bool(CALL("not", on(true)), 0);
    is_bool(CALL("not", missing()), BOOL_MISSING);
}

static void test_texts(void **unused)
{
    (void)unused;
    is_text(CALL("lower", text("AbÇ")), "abÇ");
    is_text(CALL("upper", text("abc")), "ABC");
    is_text(CALL("trim", text(" a b\t")), "a b");
    is_text(CALL("text", num(1.5)), "1.5");
    is_text(CALL("text", on(true)), "on");
    is_text(CALL("text", date(2022, 7, 1)), "2022-07-01");
    is_text(CALL("replace", text("a.b.c"), text("."), text("--")), "a--b--c");
    is_text(CALL("replace", text("abc"), text(""), text("x")), "abc");
    is_bool(CALL("matches", text("mortgage"), text("mor*")), 1);
    is_bool(CALL("matches", text("mortgage"), text("*t?age")), 1);
    is_bool(CALL("matches", text("mortgage"), text("gage")), 0);
    is_bool(CALL("matches", text("é"), text("?")), 1);
    is_bool(CALL("matches", text(""), text("*")), 1);
    is_bool(CALL("==", text("a"), text("a")), 1);
    is_bool(CALL("!=", text("a"), text("ab")), 1);
    Value list = value_list(arena, 2);
    list.list.items[0] = value_text(arena, "a");
    list.list.items[1] = value_text(arena, "b");
    is_bool(CALL("in", text("b"), value(list)), 1);
    is_bool(CALL("in", text("c"), value(list)), 0);
}

static void test_times(void **unused)
{
    (void)unused;
    static const struct {
        const char *op;
        int before, within, after;
    } cases[] = { { "==", 0, 1, 0 }, { "!=", 1, 0, 1 }, { "<", 1, 0, 0 },
                  { "<=", 1, 1, 0 }, { ">", 0, 0, 1 },  { ">=", 0, 1, 1 } };
    for (size_t k = 0; k < 6; k++) {
        is_bool(CALL(cases[k].op, date(2022, 6, 30), month_of(2022, 7)), cases[k].before);
        is_bool(CALL(cases[k].op, date(2022, 7, 1), month_of(2022, 7)), cases[k].within);
        is_bool(CALL(cases[k].op, date(2022, 7, 31), month_of(2022, 7)), cases[k].within);
        is_bool(CALL(cases[k].op, date(2022, 8, 1), month_of(2022, 7)), cases[k].after);
        is_bool(CALL(cases[k].op, date(2022, 8, 1), num(2021)), cases[k].after);
        is_bool(CALL(cases[k].op, date(2021, 12, 31), num(2021)), cases[k].within);
    }
    is_bool(CALL("<", month_of(2022, 7), date(2022, 8, 1)), 1);
    is_bool(CALL(">=", month_of(2022, 7), date(2022, 7, 15)), 1);
    Value july = value_time(day(2022, 7, 1), UNIT_MONTH), year = value_number(2023);
    is_bool(CALL("in", date(2022, 7, 1), value(range(&july, &year))), 1);
    is_bool(CALL("in", date(2023, 12, 31), value(range(&july, &year))), 1);
    is_bool(CALL("in", date(2024, 1, 1), value(range(&july, &year))), 0);
    is_bool(CALL("in", date(2022, 6, 30), value(range(&july, NULL))), 0);
    is_bool(CALL("in", date(2024, 6, 30), value(range(&july, NULL))), 1);
    is_number(CALL("/", CALL("-", date(2022, 7, 31), date(2022, 7, 1)), days(1)), 30);
    is_bool(CALL(">", CALL("-", date(2022, 7, 31), date(2022, 7, 1)), days(29)), 1);
    is_bool(CALL("==", CALL("+", date(2022, 7, 31), days(1)), date(2022, 8, 1)), 1);
    Expr *month = value((Value){ .type = VALUE_DURATION, .duration = { 1, 0 } });
    is_bool(CALL("==", CALL("+", date(2022, 1, 31), month), date(2022, 2, 28)), 1);
    is_bool(CALL(">", month, days(30)), 1);
    is_bool(CALL("<", month, days(31)), 1);
    is_number(CALL("year", date(2022, 7, 31)), 2022);
    is_number(CALL("month", date(2022, 7, 31)), 7);
    is_number(CALL("day", date(2022, 7, 31)), 31);
    is_number(CALL("weekday", date(2022, 7, 31)), 7);
}

static void test_messages(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(20, true);
    Err err = { 0 };
    assert_null(call_keyed("log", NULL, 2, (Expr *[]){ col("x"), num(2) }, &err));
    assert_string_equal(err.message, "log takes 1 argument, not 2");
    err_clear(&err);
    assert_null(call_keyed("mean", over(0.5), 1, (Expr *[]){ col("x") }, &err));
    err_clear(&err);
    assert_null(call_keyed("mean", key("ovr", value_number(5)), 1, (Expr *[]){ col("x") }, &err));
    assert_string_equal(err.hint, "did you mean 'over'?");
    err_clear(&err);
    assert_null(expr_function("lgo", nowhere, &err));
    fails(CALL("==", col("x"), text("a")), frame, "type_mismatch",
          "x is a number and \"a\" a text: they cannot be compared");
    fails(CALL("<", col("c"), col("t")), frame, "type_mismatch",
          "c is a text and t a text: they cannot be compared");
    fails(CALL("log", col("c")), frame, "type_mismatch", "log takes a number, and c is a text");
    fails(CALL("mean", col("x")), frame, "leaks_rows",
          "mean learns from all rows: use scale, over= or across=");
    fails(CALL("max", col("x")), frame, "leaks_rows", NULL);
    fails(KEYED("mean", across("c"), col("x")), frame, "leaks_rows", NULL);
    fails(CALL("-", col("d"), date(2022, 1, 1)), frame, "type_mismatch", NULL);
    fails(col("z"), frame, "no_column", NULL);
    fails(CALL("lag", col("x"), num(0)), frame, "out_of_range", NULL);
    fails(CALL("lag", col("x"), col("y")), frame, "type_mismatch", NULL);
    fails(CALL("ewma", col("x")), frame, "missing_argument", NULL);
    uint8_t keep[20];
    size_t n_missing;
    err_clear(&err);
    assert_false(expr_eval_condition(col("x"), frame, keep, &n_missing, NULL, NULL, &err));
    assert_string_equal(err.hint, "write x == 1");
    ExprType type;
    assert_true(expr_type(CALL("-", col("d"), date(2022, 1, 1)), frame, &type, NULL));
    assert_int_equal(type, EXPR_DURATION);
    Value out;
    err_clear(&err);
    assert_false(expr_eval_scalar(CALL("lag", num(1)), arena, &out, &err));
    frame_unref(frame);
}

/* Columns of several blocks, with and without an index, against the cells. */
static void test_columns(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(ROWS, false);
    Err err = { 0 };
    uint8_t *keep = mem_get(ROWS, 1, NULL);
    for (size_t i = 0; i < ROWS; i++) keep[i] = i % 3 != 1;
    for (int pass = 0; pass < 2; pass++) {
        if (pass) assert_true(frame_filter(frame, keep, &err));
        Column *sum = eval(CALL("+", col("x"), CALL("*", col("y"), num(2))), frame);
        Column *equal = eval(CALL("==", CALL("lower", col("c")), text("home")), frame);
        Column *first = eval(CALL("replace", col("t"), text("a"), text("z")), frame);
        Column *flag = eval(CALL("and", col("b"), CALL(">", col("x"), num(0))), frame);
        const double *x = frame->columns[0].column->numbers, *y = frame->columns[1].column->numbers;
        const uint32_t *codes = frame->columns[2].column->codes;
        assert_int_equal(first->type, COLUMN_CATEGORY);
        for (size_t i = 0; i < ROWS; i++) {
            bool gone = pass && !keep[i];
            double want = gone ? NAN : x[i] + 2 * y[i];
            assert_true(isnan(want) ? isnan(sum->numbers[i]) : sum->numbers[i] == want);
            assert_int_equal(equal->bools[i], gone || !codes[i] ? BOOL_MISSING : codes[i] == 2);
            Buf a = { 0 }, b = { 0 };
            column_text(frame->columns[3].column, i, &a);
            column_text(first, i, &b);
            if (gone)
                assert_true(column_is_missing(first, i));
            else if (a.length) {
                assert_int_equal(b.text[0], a.text[0] == 'a' ? 'z' : a.text[0]);
                assert_int_equal(b.text[1], a.text[1]);
            }
            buf_free(&a);
            buf_free(&b);
            uint8_t bit = frame->columns[6].column->bools[i];
            uint8_t right = isnan(x[i]) ? BOOL_MISSING : x[i] > 0;
            assert_int_equal(flag->bools[i], gone                     ? BOOL_MISSING
                                             : !bit || !right         ? 0
                                             : bit == 2 || right == 2 ? 2
                                                                      : 1);
        }
        column_unref(sum);
        column_unref(equal);
        column_unref(first);
        column_unref(flag);
    }
    size_t n_missing, want = 0;
    assert_true(expr_eval_condition(CALL(">", col("x"), num(0)), frame, keep, &n_missing, NULL, NULL, &err));
    for (size_t i = 0; i < frame->n_rows; i++) {
        double x = frame->columns[0].column->numbers[frame_physical(frame, i)];
        want += isnan(x) != 0;
        assert_int_equal(keep[i], x > 0);
    }
    assert_int_equal(n_missing, want);
    mem_free(keep);
    frame_unref(frame);
}

static void test_notes(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(100, false);
    Notes notes = { .arena = arena };
    size_t want = 0;
    for (size_t i = 0; i < 100; i++) want += frame->columns[0].column->numbers[i] <= 0;
    column_unref(eval_notes(CALL("log", col("x")), frame, &notes));
    assert_int_equal(notes.n, 1);
    assert_string_equal(notes.texts[0],
                        arena_format(arena, "log(x): %zu results were not finite and are missing", want));
    frame_unref(frame);
}

/* Windows the plain way: for each row, all rows of its id sorted by time. */

static size_t run_of(const Frame *frame, size_t row, size_t *rows)
{
    const int64_t *id = frame->columns[5].column->integers, *time = frame->columns[4].column->integers;
    size_t n = 0;
    for (size_t i = 0; i < frame->n_physical; i++) {
        if (id[i] != id[row] || time[i] == INTEGER_MISSING) continue;
        size_t at = n++;
        for (; at && time[rows[at - 1]] > time[i]; at--) rows[at] = rows[at - 1];
        rows[at] = i;
    }
    return n;
}

static double plain_statistic(const char *name, const double *x, size_t n)
{
    double sum = 0, square = 0, least = INFINITY, most = -INFINITY;
    size_t below = 0, equal = 0, under_middle = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i])) return NAN;
        sum += x[i];
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
        below += x[i] < x[n - 1];
        equal += x[i] == x[n - 1];
    }
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
    double std = sqrt(square / ((double)n - 1));
    if (!strcmp(name, "median")) {
        for (size_t i = 0; i < n; i++) {
            under_middle = 0;
            for (size_t k = 0; k < n; k++) under_middle += x[k] < x[i];
            if (under_middle == n / 2) return x[i];
        }
    }
    return !strcmp(name, "sum")      ? sum
           : !strcmp(name, "mean")   ? mean
           : !strcmp(name, "std")    ? std
           : !strcmp(name, "min")    ? least
           : !strcmp(name, "max")    ? most
           : !strcmp(name, "zscore") ? (x[n - 1] - mean) / std
           : !strcmp(name, "rank")   ? ((double)below + ((double)equal + 1) / 2) / (double)n
           : !strcmp(name, "first")  ? x[0]
                                     : x[n - 1];
}

static void near(double got, double want)
{
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%g is not %g", got, want);
}

enum { FEW = 1500, WIDTH = 5 };

static void test_windows(void **unused)
{
    (void)unused;
    static const char *const names[] = { "sum",    "mean",   "std",  "min",   "max",
                                         "median", "zscore", "rank", "first", "last" };
    Frame *frame = frame_of(FEW, true);
    const double *x = frame->columns[0].column->numbers;
    size_t rows[FEW];
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        Column *got = eval(KEYED(names[k], over(WIDTH), col("x")), frame);
        for (size_t i = 0; i < FEW; i++) {
            size_t n = frame->columns[5].column->integers[i] == INTEGER_MISSING ? 0 : run_of(frame, i, rows),
                   at = 0;
            while (at < n && rows[at] != i) at++;
            double window[WIDTH], want = NAN;
            if (at < n && at + 1 >= WIDTH) {
                for (size_t j = 0; j < WIDTH; j++) window[j] = x[rows[at + 1 - WIDTH + j]];
                want = plain_statistic(names[k], window, WIDTH);
            }
            near(got->numbers[i], want);
        }
        column_unref(got);
    }
    frame_unref(frame);
}

static void test_durations_over(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(FEW, true);
    const double *y = frame->columns[1].column->numbers;
    const int64_t *time = frame->columns[4].column->integers, span = 30 * 86400000000000;
    Value over_days = { .type = VALUE_DURATION, .duration = { 0, span } };
    Column *got = eval(KEYED("mean", key("over", over_days), col("y")), frame);
    size_t rows[FEW];
    for (size_t i = 0; i < FEW; i++) {
        size_t n = frame->columns[5].column->integers[i] == INTEGER_MISSING ? 0 : run_of(frame, i, rows),
               used = 0;
        double sum = 0;
        bool seen = false;
        for (size_t j = 0; j < n && !seen; j++) {
            if (time[i] != INTEGER_MISSING && time[rows[j]] > time[i] - span) sum += y[rows[j]], used++;
            seen = rows[j] == i;
        }
        bool inside = seen && time[i] != INTEGER_MISSING && time[rows[0]] <= time[i] - span + 86400000000000;
        near(got->numbers[i], inside ? sum / (double)used : NAN);
    }
    column_unref(got);
    frame_unref(frame);
}

static void test_shifts(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(FEW, true);
    const double *x = frame->columns[0].column->numbers;
    Column *lag = eval(CALL("lag", col("x"), num(2)), frame), *lead = eval(CALL("lead", col("x")), frame);
    Column *diff = eval(CALL("diff", col("x")), frame), *ret = eval(CALL("ret", col("x"), num(2)), frame);
    Column *logret = eval(CALL("logret", CALL("abs", col("x"))), frame),
           *level = eval(CALL("lag", col("c")), frame);
    Column *words_before = eval(CALL("lag", col("t")), frame);
    Column *count = eval(KEYED("count", over(3), col("x")), frame);
    size_t rows[FEW];
    assert_int_equal(words_before->type, COLUMN_TEXT);
    for (size_t i = 0; i < FEW; i++) {
        size_t n = frame->columns[5].column->integers[i] == INTEGER_MISSING ? 0 : run_of(frame, i, rows),
               at = 0;
        while (at < n && rows[at] != i) at++;
        bool in = at < n;
        double two = in && at >= 2 ? x[rows[at - 2]] : NAN, one = in && at >= 1 ? x[rows[at - 1]] : NAN;
        near(lag->numbers[i], two);
        near(lead->numbers[i], in && at + 1 < n ? x[rows[at + 1]] : NAN);
        near(diff->numbers[i], x[i] - one);
        near(ret->numbers[i], x[i] / two - 1);
        near(logret->numbers[i], log(fabs(x[i]) / fabs(one)));
        assert_int_equal(level->codes[i], in && at ? frame->columns[2].column->codes[rows[at - 1]] : 0);
        Value before = column_value(words_before, i, arena);
        Value want = in && at ? column_value(frame->columns[3].column, rows[at - 1], arena) : value_missing();
        assert_true(value_equal(&before, &want));
        double present = 0;
        for (size_t j = 0; j < 3 && in && at >= 2; j++) present += !isnan(x[rows[at - j]]);
        near(count->numbers[i], in && at >= 2 ? present : NAN);
    }
    Column *all[] = { lag, lead, diff, ret, logret, level, words_before, count };
    for (int k = 0; k < 8; k++) column_unref(all[k]);
    assert_int_equal(expr_lead(CALL("lead", CALL("lead", col("x"), num(2))), NULL), 3);
    assert_int_equal(expr_lead(CALL("lag", col("x"), num(2)), NULL), 0);
    frame_unref(frame);
}

static void test_across(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(FEW, true);
    const double *x = frame->columns[0].column->numbers;
    const int64_t *time = frame->columns[4].column->integers;
    static const char *const names[] = { "mean", "std", "rank", "zscore" };
    for (size_t k = 0; k < 4; k++) {
        Column *got = eval(KEYED(names[k], across("d"), col("x")), frame);
        for (size_t i = 0; i < FEW; i++) {
            double values[FEW], want = NAN;
            size_t n = 0;
            for (size_t j = 0; j < FEW; j++)
                if (time[j] == time[i] && j != i && !isnan(x[j])) values[n++] = x[j];
            values[n++] = x[i];
            if (time[i] != INTEGER_MISSING) want = plain_statistic(names[k], values, n);
            near(got->numbers[i], want);
        }
        column_unref(got);
    }
    frame_unref(frame);
}

static void test_groups(void **unused)
{
    (void)unused;
    Frame *frame = frame_of(100, false);
    uint32_t group[100];
    double sum[4] = { 0 };
    for (size_t i = 0; i < 100; i++) {
        group[i] = (uint32_t)i % 4;
        sum[i % 4] += frame->columns[1].column->numbers[i];
    }
    Err err = { 0 };
    Column *got;
    ExprGroups groups = { group, 4, NULL };
    assert_true(expr_eval_groups(CALL("/", CALL("sum", col("y")), CALL("count", col("y"))), frame, &groups,
                                 NULL, NULL, &got, &err));
    for (size_t i = 0; i < 4; i++) near(got->numbers[i], sum[i] / 25);
    expr_groups_close(&groups);
    column_unref(got);
    frame_unref(frame);
}

static void written(const Expr *expr, const char *want)
{
    Buf out = { 0 };
    Err err = { 0 };
    expr_write(&out, expr);
    assert_string_equal(buf_text(&out), want);
    Value record = expr_record(arena, expr);
    Expr *back = expr_from_record(&record, arena, &err);
    if (!back) fail_msg("%s", err.message);
    assert_true(expr_equal(expr, back));
    buf_free(&out);
}

static void test_text_and_record(void **unused)
{
    (void)unused;
    written(CALL("*", CALL("+", col("a"), num(1)), col("total debt")), "(a + 1) * `total debt`");
    written(CALL("-", col("a"), CALL("-", col("b"), col("c"))), "a - (b - c)");
    written(CALL("^", CALL("neg", col("a")), CALL("^", num(2), num(3))), "(-a) ^ 2 ^ 3");
    written(CALL("neg", CALL("^", col("a"), num(2))), "-a ^ 2");
    written(CALL("not", CALL("or", CALL(">", col("a"), num(1)), CALL("ismissing", col("b")))),
            "not (a > 1 or ismissing(b))");
    written(KEYED("mean", over(21), CALL("log", col("a"))), "mean(log(a), over=21)");
    written(KEYED("rank", across("date"), col("a")), "rank(a, across=date)");
    Value july = value_time(day(2022, 7, 1), UNIT_MONTH);
    written(CALL("in", col("d"), value(range(&july, NULL))), "d in 2022-07..");
    written(CALL("-", date(2022, 7, 1), days(5)), "2022-07-01 - 5d");
    const char **columns;
    assert_int_equal(
        expr_columns(KEYED("rank", across("date"), CALL("+", col("a"), col("a"))), arena, &columns), 2);
}

/* Records as a hostile file could hold them. */
static void test_bad_records(void **unused)
{
    (void)unused;
    Value deep = expr_record(arena, col("x"));
    for (int i = 0; i < EXPR_DEPTH_MAX + 5; i++) {
        Value next = value_record(arena), list = value_list(arena, 1);
        list.list.items[0] = deep;
        record_text(arena, next.record, "call", "log");
        record_set(arena, next.record, "args", list);
        deep = next;
    }
    Value unknown = value_record(arena), empty = value_record(arena), number = value_number(3),
          no_args = value_record(arena);
    record_text(arena, unknown.record, "call", "system");
    record_text(arena, no_args.record, "call", "log");
    record_set(arena, no_args.record, "args", value_list(arena, 0));
    const Value *const all[] = { &deep, &unknown, &empty, &number, &no_args };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        Err err = { 0 };
        assert_null(expr_from_record(all[i], arena, &err));
        assert_int_not_equal(err.code, CODE_none);
    }
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
        cmocka_unit_test(test_registry),        cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_missing_passes),  cmocka_unit_test(test_logic),
        cmocka_unit_test(test_texts),           cmocka_unit_test(test_times),
        cmocka_unit_test(test_messages),        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_notes),           cmocka_unit_test(test_windows),
        cmocka_unit_test(test_durations_over),  cmocka_unit_test(test_shifts),
        cmocka_unit_test(test_across),          cmocka_unit_test(test_groups),
        cmocka_unit_test(test_text_and_record), cmocka_unit_test(test_bad_records),
    };
    return cmocka_run_group_tests_name("data_expr", tests, setup, teardown);
}
