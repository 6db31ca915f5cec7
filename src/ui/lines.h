/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as text that is only appended: key=value lines for logs, sentences for listeners; and the
 * one status line that is rewritten. All of it goes to standard error. */
#ifndef FNS_UI_LINES_H
#define FNS_UI_LINES_H

#include "ui/training.h"

/* One line an epoch, or per 10% of the epochs, or per 10 s, whichever is rarest; always the first
 * and the last. */
typedef struct Lines {
    int last_epoch; /* that was written */
    double last_time;
} Lines;

bool lines_due(const Lines *lines, const Training *training, double now);
/* Writes the newest epoch, with a newline; plain: as a sentence. */
void lines_write(Buf *out, Lines *lines, const Training *training, bool plain, double now);

/* A line rewritten in place: `width` columns of the terminal, `*shown` those in use now. An empty text
 * wipes it. No escape sequences. */
void lines_rewrite(Buf *out, const char *text, int width, int *shown);

#endif
