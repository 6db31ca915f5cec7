/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A team of threads that share one batch: phases of a few microseconds, begun and ended by spinning, or by
 * sleep where the others take long. */
#ifndef FNS_MODEL_TEAM_H
#define FNS_MODEL_TEAM_H

typedef struct Team Team;
typedef void TeamPhase(void *context, int part, int parts);

/* `threads` counts the caller. NULL: one thread is all there is. */
Team *team_new(int threads);
void team_free(Team *team);
/* Every thread does its part; returns when all have. team NULL: part 0 of 1. */
void team_run(Team *team, TeamPhase *phase, void *context);

#endif
