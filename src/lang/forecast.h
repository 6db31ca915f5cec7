/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predictions as a frame: row number, id, time, target, then score or score_LEVEL, pred, and q05 and its
 * like. */
#ifndef FNS_LANG_FORECAST_H
#define FNS_LANG_FORECAST_H

#include "lang/judge.h"

/* One row for each judged row, in their order. `row` is the number of the row in the file or simulation
 * it came from. score: P(event) of two levels or a predicted number; score_LEVEL of several levels;
 * pred: the level (the event from the model's own cut-off on, else from 0.5; of several the most probable);
 * none for numbers; points and grade where the model has them. scores: (n,
 * n_outputs) of model 0; details: (n, n_columns) of it, or NULL. A new frame, or NULL. */
Frame *forecast_frame(const Judged *judged, const double *scores, const double *details, Err *err);

#endif
