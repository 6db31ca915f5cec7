/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words on lines: broken between them where the terminal ends. */
#ifndef FNS_LANG_WRAP_H
#define FNS_LANG_WRAP_H

#include "base/str.h"

/* Words that begin at display column `used` and are broken between them at display column `columns`; the
 * lines after the first begin at `indent`. A word longer than a line stays whole. */
void wrap_text(Buf *out, const char *text, int used, int indent, int columns);
/* A line of words, broken where the terminal ends (0: nowhere), with a hanging indent. */
void wrap_line(Buf *out, const char *line, int columns);

#endif
