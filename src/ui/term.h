/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal: its modes, the signals, the full screen. One process has one terminal, so this file
 * and curses hold the only mutable globals of fns. Only the main thread calls these functions. */
#ifndef FNS_UI_TERM_H
#define FNS_UI_TERM_H

#include <stdatomic.h>
#include <stdbool.h>

#include "charts/chart.h"
#include "ui/ladder.h"
#include "ui/theme.h"

/* Saves the terminal's modes, makes the signal pipe and installs the handlers: SIGINT counts `*stop`
 * up to 2, SIGTERM and SIGHUP set it to 1 at least; each signal's number goes into the pipe. A crash
 * restores the terminal first. A broken pipe is no signal (EPIPE tells). False where the system
 * refuses a pipe. */
bool term_begin(atomic_int *stop);
/* Leaves the screen, restores modes and the handlers from before. */
void term_end(void);

/* A descriptor to poll, and the signals that came: SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT (and
 * SIGTSTP while the full screen is on; term_suspend answers it). 0: no more. */
int term_signal_descriptor(void);
int term_signal_next(void);
/* SIGTERM or SIGHUP once one has come, else 0: the program shall end with 128 + it. */
int term_ended_by(void);

/* Modes as they were at term_begin; for whoever changed them (Readline) and must give them up. */
void term_restore_modes(void);
bool term_in_foreground(void);
/* By TIOCGWINSZ of standard output, else of standard error; 0, 0: not a terminal. */
void term_size(int *rows, int *columns);
/* Asks streams, environment, locale and terminfo. */
LadderFacts term_facts(void);

/* The full screen. Enter is refused (false) unless standard input and output are terminals in the
 * foreground that can address cells, and no input waits. Nothing typed is thrown away. */
bool term_enter(Theme theme, bool colour);
/* After a stop: enters as before, or draws all anew where the screen is still on; false: not now. */
bool term_enter_again(void);
void term_leave(void);
bool term_is_entered(void);
/* Whether keys were typed that nobody has read. Looks without taking them. */
bool term_input_waits(void);
/* The next key: a code point, or KEY_* of curses; 0: none. A bracketed paste is swallowed. */
int term_key(void);
/* False once standard input has ended: it leaves the poll set. */
bool term_input_open(void);
/* Puts a grid on the screen; only cells that changed are sent. */
void term_paint(const Grid *grid);
/* Takes the terminal's new size over. */
void term_resized(void);
/* Everything again, whatever the terminal shows now. */
void term_redraw(void);
/* Ctrl-Z in a full screen: leaves it and stops the process. On return the process runs again; the
 * caller enters anew when term_in_foreground. */
void term_suspend(void);

#endif
