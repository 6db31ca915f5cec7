/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which statements of the session made a thing: the journal, cut down to what it depends on. The cut goes by
 * names and keeps too much rather than too little. */
#ifndef FNS_LANG_LINEAGE_H
#define FNS_LANG_LINEAGE_H

#include "lang/session.h"

/* {name=NAME, script=[statement, ...], args=[text, ...]}, file names absolute; NULL where no statement of
 * this session made it, but for opening its file. */
const Record *lineage_of(const Session *session, const char *name, Arena *arena);

#endif
