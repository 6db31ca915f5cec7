/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files as one frame, quarters, and what is written: CSV with and without its guard, JSON lines; a
 * full disk leaves the old file. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "unit/data_sources.h"

static void rows_of_all_files(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_text(&trial, "B.csv", "close,day\n10.5,2020-02\nNA,2020-03\n");
    trial_text(&trial, "A.csv", "day,close\n2020-01-02,10\n");
    trial_option(&trial.load, "file", value_text(trial.arena, "ticker"));
    Frame *frame = trial_load(&trial, "*.csv");
    assert_non_null(frame);
    assert_int_equal(frame->n_rows, 3);
    assert_string_equal(cell(frame, "ticker", 0), "A");
    assert_string_equal(cell(frame, "ticker", 2), "B");
    assert_string_equal(type_of(frame, "ticker"), "category");
    assert_string_equal(type_of(frame, "close"), "number"); /* over all files */
    assert_string_equal(cell(frame, "close", 1), "10.5");
    assert_string_equal(cell(frame, "day", 1), "2020-02-01");
    assert_int_equal(trial.report.n_files, 2);
    assert_int_equal(trial.report.files[1].n_rows, 2);
    assert_int_equal(trial.report.missing[0].count, 1);
    frame_unref(frame);
    trial_option(&trial.load, "file", value_text(trial.arena, "day"));
    assert_null(trial_load(&trial, "*.csv"));
    assert_int_equal(trial.err.code, CODE_column_exists);
    trial_end(&trial);
}

static void texts_in_one_file_make_texts_of_all(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_text(&trial, "1.csv", "a,b\n1.50,x\n");
    trial_text(&trial, "2.csv", "a,b\nnone,y\n");
    trial_text(&trial, "3.csv", "a,b\n,z\n");
    Frame *frame = trial_load(&trial, "[0-9].csv");
    assert_non_null(frame);
    assert_string_equal(type_of(frame, "a"), "category");
    assert_string_equal(cell(frame, "a", 0), "1.50"); /* as the file writes it */
    assert_string_equal(cell(frame, "a", 2), "");
    assert_int_equal(trial.notes.n, 1);
    frame_unref(frame);
    trial_end(&trial);
}

static void errors_name_file_and_column(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_text(&trial, "A.csv", "a,b\n1,2\n");
    trial_text(&trial, "B.csv", "a,c\n1,2\n");
    assert_null(trial_load(&trial, "*.csv"));
    assert_int_equal(trial.err.code, CODE_files_differ);
    assert_non_null(strstr(trial.err.message, "B.csv' has no column 'b'"));
    trial_text(&trial, "B.csv", "a,b\n1,2\n1\n");
    assert_null(trial_load(&trial, "*.csv"));
    assert_non_null(strstr(trial.err.place, "B.csv:3"));
    assert_null(trial_load(&trial, "*.tsv"));
    assert_int_equal(trial.err.code, CODE_no_file);
    trial_text(&trial, "C[1].csv", "a,b\n1,2\n"); /* a name, not a pattern */
    Frame *frame = trial_load(&trial, "C[1].csv");
    assert_non_null(frame);
    assert_int_equal(trial.report.n_files, 0);
    frame_unref(frame);
    trial_end(&trial);
}

static void quarters_are_times(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_text(&trial, "q.csv", "q,r,bad\n2008Q2,2008-Q4,2008Q5\n2009Q1,2009-q1,2009Q1\n");
    Frame *frame = trial_load(&trial, "q.csv");
    assert_string_equal(type_of(frame, "q"), "date");
    assert_string_equal(cell(frame, "q", 0), "2008Q2");
    assert_string_equal(cell(frame, "r", 0), "2008Q4");
    assert_int_equal(time_parts(frame->columns[1].column->integers[0]).month, 10);
    assert_string_equal(type_of(frame, "bad"), "category");
    int64_t end = time_period_end(frame->columns[0].column->integers[0], UNIT_QUARTER);
    assert_int_equal(time_parts(end).month, 6);
    assert_true(trial_save(&trial, frame, "q.fnf"));
    Frame *again = trial_load(&trial, "q.fnf");
    assert_string_equal(cell(again, "q", 1), "2009Q1");
    frame_unref(again);
    frame_unref(frame);
    trial_end(&trial);
}

static const char tricky[] = "t,n\n\"=SUM(A1)\",-1\n\"say \"\"hi\"\"\n\t\\\",2\n-5x,\n@a,4\n-,5\n";

static void csv_is_guarded(void **state)
{
    (void)state;
    Trial trial;
    size_t n;
    trial_begin(&trial);
    trial_text(&trial, "t.csv", tricky);
    Frame *frame = trial_load(&trial, "t.csv");
    assert_non_null(frame);
    assert_true(trial_save(&trial, frame, "u.csv"));
    const char *text = trial_read(&trial, "u.csv", &n);
    assert_non_null(strstr(text, "\"'=SUM(A1)\",-1\n"));
    assert_non_null(strstr(text, "\"'-5x\",\n"));
    assert_non_null(strstr(text, "\"'@a\",4\n"));
    trial_option(&trial.save, "guard", value_bool(false));
    assert_true(trial_save(&trial, frame, "u.csv"));
    text = trial_read(&trial, "u.csv", &n);
    assert_non_null(strstr(text, "\n=SUM(A1),-1\n"));
    Frame *again = trial_load(&trial, "u.csv");
    for (size_t row = 0; row < frame->n_rows; row++)
        assert_string_equal(cell(again, "t", row), cell(frame, "t", row));
    frame_unref(again);
    assert_false(trial_save(&trial, frame, "u.jsonl")); /* guard= is for CSV */
    assert_int_equal(trial.err.code, CODE_unknown_option);
    frame_unref(frame);
    trial_end(&trial);
}

static void json_lines_are_escaped(void **state)
{
    (void)state;
    Trial trial;
    size_t n;
    trial_begin(&trial);
    trial_text(&trial, "t.csv", tricky);
    Frame *frame = trial_load(&trial, "t.csv");
    assert_true(trial_save(&trial, frame, "t.jsonl"));
    const char *text = trial_read(&trial, "t.jsonl", &n);
    assert_non_null(strstr(text, "{\"t\":\"say \\\"hi\\\"\\n\\t\\\\\",\"n\":2}\n"));
    assert_non_null(strstr(text, "{\"t\":\"-5x\",\"n\":null}\n"));
    assert_false(trial_save(&trial, frame, "t.unknown"));
    assert_int_equal(trial.err.code, CODE_no_reader);
    frame_unref(frame);
    trial_end(&trial);
}

/* A limit on the size of files stands in for a full disk. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    static const char *const names[] = { "o.csv", "o.jsonl", "o.fnf", "o.db", "o.npy" };
    Trial trial;
    Buf text = { 0 };
    struct rlimit old, small;
    trial_begin(&trial);
    buf_puts(&text, "x\n");
    for (int i = 0; i < 20000; i++) buf_printf(&text, "%d.5\n", i);
    trial_text(&trial, "x.csv", buf_text(&text));
    Frame *frame = trial_load(&trial, "x.csv");
    assert_non_null(frame);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 20000;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n;
        bool database = strstr(names[i], ".db") != NULL;
        if (!database) trial_text(&trial, names[i], "what was there");
        setrlimit(RLIMIT_FSIZE, &small);
        bool saved = trial_save(&trial, frame, names[i]);
        setrlimit(RLIMIT_FSIZE, &old);
        assert_false(saved);
        if (trial.err.code != CODE_write_failed) fail_msg("%s: %s", names[i], trial.err.message);
        if (database)
            assert_int_not_equal(access(trial_path(&trial, names[i]), F_OK), 0);
        else
            assert_string_equal(trial_read(&trial, names[i], &n), "what was there");
    }
    buf_free(&text);
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_all_files),
        cmocka_unit_test(texts_in_one_file_make_texts_of_all),
        cmocka_unit_test(errors_name_file_and_column),
        cmocka_unit_test(quarters_are_times),
        cmocka_unit_test(csv_is_guarded),
        cmocka_unit_test(json_lines_are_escaped),
        cmocka_unit_test(a_full_disk_leaves_the_old_file),
    };
    return cmocka_run_group_tests_name("data files", tests, NULL, NULL);
}
