/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calendar periods: a day, a week (Monday to Sunday), a month, a quarter, a year. */
#ifndef FNS_DATA_PERIOD_H
#define FNS_DATA_PERIOD_H

#include "base/value.h"

typedef enum Period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR } Period;
#define PERIOD_WORDS "day|week|month|quarter|year" /* in their order */

/* The last day of the period that holds a time, at midnight UTC: the date at which the period is known. */
int64_t period_last_day(int64_t ns, Period period);

/* The time from which a cell of a column is known: of a year, month or day the last nanosecond where `unit`
 * is coarser than the times it is compared with (`other`), else the time itself. */
int64_t period_known(int64_t ns, TimeUnit unit, TimeUnit other);

#endif
