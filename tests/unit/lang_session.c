/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements as transactions, blocks, defs, includes, prefixes, replacing, saving the session, memory. */
#include "support/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
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

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_failed_statement_changes_nothing(void **state)
{
    expect_fails(*state, "let a = 1 b = $nosuch", "no_variable", "nosuch");
    expect_fails(*state, "print $a", "no_variable", "$a");
    expect_prints(*state, "def f\n let k = 1\n catch: let k = 2 z = $no\n print \"$k\"\nend\nf", "1\n");
    assert_true(test_run(*state, "simulate moons as toy rows=10"));
    expect_fails(*state, "derive toy z = x1 w = nosuch", "no_column", "toy is unchanged");
    expect_prints(*state, "print $toy.columns", "3\n");
}

static void an_error_shows_its_place(void **state)
{
    assert_true(test_run(*state, "simulate credit as toy rows=10"));
    assert_false(test_run(*state, "# a comment\n  impute toy macr method=median"));
    assert_string_equal(buf_text(&((TestSession *)*state)->diagnosis),
                        "test:2:14: error: no column 'macr' in toy (9 columns)\n"
                        "    2 |   impute toy macr method=median\n"
                        "      |              ^~~~ did you mean 'macro'?\n"
                        "toy is unchanged\n");
    assert_false(test_run(*state, "drop toy `信用`  # wide characters before the mark"));
    expect_fails(*state, "print \"信用\" nosuch", "bare_word", "test:1:12");
    expect_fails(*state, "simulate moons as other rows=10 sed=3", "unknown_option", "did you mean 'seed'?");
    expect_fails(*state, "read_csv \"a\"", "unknown_verb", "load");
}

static void blocks_keep_what_was_done(void **state)
{
    expect_fails(*state, "for i in 1..5\n let done = $i\n assert $i < 3\nend", "assert", "$i < 3");
    expect_prints(*state, "print $done", "3\n");
}

static void loops_end_where_they_should(void **state)
{
    expect_prints(*state, "for i in [1, 2, 3]\n continue if $i == 2\n print $i\nend", "1\n3\n");
    expect_prints(*state, "let n = 0\nwhile on\n let n = $n + 1\n if $n > 4\n  break\n end\nend\nprint $n",
                  "5\n");
    expect_prints(*state, "for i in 1..2\n for j in 1..9\n  break if $j == 2\n  print $i $j\n end\nend",
                  "1 1\n2 1\n");
    expect_prints(*state, "for i in 3..1\n print $i\nend\nprint \"none\"", "none\n");
    expect_fails(*state, "break", "syntax", "stands in no loop");
    expect_fails(*state, "def f\n continue\nend\nfor i in 1..2\n f\nend", "syntax", "stands in no loop");
}

static void defs_have_parameters_and_locals(void **state)
{
    expect_prints(
        *state,
        "let x = 1\ndef f a b=2\n let x = $a * $b\n print $x\n return $x\nend\nf 5\nf 5 b=3\nprint $x $last",
        "10\n15\n1 15\n");
    expect_fails(*state, "f", "missing_argument", "a");
    expect_fails(*state, "f 1 2 3", "too_many", "f");
    expect_fails(*state, "f 1 a=2", "too_many", "given twice");
    expect_fails(*state, "f 1 c=2", "unknown_option", "c");
    expect_fails(*state, "f 1 if on", "bad_value", "takes no `if`");
    expect_prints(*state, "def g w\n if $w == \"loans\"\n  print \"word ${w}\"\n end\nend\ng loans",
                  "word loans\n");
    expect_fails(*state, "def r\n r\nend\nr", "too_deep_calls", "200");
    expect_fails(*state, "def train a\nend", "reserved", "verb");
    expect_prints(*state, "def f a\n print \"new $a\"\nend\nf 1", "new 1\n");
    expect_prints(*state, "print \"a\"\nreturn 3\nprint \"never\"", "a\n");
}

static void a_def_does_not_see_the_frame_around_its_call(void **state)
{
    assert_true(
        test_run(*state, "simulate moons as toy rows=10\ndef narrow f\n keep $f if x1 > -100\nend\n"));
    expect_prints(*state, "with toy\n narrow toy\nend", "toy: 10 of 10 rows\n");
}

static void prefixes_do_what_they_say(void **state)
{
    expect_prints(*state, "catch: print $nosuch\nprint \"${err.code} ${err.line}\"", "no_variable 1\n");
    expect_prints(*state, "catch: print 1\nprint ismissing($err.code)", "1\non\n");
    expect_prints(*state, "quiet: print 3", "");
    expect_prints(*state, "quiet: catch: for i in 1..2\n print $i\n assert off\nend\nprint $err.code",
                  "assert\n");
    TestSession *test = *state;
    atomic_store(&test->stop, 1);
    expect_fails(test, "catch: print 1", "interrupted", "interrupted");
    atomic_store(&test->stop, 0);
}

static void what_is_not_saved_is_not_replaced(void **state)
{
    assert_true(test_run(
        *state, "simulate moons as toy rows=10\nsimulate moons as toy rows=12\nderive toy z = x1\n"));
    expect_fails(*state, "simulate moons as toy rows=10", "exists", "write replace");
    assert_true(test_run(*state, "simulate moons as toy rows=10 replace\n"));
    expect_fails(*state, "let toy = 3", "exists", "another name");
    expect_fails(*state, "def toy\nend", "exists", "toy");
    expect_fails(*state, "simulate moons as last rows=10", "name_is_taken", "last");
}

static const char net[] = "net m\n input toy\n dense 3 tanh\n dense 1 sigmoid\nend\n";

static void an_identical_net_stays_as_it_is(void **state)
{
    TestSession *test = *state;
    assert_true(test_run(test, "simulate moons as toy rows=40\nsplit toy train=50% valid=50%\n"));
    assert_true(test_run(test, net) && test_run(test, "train m epochs=2 view=none") && test_run(test, net));
    expect_prints(test, "print $m.epoch", "2\n");
    expect_fails(test, "net m\n input toy\n dense 4 tanh\n dense 1 sigmoid\nend", "exists", "replace");
    assert_true(test_run(test, "net m replace\n input toy\n dense 4 tanh\n dense 1 sigmoid\nend"));
    expect_prints(test, "print $m.epoch", "0\n");
}

static void step_and_train_go_on_to_the_same_bits(void **state)
{
    TestSession *test = *state;
    assert_true(test_run(test, "simulate moons as toy rows=100\nsplit toy train=80% valid=20%\n") &&
                test_run(test, net));
    assert_true(test_run(test, "train m epochs=3 batch=16 view=none\nlet whole = $m.hash\nrewind m\n"
                               "step m 2 batch=16\nstep m 5 batch=16\n"));
    expect_prints(test, "print $m.epoch $last.batch", "1 2\n");
    assert_true(test_run(test, "train m epochs=2 batch=16 view=none\nassert $m.hash == $whole\n"));
}

static void includes_are_relative_to_their_script(void **state)
{
    TestSession *test = *state;
    write_file("inner.fns", "let inner = 1\nprint $nosuch\n");
    write_file("outer.fns", "include \"inner.fns\"\n");
    expect_fails(test, "include \"outer.fns\"", "no_variable", "inner.fns:2:7");
    assert_non_null(strstr(buf_text(&test->diagnosis), "included from"));
    expect_prints(test, "print $inner", "1\n");
    write_file("outer.fns", "include \"outer.fns\"\n");
    expect_fails(test, "include \"outer.fns\"", "too_deep_calls", "50");
    expect_fails(test, "include \"nosuch.fns\"", "no_file", "nosuch.fns");
    write_file("inner.fns", "let n = $n + 1\n");
    expect_prints(test, "let n = 0\nfor i in 1..50\n include \"inner.fns\"\nend\nprint $n", "50\n");
    assert_in_range(test->session->n_readings, 1, 80);
    unlink("inner.fns");
    unlink("outer.fns");
}

static void a_saved_session_runs_again(void **state)
{
    TestSession *test = *state, again;
    assert_true(test_entry(test, "set seed 5; simulate moons as toy rows=60"));
    assert_true(test_entry(test, "split toy train=50% valid=50%") && test_entry(test, net));
    assert_true(test_entry(test, "drop toy x2") && test_entry(test, "undo"));
    assert_false(test_entry(test, "for e in 1..3\n train m epochs=$e view=none\n assert $e < 2\nend"));
    assert_true(test_entry(test, "save session \"session-test.fns\" replace; let hash = $m.hash"));
    expect_prints(test, "print $m.epoch", "3\n");
    test_begin(&again);
    assert_true(test_run(&again, "include \"session-test.fns\""));
    test_run(test, "print $m.hash");
    expect_prints(&again, "print $m.hash", test_out(test));
    test_end(&again);
    unlink("session-test.fns");
}

static long peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void a_long_loop_takes_no_memory(void **state)
{
    assert_true(test_run(*state, "let n = 0\nwhile $n < 3000\n let n = $n + 1\n let t = \"text $n\"\nend"));
    long before = peak_kilobytes();
    assert_true(test_run(*state, "let n = 0\nwhile $n < 30000\n let n = $n + 1\n let t = \"text $n\"\nend"));
    assert_in_range(peak_kilobytes() - before, 0, 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_failed_statement_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(an_error_shows_its_place, begin, end),
        cmocka_unit_test_setup_teardown(blocks_keep_what_was_done, begin, end),
        cmocka_unit_test_setup_teardown(loops_end_where_they_should, begin, end),
        cmocka_unit_test_setup_teardown(defs_have_parameters_and_locals, begin, end),
        cmocka_unit_test_setup_teardown(a_def_does_not_see_the_frame_around_its_call, begin, end),
        cmocka_unit_test_setup_teardown(prefixes_do_what_they_say, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_saved_is_not_replaced, begin, end),
        cmocka_unit_test_setup_teardown(an_identical_net_stays_as_it_is, begin, end),
        cmocka_unit_test_setup_teardown(step_and_train_go_on_to_the_same_bits, begin, end),
        cmocka_unit_test_setup_teardown(includes_are_relative_to_their_script, begin, end),
        cmocka_unit_test_setup_teardown(a_saved_session_runs_again, begin, end),
        cmocka_unit_test_setup_teardown(a_long_loop_takes_no_memory, begin, end),
    };
    return cmocka_run_group_tests_name("lang_session", tests, NULL, NULL);
}
