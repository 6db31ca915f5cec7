/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes: things worth saying that are not errors ("3 rows have no target"). Any room adds them; the
 * renderer shows them after the result. */
#ifndef FNS_BASE_NOTES_H
#define FNS_BASE_NOTES_H

#include "base/err.h"
#include "base/mem.h"

typedef struct Notes {
    Arena *arena; /* where texts are kept; not owned */
    const char **texts;
    int n, capacity;
    int hidden; /* how many the last text counts */
} Notes;

/* Equal notes are kept once; more than 100 are counted in the last. `notes` may be NULL. */
void notes_add(Notes *notes, MessageId id, const char *const *args);
#define NOTE(notes, id, ...) notes_add((notes), MSG_##id, ARGS(__VA_ARGS__))

#endif
