/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of Stata, SPSS and SAS, which tests/reference/statfiles.py wrote with other programs. Skipped in a
 * build without ReadStat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/data_sources.h"

#include "data/sources/statfile.h"

static Frame *load_reference(Trial *trial, const char *name)
{
    const char *source = getenv("FNS_SOURCE");
    const char *path =
        arena_format(trial->arena, "%s/tests/reference/statfiles/%s", source ? source : ".", name);
    Frame *frame = frame_load(path, NULL, &trial->load, &trial->report, &trial->notes, NULL, &trial->err);
    if (!frame && trial->err.message_id == MSG_no_readstat) {
        trial_end(trial);
        print_message("skipped: this build has no ReadStat\n");
        skip();
    }
    if (!frame) fail_msg("%s: %s", name, trial->err.message);
    return frame;
}

static size_t missing(const Trial *trial, const char *column, const char *code)
{
    for (int i = 0; i < trial->report.n_missing; i++)
        if (!strcmp(trial->report.missing[i].column, column) && !strcmp(trial->report.missing[i].code, code))
            return trial->report.missing[i].count;
    return 0;
}

static void stata(Trial *trial, const char *name)
{
    Frame *frame = load_reference(trial, name);
    assert_int_equal(frame->n_rows, 3);
    assert_string_equal(type_of(frame, "id"), "integer");
    assert_string_equal(cell(frame, "income", 0), "1500.5");
    assert_int_equal(missing(trial, "income", "."), 1);
    assert_string_equal(cell(frame, "opened", 0), "2020-01-31");
    assert_string_equal(cell(frame, "opened", 1), "");
    assert_string_equal(cell(frame, "opened", 2), "1959-12-31");
    assert_string_equal(cell(frame, "stamp", 0), "2020-01-31T10:30:15.25");
    assert_string_equal(cell(frame, "month", 0), "2008-07");
    assert_string_equal(cell(frame, "month", 2), "1959-12");
    assert_string_equal(cell(frame, "quarter", 2), "1959Q4");
    assert_string_equal(type_of(frame, "grade"), "category");
    assert_string_equal(cell(frame, "grade", 1), "bad");
    const Levels *levels = frame->columns[frame_find(frame, "grade")].column->levels;
    assert_int_equal(levels->n, 3); /* "never" is one, too */
    assert_string_equal(levels->names[0], "bad");
    assert_string_equal(cell(frame, "name", 0), "M\xC3\xBCller");
    assert_string_equal(cell(frame, "part", 2), "99");
    frame_unref(frame);
}

static void stata_files(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    stata(&trial, "new.dta");
    assert_int_equal(trial.notes.n, 1); /* part has a value without a label */
    stata(&trial, "old.dta");
    Frame *frame = load_reference(&trial, "tags.dta");
    assert_int_equal(missing(&trial, "dpd", ".a"), 1);
    assert_int_equal(missing(&trial, "dpd", ".b"), 1);
    assert_string_equal(cell(frame, "dpd", 0), "0");
    frame_unref(frame);
    trial_end(&trial);
}

static void spss(const char *name)
{
    Trial trial;
    trial_begin(&trial);
    Frame *frame = load_reference(&trial, name);
    assert_int_equal(frame->n_rows, 4);
    assert_string_equal(type_of(frame, "answer"), "category");
    assert_string_equal(cell(frame, "answer", 1), "no");
    assert_string_equal(cell(frame, "answer", 2), "");
    assert_int_equal(frame->columns[frame_find(frame, "answer")].column->levels->n, 2);
    assert_int_equal(missing(&trial, "answer", "9"), 1);
    assert_string_equal(type_of(frame, "dpd"), "number");
    assert_int_equal(missing(&trial, "dpd", "98"), 1);
    assert_int_equal(missing(&trial, "dpd", "99"), 1);
    assert_string_equal(cell(frame, "opened", 0), "2020-01-31");
    assert_int_equal(missing(&trial, "opened", "not finite"), 1); /* 1582 is outside what times hold */
    assert_string_equal(cell(frame, "stamp", 3), "2020-01-31T10:30:15");
    assert_string_equal(cell(frame, "name", 3), "\xE5\x8F\x8E\xE5\x85\xA5");
    assert_string_equal(cell(frame, "x", 2), "-1");
    frame_unref(frame);
    trial_end(&trial);
}

static void spss_files(void **state)
{
    (void)state;
    spss("plain.sav");
    spss("rows.sav");
}

static void sas_files(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame = load_reference(&trial, "plain.sas7bdat");
    assert_int_equal(frame->n_rows, 3);
    assert_string_equal(cell(frame, "x", 0), "1.5");
    assert_int_equal(missing(&trial, "x", "."), 1);
    assert_string_equal(cell(frame, "name", 0), "M\xC3\xBCller");
    assert_string_equal(cell(frame, "opened", 0), "2020-01-31");
    assert_string_equal(cell(frame, "opened", 2), "1959-12-31");
    assert_string_equal(cell(frame, "stamp", 0), "2020-01-31T10:30:15");
    frame_unref(frame);
    trial_end(&trial);
}

static void options_are_heeded(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Value types = value_record(trial.arena);
    record_text(trial.arena, types.record, "grade", "number");
    trial_option(&trial.load, "types", types);
    Frame *frame = load_reference(&trial, "new.dta");
    assert_string_equal(cell(frame, "grade", 0), "1"); /* the number behind the label */
    frame_unref(frame);
    trial_end(&trial);
    trial_begin(&trial);
    trial_option(&trial.load, "columns", value_word(trial.arena, "stamp"));
    frame = load_reference(&trial, "plain.sav");
    assert_int_equal(frame->n_columns, 1);
    frame_unref(frame);
    trial_end(&trial);
}

static void time_is(StatProgram program, const char *format, double x, const char *want)
{
    StatTime time;
    int64_t ns;
    Buf text = { 0 };
    bool is = stat_time_of(program, format, &time);
    if (is && stat_time_make(&time, x, &ns)) time_write(&text, ns, time.unit);
    if (strcmp(buf_text(&text), want) != 0) fail_msg("%s %g is '%s'", format, x, buf_text(&text));
    buf_free(&text);
}

static void formats_say_what_numbers_are(void **state)
{
    (void)state;
    time_is(STAT_STATA, "%td", 0, "1960-01-01");
    time_is(STAT_STATA, "%-tdD_m_Y", 366, "1961-01-01");
    time_is(STAT_STATA, "%tw", -1, "1959-12-24");
    time_is(STAT_STATA, "%tw", 53, "1961-01-08");
    time_is(STAT_STATA, "%tm", -1, "1959-12");
    time_is(STAT_STATA, "%tq", 193, "2008Q2");
    time_is(STAT_STATA, "%th", -1, "1959-07");
    time_is(STAT_STATA, "%9.0g", 1, "");
    time_is(STAT_STATA, "%tm", 1e9, "");
    time_is(STAT_SPSS, "DATE11", 13799721600, "2020-01-30");
    time_is(STAT_SPSS, "MOYR8", 13799721600, "2020-01");
    time_is(STAT_SPSS, "QYR6", 13799721600, "2020Q1");
    time_is(STAT_SPSS, "F8.2", 1, "");
    time_is(STAT_SPSS, "TIME8", 1, "");
    time_is(STAT_SAS, "YYMMDDN8", -1, "1959-12-31");
    time_is(STAT_SAS, "DATETIME", 1.5, "1960-01-01T00:00:01.5");
    time_is(STAT_SAS, "MONYY7", 31, "1960-02");
    time_is(STAT_SAS, "BEST12", 1, "");
    time_is(STAT_SAS, "DATE9", 1e300, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stata_files),
        cmocka_unit_test(spss_files),
        cmocka_unit_test(sas_files),
        cmocka_unit_test(options_are_heeded),
        cmocka_unit_test(formats_say_what_numbers_are),
    };
    return cmocka_run_group_tests_name("data_statfile", tests, NULL, NULL);
}
