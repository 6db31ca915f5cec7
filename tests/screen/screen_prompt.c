/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt in a terminal: it opens, answers, and leaves the terminal as it was. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "screen/screen.h"

static void prints_and_quits(void **state) {
    (void)state;
    Screen *screen = screen_start(&(ScreenStart){ 0 });
    screen_expect(screen, "fns>");
    screen_send(screen, "print 6 * 7" KEY_ENTER);
    screen_expect(screen, "\n42");
    screen_send(screen, "quit" KEY_ENTER);
    assert_int_equal(screen_exit(screen), 0);
    screen_expect_whole(screen);
    screen_close(screen);
}

static void ends_at_end_of_input(void **state) {
    (void)state;
    Screen *screen = screen_start(&(ScreenStart){ .rows = 5, .cols = 20 });
    screen_expect(screen, "fns>");
    screen_send(screen, KEY_CTRL_D);
    assert_int_equal(screen_exit(screen), 0);
    screen_expect_whole(screen);
    screen_close(screen);
}

static void is_whole_after_kill_term(void **state) {
    (void)state;
    Screen *screen = screen_start(&(ScreenStart){ 0 });
    screen_expect(screen, "fns>");
    screen_signal(screen, SIGTERM);
    assert_int_equal(screen_exit(screen), 143);
    screen_expect_whole(screen);
    screen_close(screen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_and_quits),
        cmocka_unit_test(ends_at_end_of_input),
        cmocka_unit_test(is_whole_after_kill_term),
    };
    return cmocka_run_group_tests_name("screen_prompt", tests, NULL, NULL);
}
