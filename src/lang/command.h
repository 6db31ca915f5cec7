/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands: one a file in lang/cmd/, each a const struct at its end, registered by one row of
 * lang/commands.def. The one table drives checking, help, did-you-mean, completion, the manual and the
 * test that runs every example. */
#ifndef FNS_LANG_COMMAND_H
#define FNS_LANG_COMMAND_H

#include "base/option.h"
#include "lang/ast.h"
#include "lang/object.h"
#include "lang/result.h"

typedef struct Session Session;

typedef enum CommandFlag {
    COMMAND_AS = 1, /* takes `as NAME` */
    COMMAND_AS_REQUIRED = 2,
    COMMAND_REPLACE = 4, /* takes the flag replace */
    COMMAND_FORCE = 8,
    COMMAND_IF = 16,      /* takes a suffix `if` over rows of its frame */
    COMMAND_FRAME = 32,   /* its first operand is a frame, left out inside `with` */
    COMMAND_LAST = 64,    /* sets $last */
    COMMAND_UNDO = 128,   /* changes names: an undo step */
    COMMAND_NEWS = 256,   /* KEY expr are new names: derive (row context), let (value context) */
    COMMAND_VALUES = 512, /* operands are expressions: print, assert, return */
    COMMAND_WORDS = 1024, /* every word is an operand: help, why */
    COMMAND_EXTRA =
        2048, /* further KEY=value pairs are allowed and come in call->extra: split, sweep, rename */
    COMMAND_RUNS = 8192,    /* runs statements, each a step of its own: include */
    COMMAND_MODEL = 16384,  /* with COMMAND_FRAME: a MODEL may stand for the frame, which is NULL then */
    COMMAND_NO_CHECK = 4096 /* needs a terminal or files: `fns -n` does not look inside */
} CommandFlag;

typedef struct NewName {
    const char *name;
    Span name_span;
    const Node *expression;
} NewName;

/* One call, arguments checked and words resolved. Everything lives in the scratch arena. */
typedef struct Call {
    const struct CommandKind *command;
    Arena *arena;
    Options options; /* of the command's table */
    const Node *node;
    Span span;      /* of the verb */
    const char *as; /* or NULL */
    Span as_span;
    bool replace, force;
    const Node *condition; /* of the suffix if, or NULL */
    const NewName *news;
    int n_news;
    Args extra;                     /* COMMAND_EXTRA: keys that are not in the table */
    const Value *values;            /* COMMAND_VALUES: the operands' values ... */
    const Node *const *value_nodes; /* ... and their nodes */
    int n_values;
    const char *model;  /* COMMAND_MODEL: its name where it is no frame, else NULL */
    const Frame *frame; /* COMMAND_FRAME: the frame (borrowed from the session) ... */
    const char *frame_name;
} Call;

typedef struct CommandKind {
    Kind kind;
    const char *group; /* "Session", "Data", ...: heading in help */
    const char *form;  /* "train NET [epochs=] ...": shown by help; NULL: made from the table */
    unsigned flags;
    const Kind
        *others; /* COMMAND_EXTRA: a table whose options may also stand (those of train, in sweep); or NULL */
    /* Fills result; on failure nothing in the session has changed (the caller also restores names). */
    bool (*run)(Session *session, const Call *call, Result *result, Err *err);
    /* Further completions of an operand (words for `set`, topics for `help`), or NULL. */
    void (*complete)(Session *session, const char *prefix, void (*add)(void *context, const char *word),
                     void *context);
} CommandKind;

/* All verbs: those of lang/commands.def, then one for each step of data/steps.def. */
const KindList *command_list(void);
const CommandKind *command_find(const char *verb);

#endif
