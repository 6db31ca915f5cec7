/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 2024-02-14, a Wednesday: the week ends on 2024-02-18, the month on 2024-02-29, the quarter on 2024-03-31.
 */
#include "data/period.h"

#include <string.h>

#define DAY_NS 86400000000000

static int64_t midnight(int64_t ns)
{
    int64_t past = ns % DAY_NS;
    return ns - (past < 0 ? past + DAY_NS : past);
}

static int64_t last_day(int64_t ns, PeriodUnit unit)
{
    TimeParts parts = time_parts(ns);
    int month = unit == PERIOD_YEAR ? 12 : unit == PERIOD_QUARTER ? (parts.month + 2) / 3 * 3 : parts.month;
    int64_t first = 0;
    if (unit == PERIOD_DAY) return midnight(ns);
    if (unit == PERIOD_WEEK) return midnight(ns) + (7 - parts.weekday) * DAY_NS;
    time_make(parts.year, month, 1, 0, 0, 0, &first);
    return time_add(first, 1, -DAY_NS);
}

int64_t period_label(int64_t ns, Period period, int64_t *last)
{
    if (period.unit != PERIOD_CLOCK) {
        int64_t day = last_day(ns, period.unit);
        *last = day + DAY_NS - 1;
        return day;
    }
    int64_t past = ns - midnight(ns), end = midnight(ns) + (past / period.ns + 1) * period.ns;
    *last = end - 1;
    return end;
}

static bool read_duration(int64_t months, int64_t ns, Period *out)
{
    static const int64_t durations[][2] = { { 0, DAY_NS }, { 0, 7 * DAY_NS }, { 1, 0 }, { 3, 0 }, { 12, 0 } };
    if (months == 0 && ns > 0 && ns < DAY_NS && DAY_NS % ns == 0) {
        *out = (Period){ PERIOD_CLOCK, ns };
        return true;
    }
    for (int k = 0; k <= PERIOD_YEAR; k++)
        if (durations[k][0] == months && durations[k][1] == ns) {
            *out = (Period){ .unit = (PeriodUnit)k };
            return true;
        }
    return false;
}

bool period_read(const Value *value, Period *out)
{
    static const char *const words[] = { "day", "week", "month", "quarter", "year" };
    if (value->type == VALUE_DURATION) return read_duration(value->duration.months, value->duration.ns, out);
    if (value->type != VALUE_WORD && value->type != VALUE_TEXT) return false;
    for (int k = 0; k <= PERIOD_YEAR; k++)
        if (strcmp(value->text, words[k]) == 0) {
            *out = (Period){ .unit = (PeriodUnit)k };
            return true;
        }
    return false;
}

int64_t period_known(int64_t ns, TimeUnit unit, TimeUnit other)
{
    return unit < other ? time_period_end(ns, unit) : ns;
}
