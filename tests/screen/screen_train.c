/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training at a terminal: the dashboard, its keys, sizes and signals, and the terminal afterwards. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "screen/screen.h"
#include "support/process.h"

#define NET                                                                                                  \
    "simulate credit as loans rows=4000; split loans train=60% valid=20% test=20%; scale loans\n"            \
    "net pd\n  input loans\n  dense 16 relu\n  dense 1 sigmoid\nend\n"

/* Trains until somebody stops it. */
static Screen *start(int rows, int cols, const char *const *env)
{
    const char *const argv[] = { process_fns(), "-c", NET "train pd epochs=1000000\nprint 6 * 7", NULL };
    return screen_start(&(ScreenStart){ .argv = argv, .env = env, .rows = rows, .cols = cols });
}

static Screen *start_dashboard(void)
{
    Screen *screen = start(24, 80, NULL);
    screen_expect(screen, "[x] stop");
    assert_true(screen_is_alternate(screen));
    assert_false(screen_cursor_visible(screen));
    return screen;
}

static void end_whole(Screen *screen, int status)
{
    assert_int_equal(screen_exit(screen), status);
    screen_expect_whole(screen);
    screen_close(screen);
}

static void keys(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_expect(screen, "valid");
    screen_expect(screen, "dense1");
    screen_send(screen, " ");
    screen_expect(screen, "paused");
    screen_expect(screen, "[space] go on");
    screen_send(screen, "<");
    screen_expect(screen, "learning rate");
    screen_send(screen, "l?");
    screen_expect(screen, "learning rate x 0.7");
    screen_send(screen, "?s");
    screen_expect_gone(screen, "learning rate x 0.7");
    screen_expect(screen, "paused");
    screen_send(screen, "=0.01\r");
    screen_expect(screen, "learning rate 0.01");
    screen_send(screen, " ");
    screen_expect_gone(screen, "paused");
    screen_send(screen, "x");
    screen_expect_history(screen, "stopped by hand, at the best epoch");
    screen_expect_history(screen, "42");
    end_whole(screen, 0);
}

static void keeps_the_last(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_send(screen, "X");
    screen_expect_history(screen, "stopped by hand");
    end_whole(screen, 0);
}

static void hides(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_send(screen, "q");
    screen_expect(screen, "pd  epoch");
    assert_false(screen_is_alternate(screen));
    screen_signal(screen, SIGINT);
    end_whole(screen, 130);
}

static void resizes_while_training(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 5, 20 },  { 40, 120 }, { 3, 6 },   { 8, 40 },
                                    { 24, 80 }, { 7, 100 },  { 60, 200 } };
    Screen *screen = start_dashboard();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        screen_resize(screen, sizes[i][0], sizes[i][1]);
        screen_expect(screen, sizes[i][0] >= 8 ? "[x] stop" : "pd");
        if (sizes[i][0] < 8) screen_expect_gone(screen, "[x] stop");
    }
    screen_expect(screen, "seed 1");
    screen_send(screen, "x");
    end_whole(screen, 0);
}

static void interrupt_once(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_send(screen, KEY_CTRL_C);
    end_whole(screen, 130);
}

static void interrupt_twice(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_send(screen, KEY_CTRL_C KEY_CTRL_C);
    end_whole(screen, 130);
}

static void terminated(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_signal(screen, SIGTERM);
    end_whole(screen, 143);
}

static void crashed(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_signal(screen, SIGQUIT);
    end_whole(screen, 128 + SIGQUIT);
}

static bool came_back(Screen *screen, void *context)
{
    (void)context;
    return screen_is_alternate(screen) && screen_shows(screen, "[x] stop");
}

static void stopped_and_continued(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_send(screen, KEY_CTRL_Z);
    screen_signal(screen, SIGCONT);
    screen_expect_that(screen, came_back, NULL, "the dashboard again after a stop");
    screen_send(screen, "x");
    end_whole(screen, 0);
}

static void typed_ahead_is_no_key(void **state)
{
    (void)state;
    Screen *screen = start(24, 80, NULL);
    screen_send(screen, "x");
    screen_expect(screen, "pd  epoch");
    assert_false(screen_is_alternate(screen));
    assert_true(screen_is_running(screen));
    screen_signal(screen, SIGINT);
    end_whole(screen, 130);
}

static void paste_is_no_key(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    screen_send(screen, PASTE("x q X") "?");
    screen_expect(screen, "learning rate x 0.7");
    assert_true(screen_is_running(screen));
    assert_true(screen_is_alternate(screen));
    screen_send(screen, "x");
    end_whole(screen, 0);
}

static void small_terminal(void **state)
{
    (void)state;
    Screen *screen = start(5, 20, NULL);
    screen_expect(screen, "pd  epoch");
    assert_false(screen_is_alternate(screen));
    screen_signal(screen, SIGINT);
    end_whole(screen, 130);
}

static void dumb_terminal(void **state)
{
    (void)state;
    size_t n;
    Screen *screen = start(24, 80, (const char *const[]){ "TERM=dumb", NULL });
    screen_expect(screen, "epoch=1 ");
    screen_signal(screen, SIGINT);
    assert_int_equal(screen_exit(screen), 130);
    const char *bytes = screen_bytes(screen, &n);
    assert_null(memchr(bytes, '\033', n));
    screen_expect_whole(screen);
    screen_close(screen);
}

static void plain_sentences(void **state)
{
    (void)state;
    size_t n;
    Screen *screen = start(24, 80, (const char *const[]){ "FNS_PLAIN=1", NULL });
    screen_expect(screen, "Epoch 1 of 1000000.");
    screen_signal(screen, SIGINT);
    assert_int_equal(screen_exit(screen), 130);
    const char *bytes = screen_bytes(screen, &n);
    assert_null(memchr(bytes, '\033', n));
    screen_close(screen);
}

/* Whether any cell of the top row has a colour from the palette. */
static bool coloured(Screen *screen)
{
    for (int column = 0; column < 80; column++)
        for (int row = 0; row < 24; row++)
            if (screen_colour(screen, row, column) >= 16) return true;
    return false;
}

static void colours(void **state)
{
    (void)state;
    Screen *screen = start_dashboard();
    assert_true(coloured(screen));
    screen_send(screen, "x");
    end_whole(screen, 0);
    screen = start(24, 80, (const char *const[]){ "NO_COLOR=1", NULL });
    screen_expect(screen, "[x] stop");
    assert_false(coloured(screen));
    screen_send(screen, "x");
    end_whole(screen, 0);
}

static void ascii_locale(void **state)
{
    (void)state;
    Screen *screen = start(24, 80, (const char *const[]){ "LANG=C", "LC_ALL=C", NULL });
    screen_expect(screen, "[x] stop");
    screen_expect(screen, "pd - loans");
    screen_send(screen, "x");
    end_whole(screen, 0);
}

static void weights_fill_the_screen(void **state)
{
    (void)state;
    Screen *screen = screen_start(&(ScreenStart){ 0 });
    screen_expect(screen, "fns>");
    screen_send(screen, "net tiny" KEY_ENTER "input 4" KEY_ENTER "dense 3 relu" KEY_ENTER
                        "dense 1 sigmoid" KEY_ENTER "end" KEY_ENTER);
    screen_expect(screen, "fns>");
    screen_send(screen, "summary tiny" KEY_ENTER);
    screen_expect(screen, "parameters");
    screen_send(screen, "weights tiny" KEY_ENTER);
    screen_expect(screen, "[q] leave");
    screen_expect(screen, "input 1, unit 1:");
    screen_send(screen, KEY_RIGHT KEY_DOWN KEY_DOWN);
    screen_expect(screen, "input 3, unit 2:");
    screen_send(screen, "n");
    screen_expect(screen, "dense1.bias");
    screen_send(screen, "pv");
    screen_expect(screen, "dense1.weight");
    screen_resize(screen, 5, 20);
    screen_expect(screen, "tiny");
    screen_resize(screen, 24, 80);
    screen_expect(screen, "[q] leave");
    screen_send(screen, "q");
    screen_expect_gone(screen, "[q] leave");
    screen_expect(screen, "spectral");
    screen_send(screen, "quit" KEY_ENTER);
    end_whole(screen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(keeps_the_last),
        cmocka_unit_test(hides),
        cmocka_unit_test(resizes_while_training),
        cmocka_unit_test(interrupt_once),
        cmocka_unit_test(interrupt_twice),
        cmocka_unit_test(terminated),
        cmocka_unit_test(crashed),
        cmocka_unit_test(stopped_and_continued),
        cmocka_unit_test(typed_ahead_is_no_key),
        cmocka_unit_test(paste_is_no_key),
        cmocka_unit_test(small_terminal),
        cmocka_unit_test(dumb_terminal),
        cmocka_unit_test(plain_sentences),
        cmocka_unit_test(colours),
        cmocka_unit_test(ascii_locale),
        cmocka_unit_test(weights_fill_the_screen),
    };
    return cmocka_run_group_tests_name("screen_train", tests, NULL, NULL);
}
