/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads of our own. */
#include "base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/mem.h"

enum { THREADS_MAX = 256 };

/* New threads inherit the mask: signals are for the thread that owns the terminal. */
bool thread_start(void *thread, void *(*run)(void *), void *context)
{
    static const int synchronous[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof synchronous / sizeof *synchronous; i++) sigdelset(&blocked, synchronous[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    bool started = pthread_create(thread, NULL, run, context) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

typedef struct Work {
    ParallelFunction *function;
    void *context;
    size_t n;
    atomic_size_t next;
    atomic_size_t failed; /* lowest piece that failed; n: none */
    Err *errors;          /* one a thread */
    size_t *failed_at;
} Work;

typedef struct Worker {
    Work *work;
    int number;
} Worker;

static _Thread_local bool inside; /* a piece: what it divides runs in its thread */

static void note_failure(Work *work, size_t piece)
{
    size_t lowest = atomic_load(&work->failed);
    while (piece < lowest && !atomic_compare_exchange_weak(&work->failed, &lowest, piece)) continue;
}

static void *run_worker(void *context)
{
    Worker *worker = context;
    Work *work = worker->work;
    size_t piece;
    inside = true;
    while ((piece = atomic_fetch_add(&work->next, 1)) < work->n && atomic_load(&work->failed) == work->n) {
        if (work->function(work->context, piece, worker->number == 0, &work->errors[worker->number]))
            continue;
        work->failed_at[worker->number] = piece;
        note_failure(work, piece);
        break;
    }
    inside = false;
    return NULL;
}

static bool report(const Work *work, int threads, Err *err)
{
    size_t failed = atomic_load(&work->failed);
    for (int i = 0; i < threads && failed < work->n; i++)
        if (work->failed_at[i] == failed && work->errors[i].code && err && !err->code) *err = work->errors[i];
    return failed == work->n;
}

static bool one_by_one(size_t n, ParallelFunction *function, void *context, Err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!function(context, i, true, err)) return false;
    return true;
}

bool parallel_for(size_t n, int threads, ParallelFunction *function, void *context, Err *err)
{
    if (threads > THREADS_MAX) threads = THREADS_MAX;
    if ((size_t)threads > n) threads = (int)n;
    if (threads <= 1 || inside) return one_by_one(n, function, context, err);
    size_t count = (size_t)threads;
    Work work = { .function = function, .context = context, .n = n };
    atomic_store(&work.failed, n);
    work.errors = mem_own(count * sizeof *work.errors);
    work.failed_at = mem_own(count * sizeof *work.failed_at);
    Worker *workers = mem_own(count * sizeof *workers);
    pthread_t *handles = mem_own(count * sizeof *handles);
    bool *started = mem_own(count);
    for (size_t i = 0; i < count; i++) {
        workers[i] = (Worker){ &work, (int)i };
        work.failed_at[i] = n;
        if (i > 0) started[i] = thread_start(&handles[i], run_worker, &workers[i]);
    }
    run_worker(&workers[0]);
    for (size_t i = 1; i < count; i++)
        if (started[i]) pthread_join(handles[i], NULL);
    bool done = report(&work, threads, err);
    mem_free(started);
    mem_free(handles);
    mem_free(workers);
    mem_free(work.failed_at);
    mem_free(work.errors);
    return done;
}
