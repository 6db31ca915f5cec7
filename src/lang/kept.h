/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What judging verbs found, kept for the report: of each verb and each model or frame the results of its last
 * statements, with the version they are of. */
#ifndef FNS_LANG_KEPT_H
#define FNS_LANG_KEPT_H

#include "lang/session.h"

enum { KEPT_EACH = 6 }; /* statements of a verb on one thing */

struct KeptResult {
    const char *verb, *name, *statement;
    const Object *object; /* the version that was judged */
    Arena *arena;         /* of all this */
    const Result *result; /* with its charts */
};

/* Keeps the result of a verb of judging or looking inside, or of `check`, under each model and frame that the
 * call names. The same statement again replaces what it said before. */
void kept_add(Session *session, const Call *call, const Result *result);
/* The i-th result of a verb on a thing, oldest first, whose weights (of a frame: whose rows) are still those
 * that were judged; NULL: there are no more. */
const KeptResult *kept_get(const Session *session, const char *verb, const char *name, int i);
/* How many were of earlier weights. */
int kept_outdated(const Session *session, const char *verb, const char *name);
void kept_free(Session *session);

#endif
