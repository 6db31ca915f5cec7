/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo and redo: one step is a simple statement in a file, an entry at the prompt; what it covers, what it
 * does not, and its budget. */
#include "support/session.h"

#include <stdio.h>
#include <unistd.h>

static int begin(void **state)
{
    static TestSession test;
    test_begin(&test);
    *state = &test;
    return 0;
}

static int end(void **state)
{
    test_end(*state);
    return 0;
}

static void a_statement_of_a_file_is_a_step(void **state)
{
    expect_prints(*state, "let a = 1\nlet a = 2\nlet a = 3\nquiet: undo\nprint $a\nquiet: undo\nprint $a",
                  "2\n1\n");
    expect_prints(*state, "quiet: redo\nprint $a\nquiet: redo\nprint $a", "2\n3\n");
    expect_fails(*state, "redo", "nothing_to_undo", "nothing to redo");
}

static void an_entry_at_the_prompt_is_a_step(void **state)
{
    assert_true(test_entry(*state, "let a = 1"));
    assert_true(test_entry(*state, "let a = 2\nlet b = 3\nfor i in 1..3\n let a = $a + $i\nend"));
    expect_prints(*state, "print $a $b", "8 3\n");
    assert_true(test_entry(*state, "undo"));
    expect_prints(*state, "print $a", "1\n");
    expect_fails(*state, "print $b", "no_variable", "$b");
    assert_true(test_entry(*state, "redo"));
    expect_prints(*state, "print $a $b", "8 3\n");
}

static void what_changes_nothing_is_no_step(void **state)
{
    assert_true(
        test_run(*state, "let a = 1\nlet a = 2\nprint $a\nshow\nset ui full\ncatch: let c = $nosuch"));
    expect_prints(*state, "quiet: undo\nprint $a", "1\n");
}

static void settings_and_frames_come_back(void **state)
{
    assert_true(test_run(*state, "simulate moons as toy rows=10\nset digits 7\ndrop toy x2\nforget toy\n"));
    expect_fails(*state, "head toy", "no_name", "toy");
    expect_prints(*state, "quiet: undo\nprint $toy.columns\nquiet: undo\nprint $toy.columns", "2\n3\n");
    assert_true(test_run(*state, "quiet: undo\nset digits"));
    assert_string_equal(test_out(*state), "digits 4\n");
}

static void a_new_change_ends_redo(void **state)
{
    assert_true(test_run(*state, "let a = 1\nlet a = 2\nundo\nlet b = 1"));
    expect_fails(*state, "redo", "nothing_to_undo", "redo");
}

static void saving_is_no_step(void **state)
{
    assert_true(test_run(
        *state, "simulate moons as toy rows=10\ndrop toy x2\nsave toy \"undo-test.csv\" replace\nundo"));
    expect_prints(*state, "print $toy.columns", "3\n");
    unlink("undo-test.csv");
}

static void counters_only_grow(void **state)
{
    assert_true(test_run(*state, "simulate moons as toy rows=40\nsplit toy train=50% valid=25% test=25%\n"
                                 "net m\n input toy\n dense 1 sigmoid\nend\ntrain m epochs=1 view=none\n"
                                 "evaluate m part=test\nundo\ntrials\n"));
    expect_prints(*state, "print $last.trials $last.test_openings", "1 1\n");
    expect_prints(*state, "print $m.epoch", "0\n");
}

static void what_goes_over_the_budget_is_dropped(void **state)
{
    TestSession *test = *state;
    assert_true(test_run(test, "set undo_memory 1\nsimulate uniform as big rows=50000\n"));
    assert_true(test_run(test, "for i in 1..5\n simulate uniform as big rows=50000 seed=$i replace\nend"));
    assert_in_range(test->session->n_undo, 1, 2);
    assert_non_null(strstr(buf_text(&test->display.err), "no longer kept"));
}

static void shared_columns_count_once(void **state)
{
    TestSession *test = *state;
    assert_true(test_run(test, "simulate uniform as big rows=20000\n"));
    assert_true(test_run(test, "for i in 1..20\n derive big z = x1 replace\n drop big z\nend"));
    assert_in_range((int)(test->session->undo_bytes / 1000), 0, 20 * 200 + 100);
}

static void undone_entries_leave_the_saved_session(void **state)
{
    TestSession *test = *state, again;
    assert_true(test_run(test, "let a = 1\nlet a = 2\n"));
    assert_true(test_entry(test, "let a = 3; let a = 4") && test_entry(test, "undo") &&
                test_entry(test, "undo"));
    assert_true(test_entry(test, "redo") && test_entry(test, "redo") && test_entry(test, "let c = $a"));
    assert_true(test_entry(test, "let a = 9; undo"));
    expect_prints(test, "print $a", "4\n");
    assert_true(test_entry(test, "save session \"undo-test.fns\" replace"));
    test_begin(&again);
    if (!test_run(&again, "include \"undo-test.fns\"")) fail_msg("%s", buf_text(&again.diagnosis));
    expect_prints(&again, "print $a", "4\n");
    test_end(&again);
    unlink("undo-test.fns");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_statement_of_a_file_is_a_step, begin, end),
        cmocka_unit_test_setup_teardown(an_entry_at_the_prompt_is_a_step, begin, end),
        cmocka_unit_test_setup_teardown(what_changes_nothing_is_no_step, begin, end),
        cmocka_unit_test_setup_teardown(settings_and_frames_come_back, begin, end),
        cmocka_unit_test_setup_teardown(a_new_change_ends_redo, begin, end),
        cmocka_unit_test_setup_teardown(saving_is_no_step, begin, end),
        cmocka_unit_test_setup_teardown(counters_only_grow, begin, end),
        cmocka_unit_test_setup_teardown(what_goes_over_the_budget_is_dropped, begin, end),
        cmocka_unit_test_setup_teardown(shared_columns_count_once, begin, end),
        cmocka_unit_test_setup_teardown(undone_entries_leave_the_saved_session, begin, end),
    };
    return cmocka_run_group_tests_name("lang_undo", tests, NULL, NULL);
}
