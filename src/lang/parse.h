/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the text of a source to its tree. */
#ifndef FNS_LANG_PARSE_H
#define FNS_LANG_PARSE_H

#include "base/source.h"
#include "lang/ast.h"
#include "lang/vocabulary.h"

/* What was defined before this source; all may be zero. */
typedef struct ParseState {
    bool (*is_def)(void *context, const char *name); /* or NULL: no defs */
    void *context;
    bool included; /* an `include` ran before: words that nobody knows may be its defs */
} ParseState;

/* What a bare word means (LANGUAGE 2). */
typedef enum WordContext {
    CONTEXT_ARGUMENT, /* what the command says */
    CONTEXT_ROW,      /* a column */
    CONTEXT_VALUE     /* an error */
} WordContext;

/* The statements of a source (NODE_STATEMENTS), in the source's arena; NULL and an error with its
 * span. Where the text is correct so far but unfinished the code is `incomplete` and `open` (may be
 * NULL) is filled with what is open, "net pd > parallel > branch". `state` may be NULL. */
Node *parse_source(const Source *source, const Vocabulary *vocabulary, const ParseState *state, Err *err,
                   Buf *open);
/* The source as one expression: in CONTEXT_ARGUMENT a value as an option takes it. */
Node *parse_expression(const Source *source, WordContext context, Err *err);

#endif
