/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: the top statements of a session as they were written, so that a script made of them does
 * the same again. What failed and kept a part stands behind `catch:`; what undo took back at the prompt is
 * marked. */
#ifndef FNS_LANG_JOURNAL_H
#define FNS_LANG_JOURNAL_H

#include "lang/session.h"

void journal_statement(Session *session, const Node *statement, bool ok);
/* `undo` or `redo` as a statement of a file. */
void journal_word(Session *session, const char *word);
/* An entry at the prompt was taken back: its lines; and done again: as lines at the end. */
void journal_take_back(Session *session, int from, int end);
void journal_again(Session *session, int from, int end);
/* A statement as the journal will have it, file names absolute; in the arena. */
const char *journal_text(const Session *session, const Node *statement, Arena *arena);
/* A script that makes the session again; file names are absolute. */
void journal_write(const Session *session, FILE *out);
void journal_free(Session *session);

#endif
