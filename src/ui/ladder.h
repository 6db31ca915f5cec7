/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the surroundings allow to be shown: pure decisions from facts, taken once a stream. */
#ifndef FNS_UI_LADDER_H
#define FNS_UI_LADDER_H

#include <stdbool.h>

#include "charts/chart.h"

/* From the top: full screen with Braille, full screen in ASCII, one status line that is rewritten,
 * append-only lines, the same as sentences, nothing. */
typedef enum Ladder {
    LADDER_FULL,
    LADDER_ASCII,
    LADDER_STATUS,
    LADDER_LINES,
    LADDER_PLAIN,
    LADDER_NONE
} Ladder;

typedef struct LadderFacts {
    bool in_terminal, out_terminal, err_terminal; /* what the three standard streams are */
    bool utf8;                                    /* of the locale */
    bool addressable;                             /* terminfo has cup and clear */
    int colours;                                  /* of the terminal; 0: unknown or none */
    int rows, columns;                            /* of the terminal; 0: unknown */
    const char *term;                             /* TERM; each of these may be NULL */
    const char *no_color, *clicolor, *clicolor_force;
    const char *ci, *plain; /* CI, FNS_PLAIN */
} LadderFacts;

/* How training is shown; `ui` is the setting: full, ascii, lines, plain or none. */
Ladder ladder_choose(const LadderFacts *facts, const char *ui);
/* Whether standard output gets colour, and what curves are drawn with (`marks` is the setting). */
bool ladder_colour(const LadderFacts *facts, const char *ui);
Marks ladder_marks(const LadderFacts *facts, const char *ui, const char *marks);
/* Whether results are sentences. */
bool ladder_plain(const LadderFacts *facts, const char *ui);

#endif
