/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt in a terminal: blocks, pastes, history, completion, errors, and every way out. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "screen/screen.h"
#include "support/process.h"

static Screen *open_prompt(void)
{
    Screen *screen = screen_start(&(ScreenStart){ 0 });
    screen_expect(screen, "fns>");
    return screen;
}

static void close_prompt(Screen *screen)
{
    screen_send(screen, "quit" KEY_ENTER);
    assert_int_equal(screen_exit(screen), 0);
    screen_expect_whole(screen);
    screen_close(screen);
}

/* ---- ways in and out */

static void prints_and_quits(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "print 6 * 7" KEY_ENTER);
    screen_expect(screen, "\n42");
    close_prompt(screen);
}

static void ends_at_end_of_input(void **state)
{
    (void)state;
    Screen *screen = screen_start(&(ScreenStart){ .rows = 5, .cols = 20 });
    screen_expect(screen, "fns>");
    screen_send(screen, KEY_CTRL_D);
    assert_int_equal(screen_exit(screen), 0);
    screen_expect_whole(screen);
    screen_close(screen);
}

static void is_whole_after(int number)
{
    Screen *screen = open_prompt();
    screen_send(screen, "print 1");
    screen_expect(screen, "fns> print 1");
    screen_signal(screen, number);
    assert_int_equal(screen_exit(screen), 128 + number);
    screen_expect_whole(screen);
    screen_close(screen);
}

static void is_whole_after_signals(void **state)
{
    (void)state;
    is_whole_after(SIGTERM);
    is_whole_after(SIGHUP);
}

/* ---- blocks */

static void prompt_names_what_is_open(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "net pd" KEY_ENTER);
    screen_expect(screen, "net pd ...>");
    screen_send(screen, "input 10" KEY_ENTER "repeat 2" KEY_ENTER);
    screen_expect(screen, "net pd > repeat ...>");
    screen_send(screen, "dense 8 relu" KEY_ENTER "end" KEY_ENTER "dense 1" KEY_ENTER "end" KEY_ENTER);
    screen_expect(screen, "\nfns>");
    screen_send(screen, "print (1 +" KEY_ENTER);
    screen_expect(screen, "( ...>");
    screen_send(screen, "41)" KEY_ENTER);
    screen_expect(screen, "\n42");
    close_prompt(screen);
}

static void up_brings_a_block_back(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "for i in 1..2" KEY_ENTER "print $i + 70" KEY_ENTER "end" KEY_ENTER);
    screen_expect(screen, "\n72\nfns>");
    screen_send(screen, KEY_UP);
    screen_expect(screen, "fns> for i in 1..2\nprint $i + 70\nend");
    screen_send(screen, KEY_ENTER);
    screen_expect(screen, "72\nfns> for i in 1..2\nprint $i + 70\nend\n71\n72");
    close_prompt(screen);
}

static void ctrl_c_abandons(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "print 1 + 1");
    screen_expect(screen, "print 1 + 1");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    screen_send(screen, "if on" KEY_ENTER "print 5" KEY_ENTER);
    screen_expect(screen, "print 5\nif ...>"); /* Ctrl-C throws away what is not read yet */
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "if ...> ^C\nfns>");
    screen_send(screen, "print 40 + 2" KEY_ENTER);
    screen_expect(screen, "\n42\nfns>");
    assert_false(screen_shows(screen, "\n5"));
    close_prompt(screen);
}

static void two_empty_lines_abandon(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "if on" KEY_ENTER KEY_ENTER "print 5" KEY_ENTER KEY_ENTER KEY_ENTER);
    screen_expect(screen, "abandoned\nfns>");
    assert_false(screen_shows(screen, "\n5"));
    close_prompt(screen);
}

/* Ctrl-C ends a loop that would run for ever; the prompt goes on. */
static void ctrl_c_stops_an_entry(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "print \"begins\"; while on; let x = 1; end" KEY_ENTER);
    screen_expect(screen, "\nbegins");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "interrupted");
    screen_send(screen, "print 40 + 2" KEY_ENTER);
    screen_expect(screen, "\n42\nfns>");
    close_prompt(screen);
}

/* ---- pastes */

static void a_paste_is_one_entry(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, PASTE("for i in 1..2\r\n\r\n\r\n  print $i + 70\r\nend\r\nprint 5 + 5\r\n"));
    screen_expect(screen, "  print $i + 70\nend\nprint 5 + 5");
    screen_send(screen, KEY_ENTER);
    screen_expect(screen, "\n71\n72\n10\nfns>");
    screen_send(screen, KEY_UP);
    screen_expect(screen, "10\nfns> for i in 1..2\n\n\n  print $i + 70\nend\nprint 5 + 5");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    close_prompt(screen);
}

static void a_tall_paste_is_folded(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "\033[200~");
    for (int i = 0; i < 39; i++) screen_send(screen, "let x = 1\n");
    screen_send(screen, "print 6 * 7\033[201~");
    screen_expect(screen, "fns> [pasted 40 lines]");
    screen_send(screen, KEY_ENTER);
    screen_expect(screen, "\n42\nfns>");
    screen_send(screen, KEY_UP);
    screen_expect(screen, "42\nfns> [pasted 40 lines]");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    close_prompt(screen);
}

/* ---- Tab */

static void tab_completes(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "simul" KEY_TAB "unif" KEY_TAB "as toys ro" KEY_TAB "20" KEY_ENTER);
    screen_expect(screen, "fns> simulate uniform as toys rows=20");
    screen_expect(screen, "seed 1\nfns>");
    screen_send(screen, "describe toys b" KEY_TAB "x1");
    screen_expect(screen, "fns> describe toys by=x1");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    screen_send(screen, "sort toys x1" KEY_TAB KEY_TAB);
    screen_expect(screen, "  x10");
    screen_expect(screen, "\nfns> sort toys x1");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "sort toys x1^C\nfns>");
    screen_send(screen, "tr" KEY_TAB);
    screen_expect(screen, "  trials");
    screen_expect(screen, "trains a net");
    screen_expect(screen, "\nfns> tr");
    screen_send(screen, "ials" KEY_ENTER);
    screen_expect(screen, "fns> trials\n");
    close_prompt(screen);
}

/* In a block the lines above count. */
static void tab_knows_the_block(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "net pd" KEY_ENTER "den" KEY_TAB "4 rel" KEY_TAB);
    screen_expect(screen, "net pd ...> dense 4 relu");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    close_prompt(screen);
}

/* ---- history */

static void set_folder(char *env, size_t size, const char *name, const char *folder)
{
    snprintf(env, size, "%s=%s", name, folder);
}

static void history_survives_a_restart(void **state)
{
    (void)state;
    char *folder = process_make_folder(), env[4200], path[4200];
    set_folder(env, sizeof env, "XDG_STATE_HOME", folder);
    const char *const envs[] = { env, NULL };
    Screen *screen = screen_start(&(ScreenStart){ .env = envs });
    screen_expect(screen, "fns>");
    screen_send(screen, "if on" KEY_ENTER "print 40 + 2" KEY_ENTER "end" KEY_ENTER);
    screen_expect(screen, "\n42");
    screen_send(screen, " print 9 + 90" KEY_ENTER);
    screen_expect(screen, "\n99\nfns>");
    screen_signal(screen, SIGTERM);
    assert_int_equal(screen_exit(screen), 143);
    screen_close(screen);
    struct stat status;
    snprintf(path, sizeof path, "%s/fns/history", folder);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    screen = screen_start(&(ScreenStart){ .env = envs });
    screen_expect(screen, "fns>");
    screen_send(screen, KEY_UP);
    screen_expect(screen, "fns> if on\nprint 40 + 2\nend");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    screen_send(screen, KEY_CTRL_R "40");
    screen_expect(screen, "reverse-i-search)`40': if on\nprint 40 + 2\nend");
    screen_send(screen, KEY_CTRL_C);
    screen_expect(screen, "^C\nfns>");
    close_prompt(screen);
    process_remove_folder(folder);
    free(folder);
}

static void startup_file_runs(void **state)
{
    (void)state;
    char *folder = process_make_folder(), env[4200], path[4200];
    set_folder(env, sizeof env, "XDG_CONFIG_HOME", folder);
    snprintf(path, sizeof path, "%s/fns", folder);
    mkdir(path, 0700);
    strcat(path, "/init.fns");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("print \"from the start\"\nlet x = 7\nnonsense\n", file);
    fclose(file);
    const char *const envs[] = { env, NULL };
    Screen *screen = screen_start(&(ScreenStart){ .env = envs });
    screen_expect(screen, "nonsense");
    screen_expect(screen, "fns>");
    screen_send(screen, "print 40 + 2" KEY_ENTER);
    screen_expect(screen, "\n42");
    close_prompt(screen);
    process_remove_folder(folder);
    free(folder);
}

/* ---- errors, prefixes, type-ahead */

static void goes_on_after_an_error(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "describe nobody" KEY_ENTER);
    screen_expect(screen, "nobody");
    screen_send(screen, "print $err.code" KEY_ENTER);
    screen_expect(screen, "\nno_name");
    screen_send(screen, "why" KEY_ENTER);
    screen_expect(screen, "\nno_name: ");
    close_prompt(screen);
}

static void a_prefix_is_echoed(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "simu moons as toy rows=50" KEY_ENTER);
    screen_expect(screen, "\nsimulate moons rows=50 as toy");
    screen_send(screen, "qui" KEY_ENTER);
    screen_expect(screen, "qui");
    screen_expect(screen, "\nfns>");
    close_prompt(screen);
}

static void type_ahead_is_kept(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen,
                "print 1 + 1" KEY_ENTER "print 20 + 2" KEY_ENTER "print 300 + 3" KEY_ENTER "quit" KEY_ENTER);
    assert_int_equal(screen_exit(screen), 0);
    screen_expect_whole(screen);
    screen_expect(screen, "\n2\n");
    screen_expect(screen, "\n22\n");
    screen_expect(screen, "\n303\n");
    screen_close(screen);
}

static void an_entry_is_one_undo_step(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "let a = 1" KEY_ENTER "let a = 2; let b = 3" KEY_ENTER "undo" KEY_ENTER
                        "print $a + 70" KEY_ENTER);
    screen_expect(screen, "\n71");
    close_prompt(screen);
}

static void a_resize_keeps_the_line(void **state)
{
    (void)state;
    Screen *screen = open_prompt();
    screen_send(screen, "print 40 +");
    screen_expect(screen, "fns> print 40 +");
    screen_resize(screen, 10, 40);
    screen_send(screen, " 2");
    screen_expect(screen, "fns> print 40 + 2");
    screen_send(screen, KEY_ENTER);
    screen_expect(screen, "\n42");
    close_prompt(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_and_quits),
        cmocka_unit_test(ends_at_end_of_input),
        cmocka_unit_test(is_whole_after_signals),
        cmocka_unit_test(prompt_names_what_is_open),
        cmocka_unit_test(up_brings_a_block_back),
        cmocka_unit_test(ctrl_c_abandons),
        cmocka_unit_test(two_empty_lines_abandon),
        cmocka_unit_test(ctrl_c_stops_an_entry),
        cmocka_unit_test(a_paste_is_one_entry),
        cmocka_unit_test(a_tall_paste_is_folded),
        cmocka_unit_test(tab_completes),
        cmocka_unit_test(tab_knows_the_block),
        cmocka_unit_test(history_survives_a_restart),
        cmocka_unit_test(startup_file_runs),
        cmocka_unit_test(goes_on_after_an_error),
        cmocka_unit_test(a_prefix_is_echoed),
        cmocka_unit_test(type_ahead_is_kept),
        cmocka_unit_test(an_entry_is_one_undo_step),
        cmocka_unit_test(a_resize_keeps_the_line),
    };
    return cmocka_run_group_tests_name("screen_prompt", tests, NULL, NULL);
}
