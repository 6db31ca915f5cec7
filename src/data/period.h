/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Periods: a day, a week (Monday to Sunday), a month, a quarter, a year, or so many nanoseconds below a day.
 */
#ifndef FNS_DATA_PERIOD_H
#define FNS_DATA_PERIOD_H

#include "base/value.h"

typedef enum PeriodUnit {
    PERIOD_DAY,
    PERIOD_WEEK,
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_YEAR,
    PERIOD_CLOCK /* ns of them, counted from midnight UTC; they divide a day */
} PeriodUnit;

typedef struct Period {
    PeriodUnit unit;
    int64_t ns;
} Period;

/* The time at which the period that holds a time is over. Of days and longer ones its last day, at midnight
 * UTC, since a date stands for the whole day; of shorter ones their end: with 5 minutes 09:35 for what begins
 * at 09:30. *last: the last nanosecond of the period. */
int64_t period_label(int64_t ns, Period period, int64_t *last);
/* day week month quarter year (also 1d 1w 1mo 1q 1y), or a duration below a day that divides it. False: none
 * of these. */
bool period_read(const Value *value, Period *out);

/* The time from which a cell of a column is known: of a year, month or day the last nanosecond where `unit`
 * is coarser than the times it is compared with (`other`), else the time itself. */
int64_t period_known(int64_t ns, TimeUnit unit, TimeUnit other);

#endif
