/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers spin for a while for the next phase, then sleep, and so does the caller for them: where a neighbour
 * has a worker's processor, the one that the caller leaves is free for it. */
#include "model/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/mem.h"
#include "model/flush.h"
#include "base/parallel.h"

enum { SPINS = 4000, TEAM_MAX = 64 }; /* some tenths of a millisecond */

typedef struct Member {
    Team *team;
    int part;
    pthread_t thread;
} Member;

struct Team {
    int parts;
    TeamPhase *phase;
    void *context;
    atomic_uint generation;
    atomic_int working, sleeping;
    atomic_bool closing, waiting; /* waiting: the caller sleeps */
    pthread_mutex_t mutex;
    pthread_cond_t begun, done;
    Member members[TEAM_MAX];
};

static inline void spin(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void sleep_until(Team *team, unsigned generation)
{
    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add(&team->sleeping, 1);
    while (atomic_load(&team->generation) == generation) pthread_cond_wait(&team->begun, &team->mutex);
    atomic_fetch_sub(&team->sleeping, 1);
    pthread_mutex_unlock(&team->mutex);
}

static void finish(Team *team)
{
    if (atomic_fetch_sub(&team->working, 1) > 1 || !atomic_load(&team->waiting)) return;
    pthread_mutex_lock(&team->mutex);
    pthread_cond_signal(&team->done);
    pthread_mutex_unlock(&team->mutex);
}

static void wait_for_all(Team *team)
{
    for (int i = 0; i < SPINS && atomic_load(&team->working) > 0; i++) spin();
    if (atomic_load(&team->working) == 0) return;
    pthread_mutex_lock(&team->mutex);
    atomic_store(&team->waiting, true);
    while (atomic_load(&team->working) > 0) pthread_cond_wait(&team->done, &team->mutex);
    atomic_store(&team->waiting, false);
    pthread_mutex_unlock(&team->mutex);
}

static void *serve(void *context)
{
    Member *member = context;
    Team *team = member->team;
    flush_begin(); /* for as long as the thread lives */
    for (unsigned seen = 0;; seen++) {
        for (int i = 0; i < SPINS && atomic_load(&team->generation) == seen; i++) spin();
        if (atomic_load(&team->generation) == seen) sleep_until(team, seen);
        if (atomic_load(&team->closing)) return NULL;
        team->phase(team->context, member->part, team->parts);
        finish(team);
    }
}

static void begin(Team *team)
{
    atomic_store(&team->working, team->parts - 1);
    atomic_fetch_add(&team->generation, 1);
    if (atomic_load(&team->sleeping) == 0) return;
    pthread_mutex_lock(&team->mutex);
    pthread_cond_broadcast(&team->begun);
    pthread_mutex_unlock(&team->mutex);
}

Team *team_new(int threads)
{
    if (threads <= 1) return NULL;
    if (threads > TEAM_MAX) threads = TEAM_MAX;
    Team *team = mem_own(sizeof *team);
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->begun, NULL);
    pthread_cond_init(&team->done, NULL);
    team->parts = 1;
    while (team->parts < threads) {
        Member *member = &team->members[team->parts];
        *member = (Member){ .team = team, .part = team->parts };
        if (!thread_start(&member->thread, serve, member)) break;
        team->parts++;
    }
    if (team->parts > 1) return team;
    team_free(team);
    return NULL;
}

void team_free(Team *team)
{
    if (!team) return;
    atomic_store(&team->closing, true);
    begin(team);
    for (int i = 1; i < team->parts; i++) pthread_join(team->members[i].thread, NULL);
    pthread_cond_destroy(&team->begun);
    pthread_cond_destroy(&team->done);
    pthread_mutex_destroy(&team->mutex);
    mem_free(team);
}

void team_run(Team *team, TeamPhase *phase, void *context)
{
    if (!team) {
        phase(context, 0, 1);
        return;
    }
    team->phase = phase;
    team->context = context;
    begin(team);
    phase(context, 0, team->parts);
    wait_for_all(team);
}
