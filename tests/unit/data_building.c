/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joins, groups, periods, long and wide tables, barriers and lookups against pandas
 * (tests/reference/building.py), and what made frames keep of roles, parts and row numbers. */
#include "unit/data_frames.h"

#include <stdlib.h>

#include "data/gather.h"
#include "data/group.h"
#include "data/join.h"
#include "data/keys.h"
#include "data/lookup.h"
#include "data/rowprogram.h"
#include "data/stack.h"

enum { MOST = 4096 };
#define DAY_NS 86400000000000

static Arena *arena;
static const Span nowhere;

typedef struct Line {
    size_t n;
    double x[MOST];
} Line;

/* A line of building.txt by its name. */
static const Line *line(const char *name)
{
    char path[4096], word[64];
    const char *slash = strrchr(__FILE__, '/');
    snprintf(path, sizeof path, "%.*s/../reference/building.txt", (int)(slash - __FILE__), __FILE__);
    FILE *in = fopen(path, "r");
    Line *out = arena_take(arena, sizeof *out);
    if (!in) fail_msg("no %s", path);
    while (fscanf(in, "%63s %zu", word, &out->n) == 2) {
        assert_true(out->n <= MOST);
        for (size_t i = 0; i < out->n; i++) assert_int_equal(fscanf(in, "%lf", &out->x[i]), 1);
        if (strcmp(word, name) == 0) {
            fclose(in);
            return out;
        }
    }
    fclose(in);
    fail_msg("no line %s", name);
    return NULL;
}

static const Line *line_of(const char *frame, const char *member)
{
    return line(arena_format(arena, "%s.%s", frame, member));
}

static Column *days_column(const Line *from)
{
    Column *column = column_new(COLUMN_TIME, from->n, NULL);
    for (size_t i = 0; i < from->n; i++) column->integers[i] = (int64_t)from->x[i] * DAY_NS;
    column->unit = UNIT_DAY;
    column_finish(column);
    return column;
}

/* A frame of the file: id, day and one number column. */
static Frame *stored_frame(const char *name, const char *number)
{
    const char *const names[] = { "id", "day", number };
    const Line *id = line_of(name, "id"), *x = line_of(name, "x");
    Column *columns[] = { numbers_column(id->x, id->n), days_column(line_of(name, "day")),
                          numbers_column(x->x, x->n) };
    Frame *frame = frame_new(names, columns, 3, id->n, name);
    assert_true(frame_set_role(frame, "id", ROLE_ID, NULL) && frame_set_role(frame, "day", ROLE_TIME, NULL));
    return frame;
}

static double cell(const Frame *frame, const char *name, size_t row)
{
    int column = frame_find(frame, name);
    assert_true(column >= 0);
    return column_number(frame->columns[column].column, frame_physical(frame, row));
}

static void same(double got, double want)
{
    if (isnan(got) != isnan(want) || fabs(got - want) > 1e-9 * fmax(1, fabs(want)))
        fail_msg("%.17g, not %.17g", got, want);
}

static void same_line(const Frame *frame, const char *column, const Line *want)
{
    assert_int_equal(frame->n_rows, want->n);
    for (size_t i = 0; i < want->n; i++) same(cell(frame, column, i), want->x[i]);
}

static void same_days(const Frame *frame, const char *column, const Line *want)
{
    assert_int_equal(frame->n_rows, want->n);
    for (size_t i = 0; i < want->n; i++) same(cell(frame, column, i) / DAY_NS, want->x[i]);
}

/* ---- joins */

static Frame *joined(const Frame *a, const Frame *b, bool asof, bool strict, Value within, bool inner,
                     JoinCounts *counts)
{
    static const int keys[] = { 0 };
    JoinPlan plan = { keys, keys, 1, asof ? 1 : -1, asof ? 1 : -1, within, strict, inner };
    Err err = { 0 };
    Frame *out = frame_join(a, b, &plan, counts, NULL, NULL, &err);
    if (!out) fail_msg("%s", err.message);
    return out;
}

static void test_join(void **unused)
{
    (void)unused;
    Frame *a = stored_frame("a", "x"), *b = stored_frame("b", "y");
    JoinCounts counts;
    for (int inner = 0; inner < 2; inner++) {
        Frame *out = joined(a, b, false, false, value_missing(), inner, &counts);
        const Line *row = line_of(inner ? "inner" : "left", "row");
        same_line(out, "y", line_of(inner ? "inner" : "left", "x"));
        for (size_t i = 0; i < row->n; i++) assert_int_equal(frame_row_number(out, i), (int)row->x[i]);
        assert_int_equal(counts.matched + counts.unmatched, a->n_rows);
        assert_true(counts.unmatched > 0 && counts.unused > 0 && counts.copies > counts.multiplied);
        assert_int_equal(out->n_rows - (inner ? 0 : counts.unmatched),
                         counts.copies + counts.matched - counts.multiplied);
        frame_unref(out);
    }
    frame_unref(a);
    frame_unref(b);
}

static void test_asof(void **unused)
{
    (void)unused;
    Frame *a = stored_frame("a", "x"), *b = stored_frame("b", "y");
    Value ten = { .type = VALUE_DURATION, .duration = { 0, 10 * DAY_NS } };
    JoinCounts counts;
    static const char *const names[] = { "asof", "strict", "within" };
    for (int k = 0; k < 3; k++) {
        Frame *out = joined(a, b, true, k == 1, k == 2 ? ten : value_missing(), false, &counts);
        same_line(out, "y", line_of(names[k], "x"));
        assert_int_equal(counts.multiplied, 0);
        assert_true(frame_find(out, "day_b") >= 0); /* the age can be seen */
        frame_unref(out);
    }
    frame_unref(a);
    frame_unref(b);
}

/* A month is known when it is over; texts and categories meet; a missing key meets nothing. */
static void test_keys(void **unused)
{
    (void)unused;
    static const char *const texts[] = { "b", NULL, "a", "c" }, *const levels[] = { "a", "b" };
    static const uint32_t codes[] = { 1, 2, 0 };
    int64_t days[4], months[3], ns;
    for (int i = 0; i < 4; i++) assert_true(time_make(2020, 2, 1 + i * 28, 0, 0, 0, &ns) || i), days[i] = ns;
    for (int i = 0; i < 3; i++) assert_true(time_make(2020, 1 + i, 1, 0, 0, 0, &months[i]));
    Column *left[] = { text_column(texts, 4), integers_column(COLUMN_TIME, days, 4) };
    Column *right[] = { category_column(levels, 2, codes, 3), integers_column(COLUMN_TIME, months, 3) };
    left[1]->unit = UNIT_DAY;
    right[1]->unit = UNIT_MONTH;
    Frame *a = frame_new((const char *[]){ "k", "day" }, left, 2, 4, "a");
    Frame *b = frame_new((const char *[]){ "k", "month" }, right, 2, 3, "b");
    JoinCounts counts;
    Frame *out = joined(a, b, false, false, value_missing(), false, &counts);
    assert_int_equal(counts.matched, 2);
    assert_int_equal(counts.unused, 1);
    assert_true(cell(out, "month", 0) == (double)months[1] && cell(out, "month", 2) == (double)months[0]);
    frame_unref(out);
    JoinPlan plan = { NULL, NULL, 0, 1, 1, value_missing(), false, false };
    Err err = { 0 };
    out = frame_join(a, b, &plan, &counts, NULL, NULL, &err); /* on the first of February: January */
    assert_non_null(out);
    assert_true(cell(out, "month", 0) == (double)months[0]);
    frame_unref(out);
    static const int text_key[] = { 0 }, time_key[] = { 1 };
    plan = (JoinPlan){ text_key, time_key, 1, -1, -1, value_missing(), false, false };
    assert_null(frame_join(a, b, &plan, &counts, NULL, NULL, &err));
    assert_string_equal(err_code_word(err.code), "bad_type");
    frame_unref(a);
    frame_unref(b);
}

/* What a joined frame keeps. */
static void test_kept(void **unused)
{
    (void)unused;
    Frame *a = stored_frame("a", "x"), *b = stored_frame("b", "y");
    assert_true(frame_set_role(a, "x", ROLE_TARGET, NULL) && frame_set_role(b, "y", ROLE_TARGET, NULL));
    a->split = split_make(a,
                          &(SplitPlan){ .train = 0.5,
                                        .valid = 0.5,
                                        .given_train = true,
                                        .given_valid = true,
                                        .order = 2,
                                        .stratify = -1,
                                        .group = -1,
                                        .fold_column = -1,
                                        .seed = 1,
                                        .words = "" },
                          NULL, NULL);
    assert_non_null(a->split);
    JoinCounts counts;
    Frame *out = joined(a, b, false, false, value_missing(), false, &counts);
    for (size_t i = 0; i < out->n_rows; i++)
        assert_int_equal(out->split->part[i], a->split->part[frame_row_number(out, i) - 1]);
    assert_int_equal(out->columns[frame_find(out, "y")].role, ROLE_HELD);
    assert_int_equal(out->columns[frame_find(out, "x")].role, ROLE_TARGET);
    frame_unref(out);
    out = frame_append(a, b, NULL, NULL);
    assert_int_equal(out->n_rows, a->n_rows + b->n_rows);
    assert_null(out->split);
    assert_true(isnan(cell(out, "x", a->n_rows)) && isnan(cell(out, "y", 0)));
    same(cell(out, "id", a->n_rows), cell(b, "id", 0));
    assert_int_equal(out->columns[frame_find(out, "y")].role, ROLE_HELD);
    frame_unref(out);
    frame_unref(a);
    frame_unref(b);
}

/* ---- groups */

static Expr *of_x(const char *function)
{
    Expr *x = expr_column(arena, "x", nowhere);
    return expr_call(arena, expr_function_find(function), &x, 1, NULL, nowhere, NULL);
}

static void test_group(void **unused)
{
    (void)unused;
    static const char *const names[] = { "count", "sum",    "mean",  "std", "min",
                                         "max",   "median", "first", "last" };
    enum { N = sizeof names / sizeof *names };
    static const int by[] = { 0 };
    Frame *a = stored_frame("a", "x");
    GroupColumn columns[N + 1];
    Value one = value_number(1);
    Expr *ones = expr_constant(arena, &one, nowhere, NULL);
    for (int k = 0; k < N; k++) columns[k] = (GroupColumn){ names[k], of_x(names[k]) };
    columns[N] =
        (GroupColumn){ "n", expr_call(arena, expr_function_find("count"), &ones, 1, NULL, nowhere, NULL) };
    GroupPlan plan = { .by = by, .n_by = 1, .columns = columns, .n = N + 1 };
    Err err = { 0 };
    Frame *out = frame_group(a, &plan, NULL, NULL, &err);
    if (!out) fail_msg("%s", err.message);
    same_line(out, "id", line("group.id"));
    for (int k = 0; k <= N; k++) same_line(out, columns[k].name, line_of("group", columns[k].name));
    assert_int_equal(out->columns[0].role, ROLE_ID);
    frame_unref(out);
    columns[0].expr = expr_column(arena, "x", nowhere);
    assert_null(frame_group(a, &plan, NULL, NULL, &err));
    assert_string_equal(err_code_word(err.code), "bad_group");
    frame_unref(a);
}

static void test_periods(void **unused)
{
    (void)unused;
    static const char *const names[] = { "week", "month", "quarter", "year" };
    static const int by[] = { 0 };
    Frame *a = stored_frame("a", "x"), *filled = frame_version(a);
    uint8_t keep[MOST];
    for (size_t i = 0; i < a->n_rows; i++) keep[i] = cell(a, "x", i) > -1e9; /* not missing */
    assert_true(frame_filter(filled, keep, NULL));
    GroupColumn columns[] = { { "close", of_x("last") }, { "high", of_x("max") } };
    for (int k = 0; k < 4; k++) {
        GroupPlan plan = { by, 1, true, { .unit = (PeriodUnit)(PERIOD_WEEK + k) }, columns, 2 };
        Err err = { 0 };
        Frame *out = frame_group(filled, &plan, NULL, NULL, &err);
        if (!out) fail_msg("%s", err.message);
        same_line(out, "id", line_of(names[k], "id"));
        same_days(out, "day", line_of(names[k], "day"));
        same_line(out, "close", line_of(names[k], "close"));
        same_line(out, "high", line_of(names[k], "high"));
        frame_unref(out);
    }
    frame_unref(filled);
    frame_unref(a);
}

/* ---- wide and long */

static void test_reshape(void **unused)
{
    (void)unused;
    static const int ids[] = { 0 }, melted[] = { 1, 2 };
    const Line *id = line("wide.id"), *days = line("wide.columns"), *cells = line("wide.cells");
    Frame *a = stored_frame("a", "x"), *early = frame_version(a);
    uint8_t keep[MOST];
    for (size_t i = 0; i < a->n_rows; i++)
        keep[i] = cell(a, "day", i) / DAY_NS <= days->x[days->n - 1] ? 1 : 0;
    assert_true(frame_filter(early, keep, NULL));
    WidePlan plan = { ids, 1, 1, 2 };
    Err err = { 0 };
    Frame *wide = frame_wide(early, &plan, NULL, NULL, &err);
    if (!wide) fail_msg("%s", err.message);
    assert_int_equal(wide->n_rows, id->n);
    assert_int_equal(wide->n_columns, (int)days->n + 1);
    for (size_t g = 0; g < id->n; g++) {
        size_t row = 0;
        while (id->x[row] != cell(wide, "id", g)) row++;
        for (size_t k = 0; k < days->n; k++)
            same(cell(wide, wide->columns[k + 1].name, g), cells->x[row * days->n + k]);
    }
    LongPlan back = { (const int[]){ 1, 2 }, 2, "item", "amount" };
    Frame *tall = frame_long(wide, &back, &err);
    assert_int_equal(tall->n_rows, 2 * wide->n_rows);
    for (size_t i = 0; i < tall->n_rows; i++) {
        same(cell(tall, "amount", i), cell(wide, wide->columns[1 + i % 2].name, i / 2));
        assert_int_equal(frame_row_number(tall, i), (int)(i / 2 + 1));
    }
    assert_null(frame_long(a, &(LongPlan){ melted, 2, "item", "amount" }, &err)); /* a date beside numbers */
    assert_string_equal(err_code_word(err.code), "bad_type");
    err_clear(&err);
    plan.key = 0, plan.n_ids = 0;
    assert_null(frame_wide(a, &plan, NULL, NULL, &err));
    assert_string_equal(err_code_word(err.code), "bad_reshape");
    frame_unref(tall);
    frame_unref(wide);
    frame_unref(early);
    frame_unref(a);
}

/* ---- labels */

static Expr *barrier(double span, double up, double down, double horizon, const char *vertical)
{
    Record *keyed = value_record(arena).record;
    record_number(arena, keyed, "span", span);
    record_number(arena, keyed, "up", up);
    record_number(arena, keyed, "down", down);
    record_number(arena, keyed, "horizon", horizon);
    record_set(arena, keyed, "vertical", value_word(arena, vertical));
    Expr *price = expr_column(arena, "price", nowhere);
    Err err = { 0 };
    Expr *expr = expr_call(arena, expr_function_find("barrier"), &price, 1, keyed, nowhere, &err);
    if (!expr) fail_msg("%s", err.message);
    return expr;
}

static void test_barrier(void **unused)
{
    (void)unused;
    const Line *price = line("price");
    Column *columns[] = { numbers_column(price->x, price->n) };
    Frame *frame = frame_new((const char *[]){ "price" }, columns, 1, price->n, "p");
    Expr *exprs[] = { barrier(20, 1.5, 1, 8, "zero"), barrier(100, 2, 2, 5, "sign"),
                      barrier(30, 1, 0, 10, "zero") };
    static const char *const names[] = { "barrier", "sign", "upper" };
    static const int horizons[] = { 8, 5, 10 };
    for (int k = 0; k < 3; k++) {
        Err err = { 0 };
        assert_int_equal(expr_lead(exprs[k], frame), horizons[k]);
        if (!rowprogram_derive(frame, names[k], exprs[k], NULL, false, NULL, NULL, &err))
            fail_msg("%s", err.message);
        same_line(frame, names[k], line(names[k]));
        assert_int_equal(frame->columns[frame_find(frame, names[k])].role, ROLE_HELD);
    }
    frame_unref(frame);
}

static void test_uniqueness(void **unused)
{
    (void)unused;
    const Line *price = line("price");
    Column *columns[] = { numbers_column(price->x, price->n) };
    Frame *frame = frame_new((const char *[]){ "price" }, columns, 1, price->n, "p");
    Expr *touched = barrier(20, 1.5, 1, 8, "zero");
    touched->call.function = expr_function_find("touched");
    Err err = { 0 };
    assert_true(rowprogram_derive(frame, "touched", touched, NULL, false, NULL, NULL, &err));
    same_line(frame, "touched", line("touched"));
    Expr *own = barrier(20, 1.5, 1, 8, "zero");
    own->call.function = expr_function_find("uniqueness");
    assert_true(rowprogram_derive(frame, "w", own, NULL, false, NULL, NULL, &err));
    same_line(frame, "w", line("uniqueness"));
    assert_int_equal(frame->columns[frame_find(frame, "w")].lead, 8); /* as far ahead as the labels */
    assert_true(frame_set_role(frame, "w", ROLE_WEIGHT, &err));
    assert_false(frame_set_role(frame, "touched", ROLE_INPUT, &err));
    assert_true(frame_set_role(frame, "touched", ROLE_WEIGHT, NULL));
    assert_int_equal(frame->columns[frame_find(frame, "w")].role, ROLE_HELD); /* and no input now */
    frame_unref(frame);
}

static void test_fractional_differences(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double d, cutoff;
    } cases[] = { { "frac4", 0.4, 1e-2 }, { "frac10", 1, 1e-4 }, { "frac13", 1.3, 1e-3 } };
    const Line *price = line("gapped");
    Column *columns[] = { numbers_column(price->x, price->n) };
    Frame *frame = frame_new((const char *[]){ "x" }, columns, 1, price->n, "p");
    for (int k = 0; k < 3; k++) {
        Err err = { 0 };
        Record *keyed = value_record(arena).record;
        record_number(arena, keyed, "d", cases[k].d);
        record_number(arena, keyed, "cutoff", cases[k].cutoff);
        Expr *x = expr_column(arena, "x", nowhere);
        Expr *expr = expr_call(arena, expr_function_find("fracdiff"), &x, 1, keyed, nowhere, &err);
        assert_true(rowprogram_derive(frame, cases[k].name, expr, NULL, false, NULL, NULL, &err));
        same_line(frame, cases[k].name, line(cases[k].name));
    }
    frame_unref(frame);
}

static void test_first_and_last_of_texts(void **unused)
{
    (void)unused;
    static const char *const levels[] = { "a", "b" };
    const uint32_t codes[] = { 0, 1, 2, 2, 0, 1 };
    const int64_t ids[] = { 1, 1, 1, 2, 2, 2 }, days[] = { 5, 6, 7, INTEGER_MISSING, 2, 3 };
    const char *const names[] = { "id", "tag", "day" };
    Column *columns[] = { integers_column(COLUMN_INTEGER, ids, 6), category_column(levels, 2, codes, 6),
                          integers_column(COLUMN_TIME, days, 6) };
    Frame *frame = frame_new(names, columns, 3, 6, "f");
    Err err = { 0 };
    Expr *tag = expr_column(arena, "tag", nowhere), *day = expr_column(arena, "day", nowhere);
    GroupColumn made[] = {
        { "tag", expr_call(arena, expr_function_find("first"), &tag, 1, NULL, nowhere, &err) },
        { "last", expr_call(arena, expr_function_find("last"), &tag, 1, NULL, nowhere, &err) },
        { "day", expr_call(arena, expr_function_find("first"), &day, 1, NULL, nowhere, &err) }
    };
    GroupPlan plan = { .by = (int[]){ 0 }, .n_by = 1, .columns = made, .n = 3 };
    Frame *out = frame_group(frame, &plan, NULL, NULL, &err);
    assert_non_null(out);
    static const char *const expected[] = {
        "ab", "ba"
    }; /* first, last of each id: what is missing is passed over */
    for (size_t row = 0; row < 2; row++) {
        for (int k = 0; k < 2; k++) {
            Buf text = { 0 };
            column_text(out->columns[1 + k].column, row, &text);
            assert_int_equal(buf_text(&text)[0], expected[row][k]);
            buf_free(&text);
        }
        assert_int_equal(out->columns[3].column->integers[row], row ? 2 : 5);
    }
    frame_unref(out);
    frame_unref(frame);
}

static void test_periods_of_the_clock(void **unused)
{
    (void)unused;
    int64_t minute = 60000000000, last;
    Value every = { .type = VALUE_DURATION };
    Period period;
    every.duration.ns = 5 * minute;
    assert_true(period_read(&every, &period));
    assert_int_equal(period_label(DAY_NS + 34 * minute, period, &last), DAY_NS + 35 * minute);
    assert_int_equal(last, DAY_NS + 35 * minute - 1);
    assert_int_equal(period_label(DAY_NS + 35 * minute, period, &last), DAY_NS + 40 * minute);
    assert_int_equal(period_label(-minute, period, &last), 0); /* before 1970 */
    every.duration.ns = 7 * minute;
    assert_false(period_read(&every, &period)); /* does not divide a day */
    every.duration.ns = 7 * DAY_NS;
    assert_true(period_read(&every, &period) && period.unit == PERIOD_WEEK);
}

static void looked_up(const Frame *a, const Frame *b, const char *function, Expr *value, Value within,
                      Value over, const char *want)
{
    Lookup lookup = { b, expr_function_find(function), value, within, over, nowhere };
    const Line *expected = line(want);
    Column *column;
    Err err = { 0 };
    if (!lookup_column(a, &lookup, NULL, NULL, &column, &err)) fail_msg("%s", err.message);
    for (size_t i = 0; i < expected->n; i++) same(column_number(column, i), expected->x[i]);
    column_unref(column);
}

static void test_lookup(void **unused)
{
    (void)unused;
    Frame *a = stored_frame("a", "x"), *b = stored_frame("b", "y");
    Value twenty = { .type = VALUE_DURATION, .duration = { 0, 20 * DAY_NS } };
    Value fifteen = { .type = VALUE_DURATION, .duration = { 0, 15 * DAY_NS } };
    Value half = value_number(0.5), none = value_missing();
    Expr *y = expr_column(arena, "y", nowhere), *limit = expr_constant(arena, &half, nowhere, NULL);
    Expr *above = expr_call(arena, expr_function_find(">"), (Expr *[]){ y, limit }, 2, NULL, nowhere, NULL);
    looked_up(a, b, "any", above, twenty, none, "any.after");
    looked_up(a, b, "mean", y, none, fifteen, "mean.before");
    looked_up(a, b, "max", y, none, value_number(3), "max.three");
    frame_unref(a);
    frame_unref(b);
}

/* The order of words against a plain sort, with missing values last. */
static void test_order(void **unused)
{
    (void)unused;
    enum { N = 3000 };
    uint64_t state = 5;
    double x[N];
    static uint32_t rows[N];
    for (int i = 0; i < N; i++) {
        double u = test_random(&state);
        x[i] = u < 0.05 ? NAN : u < 0.5 ? floor(u * 10) - 3 : (u - 0.7) * pow(10, 12 * u);
    }
    Column *columns[] = { numbers_column(x, N) };
    Frame *frame = frame_new((const char *[]){ "x" }, columns, 1, N, "f");
    KeyColumn key = { frame, 0, NULL };
    assert_true(key_words(&key, 1, NULL));
    const uint64_t *words[] = { key.words };
    assert_true(key_order(words, 1, rows, N, NULL));
    for (int i = 1; i < N; i++) {
        double before = x[rows[i - 1]], after = x[rows[i]];
        assert_true(isnan(after) || before <= after);
        if (before == after || (isnan(before) && isnan(after))) assert_true(rows[i - 1] < rows[i]);
    }
    mem_free(key.words);
    frame_unref(frame);
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
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_asof),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_group),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_reshape),
        cmocka_unit_test(test_barrier),
        cmocka_unit_test(test_uniqueness),
        cmocka_unit_test(test_fractional_differences),
        cmocka_unit_test(test_first_and_last_of_texts),
        cmocka_unit_test(test_periods_of_the_clock),
        cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests_name("data_building", tests, setup, teardown);
}
