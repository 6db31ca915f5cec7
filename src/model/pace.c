/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pace.h"

enum { TRIAL = 3, REST = 16, LONG_REST = 1024 };
#define OUTLIER 2 /* times what is known: one interruption is no evidence, many are */
#define MEMORY  8 /* steps that count, about */

Pace pace_begin(void)
{
    return (Pace){ .rest = TRIAL };
}

bool pace_together(const Pace *pace)
{
    return pace->together != (pace->tries > 0);
}

/* The least of a trial counts; a first step that is far slower ends it. */
static void tried(Pace *p, double seconds)
{
    double *known = &p->seconds[!p->together], faster = p->seconds[p->together];
    if (*known == 0 || seconds < *known) *known = seconds;
    if (*known > OUTLIER * OUTLIER * faster) p->tries = 1;
    if (--p->tries > 0) return;
    bool wins = *known < faster;
    p->rest = wins || p->rest < REST ? REST : p->rest < LONG_REST ? 2 * p->rest : LONG_REST;
    p->steps = 0;
    if (wins) p->together = !p->together;
}

static void follow(Pace *p, double seconds)
{
    double *known = &p->seconds[p->together], other = p->seconds[!p->together];
    if (*known == 0 || (p->rest == TRIAL && seconds < *known)) *known = seconds;
    double most = OUTLIER * *known;
    *known += ((seconds < most ? seconds : most) - *known) / MEMORY;
    if (other > 0 && *known > other) {
        p->together = !p->together;
        p->steps = 0;
    } else if (++p->steps >= p->rest) {
        p->tries = TRIAL;
        p->seconds[!p->together] = 0;
    }
}

void pace_took(Pace *pace, double seconds)
{
    if (pace->tries > 0)
        tried(pace, seconds);
    else
        follow(pace, seconds);
}
