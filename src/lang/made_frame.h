/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What verbs do with a frame that they made of others. */
#ifndef FNS_LANG_MADE_FRAME_H
#define FNS_LANG_MADE_FRAME_H

#include "data/group.h"
#include "lang/session.h"

/* Takes over the frame: puts it under the call's `as` name; without one shows its first rows and lets it go.
 * Sets its origin (the verb and the names of the frames; second may be NULL), the record's rows and columns.
 */
bool made_frame_put(Session *session, const Call *call, Frame *frame, const Frame *second, Result *result,
                    Err *err);
/* `group` and `aggregate`: by= and the call's new columns; plan holds the rest. */
bool made_frame_group(Session *session, const Call *call, GroupPlan *plan, Result *result, Err *err);

#endif
