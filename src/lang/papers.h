/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes with a net or a fitted model beside its weights: notes (words for the report), and of one that
 * was opened from a file how it was made. Objects own their papers; model files keep them.
 *     papers = {notes={purpose="..."}, made={name="pd", script=["...", ...]}} */
#ifndef FNS_LANG_PAPERS_H
#define FNS_LANG_PAPERS_H

#include "lang/session.h"
#include "store/modelfile.h"

/* The words that the built-in template of a report asks for, in its order. */
typedef struct NoteKey {
    const char *key, *help;
} NoteKey;
extern const NoteKey note_keys[];
extern const int n_note_keys;

/* The notes of an object, or NULL; and one of them, NULL where there is none. */
const Record *papers_notes(const Object *object);
const char *papers_note(const Object *object, const char *key);
/* A new version of the object with these notes; the weights are shared. */
Object *papers_with_notes(const Object *object, const Record *notes, Arena *arena);
/* A new version takes over the notes, and how it was made while the weights are the same. */
void papers_inherit(Object *object, const Object *before);
/* A table of the notes, where there are any. */
void papers_show(const Object *object, Result *result);

/* What `save` puts into the file: notes, and the statements of this session that make the model, or those
 * that its own file said. */
ModelPapers papers_to_save(const Session *session, const char *name, const Object *object, Arena *arena);

#endif
