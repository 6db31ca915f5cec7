/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals by way of a pipe; private to the terminal. */
#ifndef FNS_UI_SIGNALS_H
#define FNS_UI_SIGNALS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Installs the handlers; `crash` runs inside a handler, before the process dies. */
bool signals_begin(atomic_int *stop, void (*crash)(void));
void signals_end(void);
int signals_descriptor(void);
int signals_next(void); /* 0: none */
int signals_ended_by(void);
/* SIGTSTP goes into the pipe, or stops the process as usual. */
void signals_hold_stop(bool hold);

#endif
