/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a net sees of a frame: recipe=on of the verbs that look at rows. */
#ifndef FNS_LANG_SEEN_FRAME_H
#define FNS_LANG_SEEN_FRAME_H

#include "lang/command.h"
#include "lang/result.h"

#define SEEN_FRAME_OPTION                                                                                    \
    {                                                                                                        \
        "recipe", OPTION_ANY, 0, NULL, 0, 0, NULL, NULL,                                                     \
            "on: what a net sees, as the recipe learns it from the training rows; or a second recipe's name" \
    }

/* Whether recipe= says more than off. */
bool seen_asked(const Call *call);

/* The call with the frame to look at, a reference of its own that the caller gives back: the call's frame, or
 * with recipe= a frame of the same rows and parts whose inputs are those of a net; id, time and target stay
 * as they are. Errors: no_recipe, bad_value, and why the recipe cannot be fitted. */
bool seen_frame(Session *session, const Call *call, Call *seen, Result *result, Err *err);

#endif
