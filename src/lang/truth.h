/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be reached at all on the rows of a simulated frame. */
#ifndef FNS_LANG_TRUTH_H
#define FNS_LANG_TRUTH_H

#include "data/frame.h"
#include "lang/result.h"

/* A line with the attainable figures of the frame's samples that have a target, and the record `attainable`;
 * nothing where the truth is not known. */
void truth_describe(const Frame *frame, Result *result);

#endif
