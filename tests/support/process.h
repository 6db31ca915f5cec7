/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a program with pipes instead of a terminal and gives back what it wrote. For tests that look
 * at fns from outside. */
#ifndef FNS_TESTS_PROCESS_H
#define FNS_TESTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Process {
    const char *const *argv; /* NULL-terminated, argv[0] a path */
    const char *const *env;  /* "NAME=value" to set, "NAME" to remove, NULL-terminated; may be NULL */
    const char *folder;      /* working directory; NULL: this one */
    const char *input;       /* what standard input holds; NULL: nothing */
    double seconds;          /* usual time: killed after a multiple; 0: process_seconds() */
} Process;

/* out and err are 0-terminated and freed by process_free. */
typedef struct ProcessResult {
    char *out, *err;
    size_t n_out, n_err;
    int status; /* exit status, or 128 + N after death by signal N */
    bool timed_out;
    double seconds;
    long peak_kb;
} ProcessResult;

/* False only when the program could not be started. */
bool process_run(const Process *process, ProcessResult *result);
void process_free(ProcessResult *result);

/* The fns under test ($FNS, or ./fns), as an absolute path; the source tree ($FNS_SOURCE, or ".").
 */
const char *process_fns(void);
const char *process_source(void);
/* How long a test waits for anything: FNS_TEST_SECONDS, or 20. */
double process_seconds(void);
/* Applies env as described above to this process (called in a child). */
void process_set_env(const char *const *env);
/* A fresh folder below TMPDIR, and its removal with all it holds; the path is freed by the caller.
 */
char *process_make_folder(void);
void process_remove_folder(const char *path);
/* A whole file, 0-terminated, freed by the caller; NULL when there is none. */
char *process_read_file(const char *path, size_t *n_bytes);

#endif
