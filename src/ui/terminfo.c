/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/terminfo.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

const char *terminfo_string(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

bool terminfo_ask(bool *addressable, int *colours)
{
    TERMINAL *before = cur_term;
    int status;
    bool known = setupterm(NULL, STDOUT_FILENO, &status) == OK;
    if (known) {
        *addressable = terminfo_string("cup") && terminfo_string("clear");
        *colours = tigetnum("colors");
        del_curterm(cur_term);
    }
    set_curterm(before);
    return known;
}
