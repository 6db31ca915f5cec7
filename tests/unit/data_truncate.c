/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No leak through time: a feature computed on the rows up to a time is what it is on all rows, for every
 * function of the registry in every form that its signatures allow. What looks ahead must say so (expr_lead),
 * and is then no input. */
#include "unit/data_frames.h"

#include "data/expr/function.h"

enum { ROWS = 600, CUTS = 6 };
#define DAY_NS 86400000000000

static Arena *arena;
static const Span nowhere;
static uint64_t state = 11;

static Column *random_dates(void)
{
    int64_t days[ROWS];
    for (int i = 0; i < ROWS; i++) days[i] = (18000 + (int64_t)(test_random(&state) * 200)) * DAY_NS;
    Column *column = integers_column(COLUMN_TIME, days, ROWS);
    column->unit = UNIT_DAY;
    return column;
}

static Column *random_bools(void)
{
    Column *column = column_new(COLUMN_BOOL, ROWS, NULL);
    for (int i = 0; i < ROWS; i++) column->bools[i] = (uint8_t)(test_random(&state) * 2.2);
    column_finish(column);
    return column;
}

static Column *random_texts(void)
{
    static const char *const words[] = { " a1", "B 2", "3.5", "zz", NULL };
    const char *texts[ROWS];
    for (int i = 0; i < ROWS; i++) texts[i] = words[(int)(test_random(&state) * 5)];
    return text_column(texts, ROWS);
}

static Column *random_numbers(void)
{
    double x[ROWS];
    for (int i = 0; i < ROWS; i++) x[i] = test_random(&state) < 0.05 ? NAN : test_random(&state) * 10 + 0.1;
    return numbers_column(x, ROWS);
}

/* Columns n, m numbers, b on/off, x text, t another time; roles i and d. */
static Frame *whole_frame(void)
{
    int64_t ids[ROWS];
    for (int i = 0; i < ROWS; i++) ids[i] = (int64_t)(test_random(&state) * 5);
    Column *columns[] = { random_numbers(), random_numbers(), random_bools(),
                          random_texts(),   random_dates(),   integers_column(COLUMN_INTEGER, ids, ROWS),
                          random_dates() };
    Frame *frame =
        frame_new((const char *[]){ "n", "m", "b", "x", "t", "i", "d" }, columns, 7, ROWS, "whole");
    assert_true(frame_set_role(frame, "i", ROLE_ID, NULL) && frame_set_role(frame, "d", ROLE_TIME, NULL));
    return frame;
}

static Frame *cut_frame(const Frame *whole, int64_t last, uint8_t *keep)
{
    const int64_t *time = whole->columns[6].column->integers;
    Frame *cut = frame_version(whole);
    for (int i = 0; i < ROWS; i++) keep[i] = time[i] <= last;
    assert_true(frame_filter(cut, keep, NULL));
    return cut;
}

/* An argument of the type that a letter of a signature asks for. */
static Expr *argument(char letter, int place)
{
    Value list = value_list(arena, 2), from = value_number(1), to = value_number(6);
    Value duration = { .type = VALUE_DURATION, .duration = { 0, 3 * DAY_NS } };
    list.list.items[0] = value_number(2);
    list.list.items[1] = value_number(3);
    Value range = { .type = VALUE_RANGE, .range = { &from, &to } };
    switch (letter) {
    case 'n': return expr_column(arena, place ? "m" : "n", nowhere);
    case 'b': return expr_column(arena, "b", nowhere);
    case 'x': return expr_column(arena, "x", nowhere);
    case 't': return expr_column(arena, place ? "t" : "d", nowhere);
    case 'd': return expr_constant(arena, &duration, nowhere, NULL);
    case 'l': return expr_constant(arena, &list, nowhere, NULL);
    default: return expr_constant(arena, &range, nowhere, NULL);
    }
}

/* The arguments of one overload, without its optional ones. */
static int arguments(const char *signature, Expr **args)
{
    int n = 0;
    for (; *signature && *signature != '>' && *signature != '?'; signature++) {
        if (*signature == '*') continue;
        args[n] = argument(*signature, n);
        n++;
    }
    return n;
}

/* The options that a windowed form may carry: form 0, 1, ...; NULL when there are no more. */
static Record *window_options(const Function *function, int form)
{
    Record *keyed = value_record(arena).record;
    Value days = { .type = VALUE_DURATION, .duration = { 0, 9 * DAY_NS } };
    if (function->run_options || function->run) {
        if (form) return NULL;
        for (int k = 0; k < function->kind.n_options; k++)
            if (function->kind.options[k].flags & OPTION_REQUIRED)
                record_number(arena, keyed, function->kind.options[k].name,
                              function->kind.options[k].type == OPTION_INTEGER ? 3 : 0.9);
        return keyed;
    }
    if (!function->window) return form ? NULL : keyed;
    if (form == 0) record_number(arena, keyed, "over", 4);
    if (form == 1) record_set(arena, keyed, "over", days);
    if (form == 2) record_set(arena, keyed, "across", value_word(arena, "d"));
    if (form == 3) {
        record_set(arena, keyed, "across", value_word(arena, "d"));
        record_set(arena, keyed, "within", value_word(arena, "b"));
    }
    return form < 4 ? keyed : NULL;
}

static Column *eval(const Expr *expr, const Frame *frame)
{
    Err err = { 0 };
    Column *column;
    Buf text = { 0 };
    expr_write(&text, expr);
    if (!expr_eval(expr, frame, NULL, NULL, &column, &err)) fail_msg("%s: %s", buf_text(&text), err.message);
    buf_free(&text);
    return column;
}

/* Rows before the cut whose value changes when what follows is taken away. */
static int changes(const Expr *expr, const Frame *whole, const Frame *cut, const uint8_t *keep)
{
    Column *all = eval(expr, whole), *some = eval(expr, cut);
    int n = 0;
    for (size_t i = 0; i < ROWS; i++) {
        Value a = column_value(all, i, arena), b = column_value(some, i, arena);
        n += keep[i] && !value_equal(&a, &b);
    }
    column_unref(all);
    column_unref(some);
    return n;
}

typedef struct Tally {
    int forms, ahead;
} Tally;

static void try(const Function *function, Expr **args, int n, Record *keyed, const Frame *whole, Tally *tally)
{
    Err err = { 0 };
    ExprType type;
    Expr *expr = expr_call(arena, function, args, n, keyed, nowhere, &err);
    if (!expr) fail_msg("%s: %s", function->kind.name, err.message);
    if (!expr_type(expr, whole, &type, &err) || type == EXPR_DURATION) return; /* makes no column */
    int changed = 0, lead = expr_lead(expr, whole);
    for (int k = 0; k < CUTS; k++) {
        uint8_t keep[ROWS];
        Frame *cut = cut_frame(whole, (18030 + 25 * k) * DAY_NS, keep);
        changed += changes(expr, whole, cut, keep);
        frame_unref(cut);
    }
    if (changed && !lead) fail_msg("%s sees later rows and does not say so", function->kind.name);
    if (!changed && lead) fail_msg("%s says that it looks ahead and does not", function->kind.name);
    tally->forms++;
    tally->ahead += lead > 0;
}

static void try_types(const Function *function, const char *types, bool windowed, const Frame *whole,
                      Tally *tally)
{
    for (const char *one = types; one && *one; one += strcspn(one, " "), one += *one == ' ') {
        Expr *args[16];
        int n = arguments(one, args);
        Record *keyed = NULL;
        for (int form = 0; !windowed ? form < 1 : (keyed = window_options(function, form)) != NULL; form++)
            try(function, args, n, keyed, whole, tally);
    }
}

static void test_every_function(void **unused)
{
    (void)unused;
    Frame *whole = whole_frame();
    Tally tally = { 0, 0 };
    for (int k = 0; k < expr_functions.n; k++) {
        const Function *function = (const Function *)expr_functions.items[k];
        int before = tally.forms;
        try_types(function, function->row_types, false, whole, &tally);
        try_types(function, function->window_types, true, whole, &tally);
        if (tally.forms == before) fail_msg("no form of %s was tried", function->kind.name);
    }
    assert_true(tally.forms > 100);
    assert_true(tally.ahead >= 5); /* lead of four types, barrier */
    frame_unref(whole);
}

/* What reads a column that looks ahead looks ahead. */
static void test_chains(void **unused)
{
    (void)unused;
    Frame *whole = whole_frame();
    Record *keyed = value_record(arena).record;
    record_number(arena, keyed, "over", 3);
    Expr *n = expr_column(arena, "n", nowhere);
    Expr *lead = expr_call(arena, expr_function_find("lead"), &n, 1, NULL, nowhere, NULL);
    Expr *mean = expr_call(arena, expr_function_find("mean"), &lead, 1, keyed, nowhere, NULL);
    assert_int_equal(expr_lead(mean, whole), 1);
    whole->columns[0].ahead = (LeadTime){ 12, 0 };
    whole->columns[0].lead = 1;
    assert_int_equal(expr_ahead(mean, whole).months, 12);
    assert_int_equal(expr_lead(mean, whole), 2);
    frame_unref(whole);
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
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_function),
                                        cmocka_unit_test(test_chains) };
    return cmocka_run_group_tests_name("data_truncate", tests, setup, teardown);
}
