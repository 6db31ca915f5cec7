/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `describe`: what each column alone tells of a two-level target. */
#ifndef FNS_LANG_SCREENING_H
#define FNS_LANG_SCREENING_H

#include "lang/findings.h"
#include "lang/session.h"

/* A table of AUC and IV, the largest IV first, `top` at most, over the training rows where the frame is split
 * (a quarter of a million of them at most, evenly spaced); nothing where the target has not two levels. A
 * column whose AUC is beyond 0.95 is a finding. $last.COLUMN gets auc and iv. */
bool screening_show(Session *session, const Frame *frame, const int *columns, int n, int top,
                    Findings *findings, Result *result, Err *err);

#endif
