/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Independent pieces of work over a few threads; which thread does which changes no result. */
#ifndef FNS_BASE_PARALLEL_H
#define FNS_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Does one piece; first_thread: it runs in the caller's thread. False, with an error, stops the rest. */
typedef bool ParallelFunction(void *context, size_t piece, bool first_thread, Err *err);

/* All pieces 0 .. n-1, or false and the error of the first piece that failed. Inside of a piece that runs
 * beside others: one by one. */
bool parallel_for(size_t n, int threads, ParallelFunction *function, void *context, Err *err);

/* As pthread_create, for our threads: all signals blocked but the synchronous ones. False: no thread. */
bool thread_start(void *thread, void *(*run)(void *), void *context);

#endif
