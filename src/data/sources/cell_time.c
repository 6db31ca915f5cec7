/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and date-times as files write them. */
#include "data/sources/cell_time.h"

#include <string.h>

#define NS_SECOND 1000000000LL

typedef struct Reader {
    const char *at, *end;
} Reader;

static char peek(const Reader *in)
{
    return in->at < in->end ? *in->at : '\0';
}

static bool take(Reader *in, char sign)
{
    if (peek(in) != sign || in->at == in->end) return false;
    in->at++;
    return true;
}

/* `least` to `most` digits (at most 9); how many, 0 where there are too few or too many. */
static int digits(Reader *in, int least, int most, int *value)
{
    int n = 0;
    for (*value = 0; peek(in) >= '0' && peek(in) <= '9'; in->at++, n++)
        if (n < most) *value = *value * 10 + (*in->at - '0');
    return n >= least && n <= most ? n : 0;
}

static bool take_date_sign(Reader *in, char *sign)
{
    *sign = peek(in);
    if (*sign != '-' && *sign != '/' && *sign != '.') return false;
    in->at++;
    return true;
}

/* 2008Q2, 2008-Q2, 2008 q2: behind the year. */
static bool quarter(Reader *in, TimeText *out)
{
    Reader at = *in;
    int number;
    if (peek(&at) == '-' || peek(&at) == ' ') at.at++;
    if (!take(&at, 'Q') && !take(&at, 'q')) return false;
    if (!digits(&at, 1, 1, &number) || number < 1 || number > 4 || at.at != at.end) return false;
    *in = at;
    out->unit = UNIT_QUARTER;
    out->first = 3 * number - 2;
    out->second = 1;
    return true;
}

static bool year_first(Reader *in, TimeText *out)
{
    char sign;
    if (quarter(in, out)) return true;
    out->unit = UNIT_MONTH;
    if (!take_date_sign(in, &sign) || !digits(in, 1, 2, &out->first)) return false;
    out->second = 1;
    if (!take(in, sign)) return sign != '.' && in->at == in->end;
    out->unit = UNIT_DAY;
    return digits(in, 1, 2, &out->second) > 0;
}

static bool year_last(Reader *in, TimeText *out)
{
    char sign;
    out->year_last = true;
    out->unit = UNIT_DAY;
    return take_date_sign(in, &sign) && digits(in, 1, 2, &out->second) && take(in, sign) &&
           digits(in, 4, 4, &out->year);
}

/* 2004, 200401, 20040131 */
static bool only_digits(int value, int n, TimeText *out)
{
    out->unit = n == 4 ? UNIT_YEAR : n == 6 ? UNIT_MONTH : UNIT_DAY;
    out->second = n == 8 ? value % 100 : 1;
    if (n == 8) value /= 100;
    out->first = n == 4 ? 1 : value % 100;
    out->year = n == 4 ? value : value / 100;
    return n == 4 || n == 6 || n == 8;
}

/* Up to nine decimals of a second; further ones are cut. */
static bool fraction(Reader *in, int64_t *ns)
{
    int64_t unit = NS_SECOND / 10;
    if (peek(in) < '0' || peek(in) > '9') return false;
    for (; peek(in) >= '0' && peek(in) <= '9'; in->at++, unit /= 10) *ns += unit * (*in->at - '0');
    return true;
}

static bool zone(Reader *in, int64_t *ns)
{
    int hours, minutes = 0;
    if (in->at == in->end) return true;
    if (take(in, 'Z') || take(in, 'z')) return in->at == in->end;
    bool behind = peek(in) == '-';
    if (!take(in, '+') && !take(in, '-')) return false;
    if (!digits(in, 2, 2, &hours)) return false;
    if (take(in, ':') && !digits(in, 2, 2, &minutes)) return false;
    if (hours > 15 || minutes > 59 || in->at != in->end) return false;
    int64_t shift = (hours * 60LL + minutes) * 60 * NS_SECOND;
    *ns += behind ? shift : -shift;
    return true;
}

static bool clock_time(Reader *in, TimeText *out)
{
    int hour, minute, second = 0;
    out->unit = UNIT_SECOND;
    if (!digits(in, 1, 2, &hour) || !take(in, ':') || !digits(in, 2, 2, &minute)) return false;
    if (take(in, ':')) {
        if (!digits(in, 2, 2, &second)) return false;
        if (take(in, '.') && !fraction(in, &out->ns_of_day)) return false;
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    out->ns_of_day += (hour * 3600LL + minute * 60 + second) * NS_SECOND;
    return zone(in, &out->ns_of_day);
}

bool cell_time_scan(const char *text, size_t n, bool plain_digits, TimeText *out)
{
    Reader in = { text, text + n };
    *out = (TimeText){ .year = 0 };
    int length = digits(&in, 1, plain_digits ? 8 : 4, &out->first);
    if (plain_digits && in.at == in.end) return only_digits(out->first, length, out);
    if (length == 4) out->year = out->first;
    bool ok = length == 4 ? year_first(&in, out) : length <= 2 ? length && year_last(&in, out) : false;
    if (!ok || in.at == in.end) return ok;
    if (out->unit != UNIT_DAY) return false;
    if (!take(&in, 'T') && !take(&in, ' ') && !take(&in, 't')) return false;
    if (!clock_time(&in, out)) return false;
    bool other_day = out->ns_of_day < 0 || out->ns_of_day >= 86400 * NS_SECOND;
    return !(out->year_last && other_day); /* its day and month may still change places */
}

bool cell_time_make(const TimeText *text, bool day_first, int64_t *ns)
{
    bool swap = text->year_last && day_first;
    int month = swap ? text->second : text->first, day = swap ? text->first : text->second;
    return time_make(text->year, month, day, 0, 0, 0, ns) &&
           !__builtin_add_overflow(*ns, text->ns_of_day, ns) && *ns != INT64_MIN;
}
