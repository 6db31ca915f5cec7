/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least change of a row that turns the decision on it. */
#ifndef FNS_LANG_FLIP_H
#define FNS_LANG_FLIP_H

#include "lang/judge.h"

#define FLIP_OPTIONS                                                                                         \
    { "flip", OPTION_BOOL, 0, "off", 0, 0, NULL, NULL, "the least change that turns the decision" },         \
        { "cutoff",                                                                                          \
          OPTION_FRACTION,                                                                                   \
          0,                                                                                                 \
          NULL,                                                                                              \
          0,                                                                                                 \
          1,                                                                                                 \
          NULL,                                                                                              \
          NULL,                                                                                              \
          "the event is said from this score on; what `threshold` stored otherwise, else 0.5" },             \
    {                                                                                                        \
        "keep", OPTION_COLUMNS, OPTION_LIST, NULL, 0, 0, NULL, NULL, "with flip: columns that cannot change" \
    }

/* Of the one judged row, by model 0: tries the values of the training rows, one column at a time, then two.
 * Errors: judge_events, flip_history, flip_columns. */
bool flip_show(Session *session, const Call *call, const Judged *judged, Result *result, Err *err);

/* The cut-off of a call: cutoff=, else the model's own, else 0.5. */
double judged_cutoff(const Call *call, const Model *model);

#endif
