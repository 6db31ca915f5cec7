/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Display of lang/session.h for a terminal and for a pipe. */
#ifndef FNS_UI_DISPLAY_H
#define FNS_UI_DISPLAY_H

#include "lang/session.h"
#include "ui/ladder.h"

/* After term_begin. `stop` is the flag that signals set. Free with display_free. */
Display *display_new(atomic_int *stop);
void display_free(Display *display);
/* The session whose settings (ui, output, theme, marks, digits) the display follows; before it is
 * known, the initial ones. Long loops of the session show their progress here. Borrowed. */
void display_set_session(Display *display, Session *session);
/* Asks the terminal for its size again (after SIGWINCH or SIGCONT). */
void display_measure(Display *display);
/* True when somebody else (Readline) holds typed characters that nobody has used: no view opens
 * then. NULL: nobody does. */
void display_set_pending(Display *display, bool (*pending)(void));
/* False once standard output could not be written (a closed pipe, a full disk); the errno of it. */
bool display_output_holds(const Display *display, int *number);

#endif
