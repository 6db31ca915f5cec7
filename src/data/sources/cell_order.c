/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Day before month or month before day, where no date has a day above 12: a series that is evenly spaced in
 * one order alone was written in that order. 1/1/1957, 2/1/1957, ..., 12/1/1957, 1/1/1958 is monthly as
 * month/day/year, and twelve days of each January otherwise. */
#include "data/sources/cells.h"

enum { DATES_LEAST = 8 };

/* A series so far: whether all its steps are the same number of days, or of whole months. */
typedef struct Spacing {
    size_t n;
    int64_t day, month; /* of the last date, counted through */
    int day_of_month;
    int64_t day_step, month_step;
    bool by_days, by_months;
} Spacing;

static void add_date(Spacing *series, int year, int month, int day)
{
    int64_t ns, months = 12LL * year + month;
    time_make(year, month, day, 0, 0, 0, &ns);
    int64_t days = ns / (86400 * 1000000000LL), day_step = days - series->day,
            month_step = months - series->month;
    if (series->n == 0) series->by_days = series->by_months = true;
    if (series->n == 1) {
        series->day_step = day_step;
        series->month_step = month_step;
    }
    if (series->n) {
        series->by_days &= day_step != 0 && day_step == series->day_step;
        series->by_months &=
            month_step != 0 && month_step == series->month_step && day == series->day_of_month;
    }
    series->day = days;
    series->month = months;
    series->day_of_month = day;
    series->n++;
}

char cell_order_by_spacing(const Cells *cells, const CellColumn *column)
{
    Spacing as_day = { 0 }, as_month = { 0 };
    for (size_t row = 0; row < cells->n_rows; row++) {
        if (column->integers[row] == INTEGER_MISSING) continue;
        TimeParts parts = time_parts(column->integers[row]); /* stored day first */
        if (parts.day > 12) return 0;
        add_date(&as_day, parts.year, parts.month, parts.day);
        add_date(&as_month, parts.year, parts.day, parts.month);
    }
    bool day = as_day.by_days || as_day.by_months, month = as_month.by_days || as_month.by_months;
    if (as_day.n < DATES_LEAST || day == month) return 0;
    return day ? 'd' : 'm';
}
