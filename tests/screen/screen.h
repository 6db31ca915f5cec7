/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in a pseudo-terminal that libvterm draws: keys go in, the screen comes out as text.
 * Nothing here sleeps for a value: what a test expects is waited for, and when it does not come in
 * time the test fails and prints the screen. The time allowed is 20 s, or FNS_TEST_SECONDS. */
#ifndef FNS_TESTS_SCREEN_H
#define FNS_TESTS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Screen Screen;

typedef struct ScreenStart {
    const char *const *argv; /* NULL-terminated; NULL: { fns } */
    const char *const *env;  /* "NAME=value" to set, "NAME" to remove, NULL-terminated; may be NULL */
    const char *folder;      /* working directory; NULL: this one */
    int rows, cols;          /* 0, 0: 24 x 80; libvterm wants at least 3 x 6 */
} ScreenStart;

/* TERM is xterm-256color and LANG is C.UTF-8, the home and state folders are fresh and empty,
 * unless env says otherwise. Give it back with screen_close, which kills what still runs. */
Screen *screen_start(const ScreenStart *start);
void screen_close(Screen *screen);

#define KEY_ENTER   "\r"
#define KEY_TAB     "\t"
#define KEY_ESC     "\033"
#define KEY_UP      "\033[A"
#define KEY_DOWN    "\033[B"
#define KEY_RIGHT   "\033[C"
#define KEY_LEFT    "\033[D"
#define KEY_CTRL_C  "\003"
#define KEY_CTRL_D  "\004"
#define KEY_CTRL_L  "\014"
#define KEY_CTRL_R  "\022"
#define KEY_CTRL_Z  "\032"
#define PASTE(text) "\033[200~" text "\033[201~"

void screen_send(Screen *screen, const char *keys);
void screen_resize(Screen *screen, int rows, int cols);
void screen_signal(Screen *screen, int signal_number);

/* Waits until text stands on the screen (or no longer does); fails the test otherwise. */
void screen_expect(Screen *screen, const char *text);
void screen_expect_gone(Screen *screen, const char *text);
/* The same for text that has scrolled off the top or is still on the screen. */
void screen_expect_history(Screen *screen, const char *text);
/* Waits until test(screen, context) holds; `what` names it when it does not. */
void screen_expect_that(Screen *screen, bool (*test)(Screen *, void *), void *context, const char *what);
/* Reads what has come without waiting for more than `ms` milliseconds of silence (drawing is done).
 */
void screen_settle(Screen *screen, int ms);

/* The rows joined by newlines, blanks at the ends of rows cut; valid until the next call of a
 * screen function. Row numbers count from 0. */
const char *screen_text(Screen *screen);
const char *screen_row(Screen *screen, int row);
bool screen_shows(Screen *screen, const char *text);
/* Rows that scrolled off the top of the main screen, oldest first. */
const char *screen_history(Screen *screen);
/* Every byte the program wrote so far, without interpretation. */
const char *screen_bytes(Screen *screen, size_t *n_bytes);
bool screen_is_alternate(const Screen *screen);
bool screen_cursor_visible(const Screen *screen);
void screen_cursor(const Screen *screen, int *row, int *col);
/* The index of the cell's foreground colour in the 256-colour palette, or -1 (default or direct).
 */
int screen_colour(Screen *screen, int row, int col);

/* Waits for the end: the exit status, or 128 + N after death by signal N. */
int screen_exit(Screen *screen);
bool screen_is_running(Screen *screen);
/* True when the terminal's modes are those from before the program started. */
bool screen_modes_restored(const Screen *screen);
/* Fails unless modes, main screen and cursor are as a shell wants them; call after screen_exit. */
void screen_expect_whole(Screen *screen);

#endif
