/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and date-times as files write them: 2004-01-31, 2004/1/31, 31.1.2004, 1/31/2004, 31JAN2004,
 * 31-Jan-04, Jan 31, 2004, each with an optional T10:30, 10:30:15.250, 9:30 PM, Z or +01:00 behind; months
 * 2004-01, Jan-04, January 2004 and quarters 2004Q1, 2004-Q1, Q1 2004, 1Q2004; and 2004, 200401, 20040131
 * where the column is known to be a date. Month names are English. */
#ifndef FNS_DATA_SOURCES_CELL_TIME_H
#define FNS_DATA_SOURCES_CELL_TIME_H

#include "base/value.h"

typedef struct TimeText {
    int year, first, second; /* year-first: month and day; year-last: the two in the order written */
    bool year_last;
    bool short_year;   /* of two digits: 69 .. 99 are 1969 .. 1999, 00 .. 68 are 2000 .. 2068 */
    TimeUnit unit;     /* of what is written */
    int64_t ns_of_day; /* the zone taken off: may lie outside the day */
} TimeText;

/* False where the n bytes are no date; the calendar is not yet checked. */
bool cell_time_scan(const char *text, size_t n, bool plain_digits, TimeText *out);
/* day_first matters with year_last only. False where the calendar has no such day. */
bool cell_time_make(const TimeText *text, bool day_first, int64_t *ns);
/* A time of the day without a date: 10:30, 10:30:15.250, 9:30 PM. */
bool cell_clock_scan(const char *text, size_t n, int64_t *ns_of_day);

#endif
