/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of fns (LANGUAGE 5), and running what it names. */
#ifndef FNS_LANG_PROGRAM_H
#define FNS_LANG_PROGRAM_H

#include "lang/session.h"

typedef struct Program {
    const char *file;       /* a script, or "-": standard input; NULL */
    const char *statements; /* of -c; NULL */
    int n_args;
    char **args; /* behind the script */
    bool check, interactive, tree;
    const Value *seed, *threads; /* NULL: not given */
    const char *ui, *output;
    const char *text; /* what --help, --version and --man print; NULL */
    Arena *arena;
} Program;

/* Errors: usage. */
bool program_parse(int argc, char **argv, Program *out, Err *err);
void program_free(Program *program);
void program_args(const Program *program, Session *session); /* $args */
Source *program_source(const Program *program, Err *err);    /* of the script or -c */
bool program_run_text(Session *session, const Program *program, Err *err);
bool program_run_file(Session *session, const Program *program, Err *err);

#endif
