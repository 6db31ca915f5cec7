/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recipe steps may know of the rows they learn from or are applied to: target, order, times, folds. */
#ifndef FNS_DATA_STEPROWS_H
#define FNS_DATA_STEPROWS_H

#include "data/prep.h"

/* What the prep's fitted steps ask for (STEP_TARGET, ...). */
unsigned prep_needs(const Prep *prep);

/* Of frame rows list[0..n-1] (list NULL: first, first + 1, ...) what `needs` asks for; the names of roles are
 * the prep's. Errors: an id or time column that the frame has not. */
bool step_rows_open(StepRows *rows, const Prep *prep, const Frame *frame, const uint32_t *list, size_t first,
                    size_t n, unsigned needs, Err *err);
/* The same for the training rows of a fit, whose targets and weights are added. */
bool step_rows_learn(StepRows *rows, const Prep *prep, const Frame *frame, const TargetInfo *target,
                     const uint32_t *list, size_t n, unsigned needs, Err *err);
void step_rows_close(StepRows *rows);

#endif
