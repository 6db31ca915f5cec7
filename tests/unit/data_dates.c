/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and times as files write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/data_sources.h"

#include "data/sources/cell_time.h"

static void is_read_as(const char *text, const char *want, TimeUnit unit)
{
    TimeText time;
    int64_t ns = 0;
    Buf out = { 0 };
    bool ok = cell_time_scan(text, strlen(text), false, &time) && cell_time_make(&time, true, &ns);
    if (!ok && !want) return;
    if (!ok || !want) fail_msg("%s is %s", text, ok ? "read" : "no date");
    time_write(&out, ns, time.unit);
    if (strcmp(buf_text(&out), want) != 0) fail_msg("%s is %s, not %s", text, buf_text(&out), want);
    assert_int_equal(time.unit, unit);
    buf_free(&out);
}

static void every_form_is_read(void **state)
{
    (void)state;
    is_read_as("2004-01-31", "2004-01-31", UNIT_DAY);
    is_read_as("31.1.2004", "2004-01-31", UNIT_DAY);
    is_read_as("01JAN2020", "2020-01-01", UNIT_DAY);
    is_read_as("1-Jan-20", "2020-01-01", UNIT_DAY);
    is_read_as("1-Jan-69", "1969-01-01", UNIT_DAY);
    is_read_as("31 January 2020", "2020-01-31", UNIT_DAY);
    is_read_as("Sept 30, 2020", "2020-09-30", UNIT_DAY);
    is_read_as("Jan-31-2020", "2020-01-31", UNIT_DAY);
    is_read_as("2008-07", "2008-07", UNIT_MONTH);
    is_read_as("Jul-08", "2008-07", UNIT_MONTH);
    is_read_as("July 2008", "2008-07", UNIT_MONTH);
    is_read_as("JUL2008", "2008-07", UNIT_MONTH);
    is_read_as("2008Q2", "2008Q2", UNIT_QUARTER);
    is_read_as("2008-Q2", "2008Q2", UNIT_QUARTER);
    is_read_as("Q2 2008", "2008Q2", UNIT_QUARTER);
    is_read_as("q2/2008", "2008Q2", UNIT_QUARTER);
    is_read_as("2Q2008", "2008Q2", UNIT_QUARTER);
    is_read_as("2020-01-31T10:30:15Z", "2020-01-31T10:30:15", UNIT_SECOND);
    is_read_as("2020-01-31T10:30:15.25+02:00", "2020-01-31T08:30:15.25", UNIT_SECOND);
    is_read_as("2020-01-31 23:30:15 -0200", "2020-02-01T01:30:15", UNIT_SECOND);
    is_read_as("31/1/2020 9:30 PM", "2020-01-31T21:30:00", UNIT_SECOND);
    is_read_as("31/1/2020 12:05 am", "2020-01-31T00:05:00", UNIT_SECOND);
    is_read_as("01JAN2020:10:30:15", "2020-01-01T10:30:15", UNIT_SECOND);
}

static void nothing_else_is(void **state)
{
    static const char *const texts[] = { "",
                                         "Mayor 2020",
                                         "May",
                                         "Jul 08",
                                         "31-Jul",
                                         "Q5 2008",
                                         "Q2",
                                         "30FEB2020",
                                         "2008-13",
                                         "5 apples",
                                         "Q22008",
                                         "JAN",
                                         "May 5",
                                         "1-Jan-2",
                                         "2008-Q2 10",
                                         "2020-02-30",
                                         "10:30",
                                         "13:30 PM",
                                         "5Q2008",
                                         "01JAN2020x",
                                         "2020-01-31T25:00",
                                         "2020-01-31 10:30 +25:00" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) is_read_as(texts[i], NULL, UNIT_DAY);
}

static Frame *read_column(Trial *trial, const char *text)
{
    trial_text(trial, "x.csv", text);
    return trial_load(trial, "x.csv");
}

static void clock_times_are_seconds(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_column(&trial, "a,b,c\n10:30,10:30:15.25,9:30 PM\n0:00,,12:00 AM\n");
    assert_non_null(frame);
    assert_string_equal(type_of(frame, "a"), "number");
    assert_string_equal(cell(frame, "a", 0), "37800");
    assert_string_equal(cell(frame, "a", 1), "0");
    assert_string_equal(cell(frame, "b", 0), "37815.25");
    assert_string_equal(cell(frame, "b", 1), "");
    assert_string_equal(cell(frame, "c", 0), "77400");
    assert_int_equal(trial.notes.n, 3);
    frame_unref(frame);
    frame = read_column(&trial, "a,b\n10:30,x\n25:30,y\n");
    assert_string_equal(type_of(frame, "a"), "category"); /* 25:30 is no time of the day */
    assert_string_equal(cell(frame, "a", 0), "10:30");
    frame_unref(frame);
    Value types = value_record(trial.arena);
    record_text(trial.arena, types.record, "a", "number"); /* as like=MODEL gives them */
    trial_option(&trial.load, "types", types);
    frame = read_column(&trial, "a,b\n10:30,x\n10:31,y\n");
    assert_string_equal(cell(frame, "a", 1), "37860");
    frame_unref(frame);
    trial_end(&trial);
}

/* 1 of month k, written month first and day first. */
static void write_months(Buf *out, bool day_first, int from, int n)
{
    buf_puts(out, "when,x\n");
    for (int k = from; k < from + n; k++)
        buf_printf(out, day_first ? "1/%d/%d,%d\n" : "%d/1/%d,%d\n", k % 12 + 1, 2000 + k / 12, k);
}

static void spacing_decides_and_says_so(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    for (int day_first = 0; day_first < 2; day_first++) {
        Buf text = { 0 };
        write_months(&text, day_first, 3, 30);
        Frame *frame = read_column(&trial, buf_text(&text));
        assert_non_null(frame);
        assert_string_equal(cell(frame, "when", 1), "2000-05-01");
        assert_int_equal(trial.notes.n, 1);
        assert_non_null(strstr(trial.notes.texts[0], day_first ? "day/month/year" : "month/day/year"));
        frame_unref(frame);
        buf_free(&text);
    }
    trial_end(&trial);
}

/* Twelve months of one year are as even as twelve days of one January; a gap leaves nothing even. */
static void spacing_that_does_not_decide_is_no_guess(void **state)
{
    (void)state;
    Trial trial;
    Buf text = { 0 };
    trial_begin(&trial);
    write_months(&text, false, 0, 12);
    assert_null(read_column(&trial, buf_text(&text)));
    assert_int_equal(trial.err.code, CODE_ambiguous_dates);
    buf_clear(&text);
    write_months(&text, false, 0, 30);
    buf_puts(&text, "12/1/2002,0\n");
    assert_null(read_column(&trial, buf_text(&text)));
    assert_int_equal(trial.err.code, CODE_ambiguous_dates);
    assert_null(read_column(&trial, "when,x\n1/1/2020,1\n2/1/2020,2\n4/1/2020,2\n"));
    assert_int_equal(trial.err.code, CODE_ambiguous_dates);
    buf_free(&text);
    trial_end(&trial);
}

static void short_years_are_said(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_column(&trial, "when,x\nJul-08,1\nAug-99,2\n");
    assert_non_null(frame);
    assert_string_equal(cell(frame, "when", 0), "2008-07");
    assert_string_equal(cell(frame, "when", 1), "1999-08");
    assert_int_equal(trial.notes.n, 1);
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(nothing_else_is),
        cmocka_unit_test(clock_times_are_seconds),
        cmocka_unit_test(spacing_decides_and_says_so),
        cmocka_unit_test(spacing_that_does_not_decide_is_no_guess),
        cmocka_unit_test(short_years_are_said),
    };
    return cmocka_run_group_tests_name("data_dates", tests, NULL, NULL);
}
