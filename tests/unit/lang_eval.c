/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions in the value context and as arguments: operators, missing values, members, templates, and
 * what words and variables mean where. */
#include "support/session.h"

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

static void operators_have_their_precedence(void **state)
{
    expect_prints(*state, "print 2 + 3 * 4 ^ 2", "50\n");
    expect_prints(*state, "print -2 ^ 2 (2 - 3)", "-4 -1\n");
    expect_prints(*state, "print not on or on", "on\n");
    expect_prints(*state, "print 3 in 1..5 3 in [1, 2] \"b\" in [\"a\", \"b\"]", "on off on\n");
    expect_prints(*state, "print 60% 5bp 1_000", "60% 5bp 1000\n");
    expect_prints(*state, "print 2020-01-31 + 1mo", "2020-02-29\n");
}

static void missing_stays_missing(void **state)
{
    expect_prints(*state, "print missing + 1 missing == missing 1 / 0", "missing missing missing\n");
    expect_prints(*state, "print missing and off missing or on missing and on", "off on missing\n");
    expect_prints(*state, "print ismissing(missing) ifmissing(missing, 3) sqrt(-1)", "on 3 missing\n");
    expect_prints(*state, "if missing\n print \"yes\"\nelse\n print \"no\"\nend", "no\n");
}

static void types_are_kept_apart(void **state)
{
    expect_fails(*state, "print \"a\" + 1", "type_mismatch", "\"a\" is a text and 1 a number");
    expect_fails(*state, "print not 3", "type_mismatch", "3");
    expect_fails(*state, "if 3\n print 1\nend", "type_mismatch", "a condition is on or off, not a number");
    expect_fails(*state, "for x in 3\n print 1\nend", "type_mismatch", "a list or a range");
    expect_fails(*state, "print nosuch(3)", "no_function", "nosuch");
}

static void members_and_items_are_found(void **state)
{
    expect_prints(*state, "let r = {a=1, b={c=[4, 5]}}\nprint $r.a $r.b.c[2] $r[\"a\"]", "1 5 1\n");
    expect_fails(*state, "print $r.b.d", "no_member", "there are: c");
    expect_fails(*state, "print $r.a.b", "no_member", "in a number");
    expect_fails(*state, "print $r.b.c[3]", "no_index", "a list of 2");
    expect_fails(*state, "print $r.b.c[0]", "no_index", "item 0");
    expect_fails(*state, "print $q", "no_variable", "there is no $q");
}

static void texts_take_inserts(void **state)
{
    expect_prints(*state, "let x = 3.14159 r = {a=2}\nprint \"${x:.2} ${x:8.3} $x ${r.a} $(1 + 1) \\$x\"",
                  "3.14    3.142 3.14159 2 2 $x\n");
    expect_prints(*state, "print '$x'", "$x\n");
    expect_fails(*state, "print \"${x:wide}\"", "bad_insert", "is no format");
    expect_prints(*state, "let m = missing\nprint \"${m:.2}\"", "missing\n");
}

static void last_is_what_was_shown(void **state)
{
    expect_fails(*state, "print $last", "no_variable", "no verb has computed");
    assert_true(
        test_run(*state, "simulate moons as toy rows=20\ndescribe toy\nhead toy 2\nprint 1\nset digits 3\n"));
    expect_prints(*state, "print $last.rows", "20\n");
    expect_fails(*state, "print $last.nosuch", "no_member", "there are: rows");
    expect_prints(*state, "def f\n return 7\nend\nf\nprint $last", "7\n");
    expect_prints(*state, "def g\n return {a=1}\nend\ng\nprint $last.a", "1\n");
}

static void names_hold_their_records(void **state)
{
    assert_true(test_run(*state, "simulate moons as toy rows=20\nsplit toy train=50% valid=50%\n"));
    expect_prints(*state, "print $toy.rows $toy.parts.train $toy.target $toy.type", "20 10 y frame\n");
    expect_prints(*state,
                  "let f = \"toy\" c = \"x1\"\nwith $f\n keep if col($c) > -100\nend\nprint $toy.rows",
                  "toy: 20 of 20 rows\n20\n");
    expect_prints(*state, "let limit = -100\nkeep toy if x1 > $limit", "toy: 20 of 20 rows\n");
    expect_fails(*state, "keep toy if nosuch > 1", "no_column", "toy is unchanged");
}

static void a_condition_notes_missing_rows(void **state)
{
    assert_true(test_run(*state, "simulate moons as toy rows=20\nderive toy z = x1 if x1 > 0\n"));
    expect_fails(*state, "assert off \"the text\"", "assert", "the text");
    assert_true(test_run(*state, "keep toy if z > -1000"));
    assert_non_null(strstr(test_out(*state), "note: the condition is missing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(operators_have_their_precedence, begin, end),
        cmocka_unit_test_setup_teardown(missing_stays_missing, begin, end),
        cmocka_unit_test_setup_teardown(types_are_kept_apart, begin, end),
        cmocka_unit_test_setup_teardown(members_and_items_are_found, begin, end),
        cmocka_unit_test_setup_teardown(texts_take_inserts, begin, end),
        cmocka_unit_test_setup_teardown(last_is_what_was_shown, begin, end),
        cmocka_unit_test_setup_teardown(names_hold_their_records, begin, end),
        cmocka_unit_test_setup_teardown(a_condition_notes_missing_rows, begin, end),
    };
    return cmocka_run_group_tests_name("lang_eval", tests, NULL, NULL);
}
