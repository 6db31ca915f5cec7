/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source: the text of one file, prompt entry or -c argument, with its own arena for tokens and tree.
 * Kept alive by whoever quotes it (defs, errors, the session's list of sources). */
#ifndef FNS_BASE_SOURCE_H
#define FNS_BASE_SOURCE_H

#include "base/err.h"
#include "base/mem.h"

struct Source {
    char *name;   /* file name as shown, or "prompt", "-c" */
    char *folder; /* what relative paths in it are relative to; NULL: the working directory */
    char *text;   /* UTF-8, 0-terminated, byte-order mark removed */
    uint32_t length;
    const Source *included_from; /* or NULL */
    Span include_span;           /* of the include statement in included_from */
    Arena *arena;
};

/* Copies the text. NULL and an error (too long: over 64 MiB; not UTF-8; a 0 byte). */
Source *source_new(const char *name, const char *folder, const char *text, size_t length, Err *err);
void source_free(Source *source);

typedef struct Place {
    int line, column;       /* from 1; column in code points */
    const char *line_start; /* of the line that holds the span's start */
    int line_length;        /* bytes, without the newline */
} Place;
Place span_place(Span span);
Span span_join(Span a, Span b);
/* A copy of the span's text, in the arena. */
char *span_text(Span span, Arena *arena);

#endif
