/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and date-times as files write them. */
#include "data/sources/cell_time.h"

#include <string.h>
#include <strings.h>

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

/* ---- months by name, quarters first */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Jan, January, in any case; 0: it is none. */
static int month_name(Reader *in)
{
    static const char *const names[] = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"
    };
    const char *start = in->at;
    while (in->at < in->end && is_letter(*in->at)) in->at++;
    size_t n = (size_t)(in->at - start);
    for (int i = 0; i < 12; i++) {
        bool whole = n == strlen(names[i]) || n == 3 || (n == 4 && i == 8);
        if (whole && strncasecmp(start, names[i], n) == 0) return i + 1;
    }
    return 0;
}

static bool take_gap(Reader *in)
{
    return take(in, ' ') || take(in, '-') || take(in, '/');
}

/* 2008, or 08 as strptime reads it. */
static bool year_of(Reader *in, bool may_be_short, TimeText *out)
{
    int n = digits(in, 2, 4, &out->year);
    out->short_year = n == 2;
    if (n == 2) out->year += out->year < 69 ? 2000 : 1900;
    return n == 4 || (n == 2 && may_be_short);
}

/* Q2 2008, Q2-2008; 2Q2008 behind its 2. */
static bool quarter_of(Reader *in, int number, bool gap, TimeText *out)
{
    out->unit = UNIT_QUARTER;
    out->first = 3 * number - 2;
    out->second = 1;
    if (!take_gap(in) && gap) return false;
    return number >= 1 && number <= 4 && year_of(in, false, out) && in->at == in->end;
}

/* Jul-08, Jul 2008, JUL2008 (months), Jul 31, 2008 (a day). */
static bool name_first(Reader *in, TimeText *out)
{
    Reader at = *in;
    int number;
    if ((take(&at, 'Q') || take(&at, 'q')) && digits(&at, 1, 1, &number)) {
        *in = at;
        return quarter_of(in, number, true, out);
    }
    out->first = month_name(in);
    if (!out->first) return false;
    bool dash = peek(in) == '-';
    take_gap(in);
    Reader day = *in;
    if (digits(&day, 1, 2, &out->second) && (take(&day, ',') || take_gap(&day))) {
        *in = day;
        out->unit = UNIT_DAY;
        take(in, ' ');
        return year_of(in, false, out);
    }
    out->second = 1;
    out->unit = UNIT_MONTH;
    return year_of(in, dash, out) && in->at == in->end;
}

/* 01JAN2020, 1-Jan-2020, 31 January 2020, 01-Jan-20; 2Q2008 */
static bool day_then_name(Reader *in, TimeText *out)
{
    Reader at = *in;
    if ((take(&at, 'Q') || take(&at, 'q')) && !is_letter(peek(&at))) {
        *in = at;
        return quarter_of(in, out->first, false, out);
    }
    out->second = out->first;
    out->unit = UNIT_DAY;
    take_gap(in);
    out->first = month_name(in);
    if (!out->first) return false;
    take_gap(in);
    return year_of(in, true, out);
}

/* ---- digits alone */

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

/* Z, +01, +01:00, -0200 */
static bool zone(Reader *in, int64_t *ns)
{
    int hours, minutes = 0;
    if (in->at == in->end) return true;
    take(in, ' ');
    if (take(in, 'Z') || take(in, 'z')) return in->at == in->end;
    bool behind = peek(in) == '-';
    if (!take(in, '+') && !take(in, '-')) return false;
    int n = digits(in, 2, 4, &hours);
    if (n == 4) minutes = hours % 100, hours /= 100;
    if (n == 2 && take(in, ':') && !digits(in, 2, 2, &minutes)) return false;
    if ((n != 2 && n != 4) || hours > 15 || minutes > 59 || in->at != in->end) return false;
    int64_t shift = (hours * 60LL + minutes) * 60 * NS_SECOND;
    *ns += behind ? shift : -shift;
    return true;
}

/* 9:30 AM, 12:15pm */
static bool half_day(Reader *in, int *hour)
{
    Reader at = *in;
    take(&at, ' ');
    bool after = peek(&at) == 'P' || peek(&at) == 'p';
    if (!after && peek(&at) != 'A' && peek(&at) != 'a') return true;
    at.at++;
    if (!take(&at, 'M') && !take(&at, 'm')) return false;
    if (*hour < 1 || *hour > 12) return false;
    *hour = *hour % 12 + (after ? 12 : 0);
    *in = at;
    return true;
}

static bool clock_time(Reader *in, int64_t *ns)
{
    int hour, minute, second = 0;
    *ns = 0;
    if (!digits(in, 1, 2, &hour) || !take(in, ':') || !digits(in, 2, 2, &minute)) return false;
    if (take(in, ':')) {
        if (!digits(in, 2, 2, &second)) return false;
        if (take(in, '.') && !fraction(in, ns)) return false;
    }
    if (!half_day(in, &hour) || hour > 23 || minute > 59 || second > 59) return false;
    *ns += (hour * 3600LL + minute * 60 + second) * NS_SECOND;
    return true;
}

bool cell_clock_scan(const char *text, size_t n, int64_t *ns)
{
    Reader in = { text, text + n };
    return clock_time(&in, ns) && in.at == in.end;
}

/* ---- dates */

static bool date_of(Reader *in, TimeText *out)
{
    if (is_letter(peek(in))) return name_first(in, out);
    int length = digits(in, 1, 4, &out->first);
    if (length == 4) {
        out->year = out->first;
        return year_first(in, out);
    }
    if (length != 1 && length != 2) return false;
    Reader at = *in;
    take_gap(&at);
    return is_letter(peek(&at)) ? day_then_name(in, out) : year_last(in, out);
}

bool cell_time_scan(const char *text, size_t n, bool plain_digits, TimeText *out)
{
    Reader in = { text, text + n };
    *out = (TimeText){ .year = 0 };
    int value, length = plain_digits ? digits(&in, 4, 8, &value) : 0;
    if (length && in.at == in.end) return only_digits(value, length, out);
    in.at = text;
    if (!date_of(&in, out)) return false;
    if (in.at == in.end) return true;
    if (out->unit != UNIT_DAY) return false;
    if (!take(&in, 'T') && !take(&in, ' ') && !take(&in, 't') && !take(&in, ':')) return false;
    out->unit = UNIT_SECOND;
    if (!clock_time(&in, &out->ns_of_day) || !zone(&in, &out->ns_of_day)) return false;
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
