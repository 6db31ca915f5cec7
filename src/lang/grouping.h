/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of judged rows by a column: its values, or bands of a number with many. */
#ifndef FNS_LANG_GROUPING_H
#define FNS_LANG_GROUPING_H

#include "lang/evaluation.h"

enum { GROUPS_MAX = 50 };

typedef struct Grouping {
    const FrameColumn *column;
    uint32_t *group; /* (n): of each row, from 0; missing ones are the last */
    uint32_t n;      /* groups */
    const char **names;
} Grouping;

#define BANDS_OPTION                                                                                         \
    {                                                                                                        \
        "bands", OPTION_NUMBER, OPTION_LIST, NULL, 0, 0, NULL, NULL,                                         \
            "where the bands of numbers end: 25,40,62; quartiles otherwise"                                  \
    }

/* Of grouping->column, for the rows of an evaluation; names are from the call's arena, `group` is freed by
 * the caller, also after an error. Numbers of more than 10 values, and all where bands= is given, are put in
 * bands: an end belongs to the band below it. Errors: by_type, by_many, fair_bands. */
bool grouping_make(const Call *call, const Evaluation *evaluation, Grouping *grouping, Err *err);

#endif
