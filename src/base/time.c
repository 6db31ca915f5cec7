/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar: proleptic Gregorian, UTC, no leap seconds, ns in 64 bits (1677-09-22 to
 * 2262-04-11). Days are counted from 1970-01-01; a computing year begins in March, so that a leap
 * day is its last and 400 years are 146097 days. */
#include "base/value.h"

#include <limits.h>

#define NS_SECOND 1000000000LL
#define NS_DAY    (86400 * NS_SECOND)

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_of_date(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = floor_divide(year, 400), year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_of_days(int64_t days, TimeParts *out)
{
    int64_t shifted = days + 719468, era = floor_divide(shifted, 146097);
    int64_t day = shifted - era * 146097; /* of the era */
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100; /* of the year */
    int64_t month = (5 * day + 2) / 153;
    out->day = (int)(day - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(year + era * 400 + (out->month <= 2));
    out->weekday = (int)((days % 7 + 10) % 7 + 1);
}

static int month_length(int64_t year, int month)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 ? 28 + leap : 30 + ((month + month / 8) % 2);
}

/* False where the instant does not fit (INT64_MIN is kept for missing). */
static bool join(int64_t days, int64_t ns_of_day, int64_t *ns)
{
    __int128 sum = (__int128)days * NS_DAY + ns_of_day;
    if (sum <= INT64_MIN || sum > INT64_MAX) return false;
    *ns = (int64_t)sum;
    return true;
}

bool time_make(int year, int month, int day, int hour, int minute, double second, int64_t *ns)
{
    if (month < 1 || month > 12 || day < 1 || day > month_length(year, month)) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    if (!(second >= 0 && second < 60)) return false;
    int64_t whole = (int64_t)second, fraction = (int64_t)((second - (double)whole) * 1e9 + 0.5);
    int64_t of_day = (hour * 3600 + minute * 60 + whole) * NS_SECOND + fraction;
    return join(days_of_date(year, month, day), of_day, ns);
}

TimeParts time_parts(int64_t ns)
{
    TimeParts parts = { 0 };
    int64_t days = floor_divide(ns, NS_DAY);
    uint64_t of_day = (uint64_t)ns - (uint64_t)days * NS_DAY;
    int seconds = (int)(of_day / NS_SECOND);
    date_of_days(days, &parts);
    parts.hour = seconds / 3600;
    parts.minute = seconds / 60 % 60;
    parts.second = seconds % 60;
    parts.ns = (int64_t)(of_day % NS_SECOND);
    return parts;
}

/* INT64_MIN (missing) where the sum leaves the calendar or ns is missing. */
int64_t time_add(int64_t ns, int64_t months, int64_t add_ns)
{
    if (ns == INT64_MIN) return ns;
    int64_t sum = ns;
    if (months) {
        if (months > 12000 || months < -12000) return INT64_MIN;
        TimeParts parts = time_parts(ns);
        int64_t days = floor_divide(ns, NS_DAY), month = parts.year * 12LL + parts.month - 1 + months;
        int64_t year = floor_divide(month, 12);
        int of_year = (int)(month - year * 12) + 1, last = month_length(year, of_year);
        int64_t moved = days_of_date(year, of_year, parts.day < last ? parts.day : last);
        __int128 shifted = (__int128)ns + (__int128)(moved - days) * NS_DAY;
        if (shifted <= INT64_MIN || shifted > INT64_MAX) return INT64_MIN;
        sum = (int64_t)shifted;
    }
    return __builtin_add_overflow(sum, add_ns, &sum) ? INT64_MIN : sum;
}

int64_t time_period_end(int64_t ns, TimeUnit unit)
{
    static const int64_t months[] = { [UNIT_YEAR] = 12, [UNIT_QUARTER] = 3, [UNIT_MONTH] = 1 };
    int64_t next = unit <= UNIT_MONTH ? time_add(ns, months[unit], 0)
                                      : time_add(ns, 0, unit == UNIT_DAY ? NS_DAY : NS_SECOND);
    return next == INT64_MIN ? (ns == INT64_MIN ? ns : INT64_MAX) : next - 1;
}

void time_write(Buf *out, int64_t ns, TimeUnit unit)
{
    if (ns == INT64_MIN) {
        buf_puts(out, "missing");
        return;
    }
    TimeParts parts = time_parts(ns);
    buf_printf(out, "%04d", parts.year);
    if (unit == UNIT_QUARTER) buf_printf(out, "Q%d", (parts.month + 2) / 3);
    if (unit >= UNIT_MONTH && unit <= UNIT_SECOND) buf_printf(out, "-%02d", parts.month);
    if (unit == UNIT_DAY || unit == UNIT_SECOND) buf_printf(out, "-%02d", parts.day);
    if (unit != UNIT_SECOND) return;
    buf_printf(out, "T%02d:%02d:%02d", parts.hour, parts.minute, parts.second);
    if (!parts.ns) return;
    buf_printf(out, ".%09lld", (long long)parts.ns);
    while (out->text[out->length - 1] == '0') out->text[--out->length] = '\0';
}
