/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be said of figures that mean little: one class only, equal scores, a score that runs the other
 * way, few rows, scores that are no probabilities. */
#ifndef FNS_LANG_JUDGE_EDGES_H
#define FNS_LANG_JUDGE_EDGES_H

#include "lang/evaluation.h"

void edges_note(const Evaluation *evaluation, Notes *notes);

#endif
