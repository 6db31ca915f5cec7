/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo: names and settings as they were before each step. Old versions are kept by reference within
 * the budget of `set undo_memory`. */
#ifndef FNS_LANG_UNDO_H
#define FNS_LANG_UNDO_H

#include "lang/session.h"

/* Notes the state before a statement. Within a group (one prompt entry) only the group's first step is
 * kept, but each statement still goes back on failure. */
UndoStep *undo_begin(Session *session, const Node *statement);
/* ok: the step stays if anything changed; else names and settings go back to what they were. */
void undo_end(Session *session, UndoStep *step, bool ok);
void undo_group(Session *session, const char *words); /* one step for all that follows ... */
void undo_ungroup(Session *session);                  /* ... until here */
void undo_free(Session *session);

#endif
