/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the surroundings allow to be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ui/ladder.h"

static LadderFacts terminal(void)
{
    return (LadderFacts){ .in_terminal = true,
                          .out_terminal = true,
                          .err_terminal = true,
                          .utf8 = true,
                          .addressable = true,
                          .colours = 256,
                          .rows = 24,
                          .columns = 80,
                          .term = "xterm-256color" };
}

static void steps_of_the_ladder(void **state)
{
    (void)state;
    LadderFacts facts = terminal();
    assert_int_equal(ladder_choose(&facts, "full"), LADDER_FULL);
    assert_int_equal(ladder_choose(&facts, "ascii"), LADDER_ASCII);
    assert_int_equal(ladder_choose(&facts, "lines"), LADDER_LINES);
    assert_int_equal(ladder_choose(&facts, "plain"), LADDER_PLAIN);
    assert_int_equal(ladder_choose(&facts, "none"), LADDER_NONE);
    facts.utf8 = false;
    assert_int_equal(ladder_choose(&facts, "full"), LADDER_ASCII);
}

static void terminals_that_cannot(void **state)
{
    (void)state;
    static const char *const names[] = { "dumb", "", NULL, "unknown" };
    for (int i = 0; i < 4; i++) {
        LadderFacts facts = terminal();
        facts.term = names[i];
        assert_int_equal(ladder_choose(&facts, "full"), LADDER_LINES);
        assert_false(ladder_colour(&facts, "full"));
    }
    LadderFacts console = terminal();
    console.term = "linux";
    console.colours = 8;
    assert_int_equal(ladder_choose(&console, "full"), LADDER_ASCII);
    assert_int_equal(ladder_marks(&console, "full", "braille"), MARKS_ASCII);
    assert_false(ladder_colour(&console, "full"));
    LadderFacts hardcopy = terminal();
    hardcopy.addressable = false;
    assert_int_equal(ladder_choose(&hardcopy, "full"), LADDER_STATUS);
}

static void pipes(void **state)
{
    (void)state;
    LadderFacts facts = terminal();
    facts.out_terminal = false;
    assert_int_equal(ladder_choose(&facts, "full"), LADDER_STATUS);
    assert_false(ladder_colour(&facts, "full"));
    facts.err_terminal = false;
    assert_int_equal(ladder_choose(&facts, "full"), LADDER_LINES);
    LadderFacts fed = terminal();
    fed.in_terminal = false;
    assert_int_equal(ladder_choose(&fed, "full"), LADDER_STATUS);
    LadderFacts ci = terminal();
    ci.ci = "true";
    assert_int_equal(ladder_choose(&ci, "full"), LADDER_LINES);
}

static void sizes(void **state)
{
    (void)state;
    static const struct {
        int rows, columns;
        Ladder ladder;
    } cases[] = { { 8, 40, LADDER_FULL },   { 7, 40, LADDER_STATUS }, { 8, 39, LADDER_STATUS },
                  { 5, 20, LADDER_STATUS }, { 0, 0, LADDER_FULL },    { 1, 1, LADDER_STATUS } };
    for (int i = 0; i < 6; i++) {
        LadderFacts facts = terminal();
        facts.rows = cases[i].rows;
        facts.columns = cases[i].columns;
        assert_int_equal(ladder_choose(&facts, "full"), cases[i].ladder);
    }
}

static void colour(void **state)
{
    (void)state;
    LadderFacts facts = terminal();
    assert_true(ladder_colour(&facts, "full"));
    facts.no_color = "";
    assert_true(ladder_colour(&facts, "full"));
    facts.clicolor = "0";
    assert_false(ladder_colour(&facts, "full"));
    facts.clicolor_force = "1";
    assert_true(ladder_colour(&facts, "full"));
    facts.out_terminal = false;
    assert_true(ladder_colour(&facts, "full"));
    facts.no_color = "1";
    assert_false(ladder_colour(&facts, "full"));
    LadderFacts pipe = terminal();
    pipe.out_terminal = false;
    pipe.clicolor_force = "0";
    assert_false(ladder_colour(&pipe, "full"));
}

static void plain(void **state)
{
    (void)state;
    LadderFacts facts = terminal();
    assert_false(ladder_plain(&facts, "full"));
    assert_true(ladder_plain(&facts, "plain"));
    facts.plain = "1";
    assert_true(ladder_plain(&facts, "full"));
    assert_int_equal(ladder_choose(&facts, "full"), LADDER_PLAIN);
    facts.clicolor_force = "1";
    assert_false(ladder_colour(&facts, "full"));
}

static void marks(void **state)
{
    (void)state;
    LadderFacts facts = terminal();
    assert_int_equal(ladder_marks(&facts, "full", "braille"), MARKS_BRAILLE);
    assert_int_equal(ladder_marks(&facts, "full", "block"), MARKS_BLOCK);
    assert_int_equal(ladder_marks(&facts, "full", "ascii"), MARKS_ASCII);
    assert_int_equal(ladder_marks(&facts, "ascii", "braille"), MARKS_ASCII);
    facts.utf8 = false;
    assert_int_equal(ladder_marks(&facts, "full", "block"), MARKS_ASCII);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_of_the_ladder),
        cmocka_unit_test(terminals_that_cannot),
        cmocka_unit_test(pipes),
        cmocka_unit_test(sizes),
        cmocka_unit_test(colour),
        cmocka_unit_test(plain),
        cmocka_unit_test(marks),
    };
    return cmocka_run_group_tests_name("ui_ladder", tests, NULL, NULL);
}
