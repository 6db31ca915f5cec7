/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which is faster now: a step alone, or together with a team? A busy neighbour can make two threads slower
 * than one, and goes away again, so both ways are timed: the faster one always, the other one now and then.
 * The bits are the same either way. */
#ifndef FNS_MODEL_PACE_H
#define FNS_MODEL_PACE_H

#include <stdbool.h>

typedef struct Pace {
    double seconds[2];    /* of a step alone and together, as they were lately; 0: not known */
    bool together;        /* the faster way */
    unsigned tries;       /* steps left of trying the other way; 0: the faster way is taken */
    unsigned steps, rest; /* taken the faster way since the last try; how many lie between tries */
} Pace;

/* Before any step. */
Pace pace_begin(void);
/* Whether the next step is to be made together. */
bool pace_together(const Pace *pace);
/* What that step took. */
void pace_took(Pace *pace, double seconds);

#endif
