/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as text, copies, comparison, records; the calendar. */
#include "base/value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void check_text(Value value, const char *written, const char *shown)
{
    Buf buf = { 0 };
    value_write(&buf, &value);
    assert_string_equal(buf_text(&buf), written);
    buf_clear(&buf);
    value_show(&buf, &value, 3);
    assert_string_equal(buf_text(&buf), shown);
    buf_free(&buf);
}

static Value number_in(double x, char unit)
{
    Value value = value_number(x);
    value.unit = unit;
    return value;
}

static Value duration(int64_t months, int64_t ns)
{
    Value value = { .type = VALUE_DURATION };
    value.duration.months = months;
    value.duration.ns = ns;
    return value;
}

static void values_are_written(void **state)
{
    Arena *arena = *state;
    check_text(value_missing(), "missing", "missing");
    check_text(value_number(0.123456), "0.123456", "0.123");
    check_text(number_in(0.6, '%'), "60%", "60%");
    check_text(number_in(0.07, '%'), "7%", "7%");
    check_text(number_in(0.0005, 'b'), "5bp", "5bp");
    check_text(value_bool(true), "on", "on");
    check_text(value_text(arena, "a \"$x\"\\\n"), "\"a \\\"\\$x\\\"\\\\\\n\"", "a \"$x\"\\\n");
    check_text(value_word(arena, "valid.loss"), "valid.loss", "valid.loss");
    check_text(value_word(arena, "total debt"), "`total debt`", "total debt");
    check_text(value_word(arena, "if"), "`if`", "if");
    check_text(value_word(arena, "收入"), "收入", "收入");
    check_text(duration(0, 5LL * 86400 * 1000000000), "5d", "5d");
    check_text(duration(0, 90LL * 60 * 1000000000), "90min", "90min");
    check_text(duration(24, 0), "2y", "2y");
    check_text(duration(5, 0), "5mo", "5mo");
    check_text(duration(0, 0), "0d", "0d");
    Value to = value_number(20), range = { .type = VALUE_RANGE };
    range.range.to = &to;
    check_text(range, "..20", "..20");
}

static Value nested(Arena *arena)
{
    Value record = value_record(arena), list = value_list(arena, 2);
    list.list.items[0] = value_number(1);
    list.list.items[1] = value_text(arena, "b");
    record_number(arena, record.record, "x", 2);
    record_set(arena, record.record, "list", list);
    record_text(arena, record.record, "A 1", "y");
    record_number(arena, record_record(arena, record.record, "sub"), "0", 5);
    return record;
}

static void records_nest_copy_and_compare(void **state)
{
    Arena *arena = *state, *other = arena_new();
    Value record = nested(arena), copy = value_copy(other, record);
    check_text(record, "{x=2, list=[1, \"b\"], \"A 1\"=\"y\", sub={0=5}}",
               "{x=2, list=[1, b], \"A 1\"=y, sub={0=5}}");
    assert_true(value_equal(&record, &copy));
    record_number(arena, record.record, "x", 3);
    assert_false(value_equal(&record, &copy));
    assert_true(record_get(copy.record, "x")->number == 2);
    assert_null(record_get(copy.record, "y"));
    assert_ptr_equal(record_record(arena, record.record, "sub"), record_get(record.record, "sub")->record);
    for (int i = 0; i < 100; i++) record_number(arena, record.record, arena_format(arena, "m%d", i), i);
    assert_true(record_get(record.record, "m57")->number == 57);
    arena_free(other);
    Value a = value_number(NAN), b = number_in(0.5, '%'), c = value_number(0.5);
    assert_true(value_equal(&a, &a));
    assert_true(value_equal(&b, &c));
}

static void calendar_agrees_with_the_library(void **state)
{
    (void)state;
    for (int64_t day = -106751; day <= 106751; day += 13) {
        time_t seconds = (time_t)(day * 86400 + 4321);
        struct tm expected;
        gmtime_r(&seconds, &expected);
        TimeParts parts = time_parts((int64_t)seconds * 1000000000 + 7);
        assert_int_equal(parts.year, expected.tm_year + 1900);
        assert_int_equal(parts.month, expected.tm_mon + 1);
        assert_int_equal(parts.day, expected.tm_mday);
        assert_int_equal(parts.weekday, expected.tm_wday ? expected.tm_wday : 7);
        assert_int_equal(parts.hour * 3600 + parts.minute * 60 + parts.second, 4321);
        assert_int_equal(parts.ns, 7);
        int64_t ns;
        assert_true(time_make(parts.year, parts.month, parts.day, 1, 12, 1, &ns));
        assert_true(ns == (int64_t)seconds * 1000000000);
    }
}

static void check_time(int64_t ns, TimeUnit unit, const char *expected)
{
    Buf buf = { 0 };
    time_write(&buf, ns, unit);
    assert_string_equal(buf_text(&buf), expected);
    buf_free(&buf);
}

static void dates_are_checked_and_added(void **state)
{
    (void)state;
    int64_t ns, day = 86400LL * 1000000000;
    assert_false(time_make(2023, 2, 29, 0, 0, 0, &ns));
    assert_false(time_make(1900, 2, 29, 0, 0, 0, &ns));
    assert_false(time_make(2023, 13, 1, 0, 0, 0, &ns));
    assert_false(time_make(2300, 1, 1, 0, 0, 0, &ns));
    assert_false(time_make(2023, 1, 1, 24, 0, 0, &ns));
    assert_true(time_make(2024, 1, 31, 10, 30, 15.25, &ns));
    check_time(ns, UNIT_SECOND, "2024-01-31T10:30:15.25");
    check_time(time_add(ns, 1, 0), UNIT_DAY, "2024-02-29");
    check_time(time_add(ns, -11, day), UNIT_DAY, "2023-03-01");
    check_time(time_add(ns, 0, day), UNIT_MONTH, "2024-02");
    check_time(time_add(ns, 12, 0), UNIT_YEAR, "2025");
    assert_true(time_add(ns, 12 * 500, 0) == INT64_MIN);
    assert_true(time_add(INT64_MIN, 1, 1) == INT64_MIN);
    assert_true(time_make(2024, 2, 1, 0, 0, 0, &ns));
    assert_true(time_period_end(ns, UNIT_MONTH) == ns + 29 * day - 1);
    assert_true(time_period_end(ns, UNIT_DAY) == ns + day - 1);
    time_parts(INT64_MIN);
    time_parts(INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written),
        cmocka_unit_test(records_nest_copy_and_compare),
        cmocka_unit_test(calendar_agrees_with_the_library),
        cmocka_unit_test(dates_are_checked_and_added),
    };
    return cmocka_run_group_tests_name("base_value", tests, setup, teardown);
}
