/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt: Readline's callback interface at a terminal, plain lines elsewhere; one loop for both. */
#ifndef FNS_UI_REPL_H
#define FNS_UI_REPL_H

#include "lang/session.h"

/* Before scripts run with the prompt to follow: the startup file (~/.config/fns/init.fns). */
bool repl_begin(Session *session, Err *err);
/* Until quit or the end of input; the exit status. Not at a terminal it stops at the first error, as a
 * script. */
int repl_run(Session *session, Display *display);

#endif
