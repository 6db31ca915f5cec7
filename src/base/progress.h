/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress of a long loop, its cancellation, and its threads. A loop polls every few milliseconds of work. */
#ifndef FNS_BASE_PROGRESS_H
#define FNS_BASE_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"

typedef struct Progress Progress;
struct Progress {
    atomic_int *stop; /* set by a signal handler or a key: 1 stop, 2 stop and restore */
    void (*show)(Progress *progress, const char *what, double done, double total); /* or NULL */
    void *context;
    double next_show; /* monotonic seconds; the shower's own */
    int threads;      /* that the work may take; 0, 1: the caller's alone. No result depends on it */
};

static inline int progress_threads(const Progress *progress)
{
    return progress && progress->threads > 1 ? progress->threads : 1;
}

/* Reports (at most 10 times a second) and returns true to go on; false with code `interrupted` in err
 * once stop is set. progress may be NULL. */
bool progress_poll(Progress *progress, const char *what, double done, double total, Err *err);
double clock_seconds(void); /* monotonic */

#endif
