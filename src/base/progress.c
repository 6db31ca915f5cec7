/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress of a long loop, and its cancellation. */
#include "base/progress.h"

#include <time.h>

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool progress_poll(Progress *progress, const char *what, double done, double total, Err *err)
{
    if (!progress) return true;
    if (progress->stop && atomic_load_explicit(progress->stop, memory_order_relaxed))
        return err_raise(err, MSG_interrupted, NULL);
    if (!progress->show) return true;
    double now = clock_seconds();
    if (now < progress->next_show) return true;
    progress->next_show = now + 0.1;
    progress->show(progress, what, done, total);
    return true;
}
