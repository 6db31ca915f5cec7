/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `fns -n` share: the names made so far, and the checks of values, commands and blocks. */
#ifndef FNS_LANG_CHECKING_H
#define FNS_LANG_CHECKING_H

#include "lang/check.h"

/* Names that the script will have made by then; what they will hold is not known, save of defs. */
typedef struct Checker {
    Session *session;
    Names made;
    bool open; /* names may have been made that are only known when the script runs */
    int defs;  /* around the statement: their bodies run later, when more names are there */
    int loops;
    int includes; /* files within each other */
} Checker;

/* A name is there from now on; of a name that only a run knows, any may be. `name` may be NULL. */
void check_make_text(Checker *checker, const char *name);
void check_make(Checker *checker, const Node *name);
/* What the name holds, made by the script or before it; borrowed, or NULL. */
Object *check_find(const Checker *checker, const char *name);
bool check_is_made(const Checker *checker, const char *name);
/* Raises `no_name` with a suggestion; false. */
bool check_no_name(const Checker *checker, const char *name, Span span, Err *err);

/* Names and functions in an expression. `value`: calls are functions; in arguments they are kinds, whose
 * tables bind_call knows. */
bool check_value(const Checker *checker, const Node *node, bool value, Err *err);
/* Those of a command; `values`: its arguments are values. */
bool check_command_values(const Checker *checker, const Command *command, bool values, Err *err);

/* Whether values of a command are only known when the script runs: names of options are still checked. */
bool check_depends(const Command *command);
/* A command: its options, words, and what it makes; an include is read and checked. */
bool check_command(Checker *checker, const Node *node, Err *err);

/* All statements of a block or file. */
bool check_all(Checker *checker, const NodeList *statements, Err *err);

#endif
