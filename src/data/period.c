/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 2024-02-14, a Wednesday: the week ends on 2024-02-18, the month on 2024-02-29, the quarter on 2024-03-31.
 */
#include "data/period.h"

#define DAY_NS 86400000000000

static int64_t midnight(int64_t ns)
{
    int64_t past = ns % DAY_NS;
    return ns - (past < 0 ? past + DAY_NS : past);
}

int64_t period_last_day(int64_t ns, Period period)
{
    TimeParts parts = time_parts(ns);
    int month = period == PERIOD_YEAR      ? 12
                : period == PERIOD_QUARTER ? (parts.month + 2) / 3 * 3
                                           : parts.month;
    int64_t first = 0;
    if (period == PERIOD_DAY) return midnight(ns);
    if (period == PERIOD_WEEK) return midnight(ns) + (7 - parts.weekday) * DAY_NS;
    time_make(parts.year, month, 1, 0, 0, 0, &first);
    return time_add(first, 1, -DAY_NS);
}

int64_t period_known(int64_t ns, TimeUnit unit, TimeUnit other)
{
    return unit < other ? time_period_end(ns, unit) : ns;
}
