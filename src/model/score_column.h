/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score column as a MODEL: FRAME.column, what somebody else's model gave. */
#ifndef FNS_MODEL_SCORE_COLUMN_H
#define FNS_MODEL_SCORE_COLUMN_H

#include "model/model.h"

/* Scores rows of any frame that has the column by its cells; NaN where missing. A column with the score
 * role of a frame that says higher=safer is turned round, with a note when it scores: 1 - p where all
 * its values lie in [0, 1], else -points. Errors: no_column, bad_type. A new reference. */
Model *model_of_column(const Frame *frame, const char *column, const char *name, Err *err);
const ModelKind *score_column_kind(void); /* for opening files */

#endif
