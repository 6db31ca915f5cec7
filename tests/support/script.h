/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script that tests run: its text, the settings in its head, a folder of its own to run in. */
#ifndef FNS_TESTS_SCRIPT_H
#define FNS_TESTS_SCRIPT_H

#include "support/process.h"

enum { SCRIPT_WORDS = 32 };

/* Comment lines at the top of a script: `# exit: 3`, `# args: --ui=plain x y` (what begins with a
 * dash goes before the file, the rest after it), `# env: NAME=value` or `# env: NAME` (one a line),
 * `# seconds: 60`. */
typedef struct Script {
    char *path, *name; /* "/.../tests/golden/print.fns", "print" */
    char *text;
    int exit_status;
    double seconds; /* 0: the usual time */
    const char *args[SCRIPT_WORDS], *env[SCRIPT_WORDS];
    size_t n_args, n_env;
    char *settings; /* what args and env point into */
} Script;

/* The scripts of a folder of the source tree ("tests/golden"), sorted by name, *n of them. */
Script *script_list(const char *folder, size_t *n);
void script_free(Script *scripts, size_t n);

/* Runs it in a fresh folder that holds copies of the files beside it with the endings given
 * (NULL-terminated) and a link to the folder `data` beside it; nothing is written to the source
 * tree. */
void script_run(const Script *script, const char *const *endings, ProcessResult *result);

#endif
