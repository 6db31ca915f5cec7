/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a model again from the statements in its file, in a session of its own that shows and writes
 * nothing. */
#ifndef FNS_LANG_REMAKE_H
#define FNS_LANG_REMAKE_H

#include "lang/session.h"

/* While a model is made again: whether this call is part of that, or only shows, writes or asserts. One that is
 * writes no file. */
bool remake_runs(Call *call);

typedef struct Remake Remake;

/* Runs {name=, script=} in a new session; files that are no longer where they were are looked for beside the
 * file `path` and in the working directory. NULL: an error made_again_failed with the statement. */
Remake *remake_run(Session *session, const Record *made, const char *path, Err *err);
/* What came out of it under the name; borrowed. */
const Object *remake_object(const Remake *remake);
/* The data files that its statements read, as they were found; in the arena of the remake. */
ValueList remake_files(const Remake *remake);
void remake_free(Remake *remake);

#endif
