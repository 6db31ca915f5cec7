/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and date-times as files write them: 2004-01-31, 2004/1/31, 31.1.2004, 1/31/2004, each with an
 * optional T10:30, 10:30:15.250, Z or +01:00 behind; months 2004-01 and quarters 2004Q1, 2004-Q1; and 2004,
 * 200401, 20040131 where the column is known to be a date. */
#ifndef FNS_DATA_SOURCES_CELL_TIME_H
#define FNS_DATA_SOURCES_CELL_TIME_H

#include "base/value.h"

typedef struct TimeText {
    int year, first, second; /* year-first: month and day; year-last: the two in the order written */
    bool year_last;
    TimeUnit unit;     /* of what is written */
    int64_t ns_of_day; /* the zone taken off: may lie outside the day */
} TimeText;

/* False where the n bytes are no date; the calendar is not yet checked. */
bool cell_time_scan(const char *text, size_t n, bool plain_digits, TimeText *out);
/* day_first matters with year_last only. False where the calendar has no such day. */
bool cell_time_make(const TimeText *text, bool day_first, int64_t *ns);

#endif
