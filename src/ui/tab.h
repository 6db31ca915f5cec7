/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tab does, without the terminal: the candidates, what they share, how they are listed. */
#ifndef FNS_UI_TAB_H
#define FNS_UI_TAB_H

#include "base/mem.h"
#include "base/str.h"

typedef struct Session Session;

typedef struct TabWord {
    const char *word, *help;
} TabWord;

typedef struct Tab {
    Arena *arena;
    TabWord *words; /* each once */
    int n, capacity;
    size_t start;       /* where the begun word starts */
    const char *insert; /* takes the place of text[start .. cursor); NULL: nothing more is certain */
} Tab;

/* Free with tab_free. */
void tab_find(Session *session, const char *text, size_t cursor, Tab *out);
void tab_free(Tab *tab);
/* The candidates for a terminal of that size: a line of help each where they fit, else in columns. Every
 * line ends with \r\n. */
void tab_list(const Tab *tab, int rows, int columns, Buf *out);

#endif
