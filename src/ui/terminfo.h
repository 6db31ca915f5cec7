/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What terminfo says of the terminal; private to the terminal. */
#ifndef FNS_UI_TERMINFO_H
#define FNS_UI_TERMINFO_H

#include <stdbool.h>

/* Of TERM, whether or not a screen is open; false: an unknown terminal. */
bool terminfo_ask(bool *addressable, int *colours);
/* A string of the open screen's terminal; NULL: it has none. */
const char *terminfo_string(const char *name);

#endif
