/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with their units, durations and dates. */
#include "lang/lex.h"

#include <math.h>
#include <string.h>

/* ---- dates */

/* How far what looks like a date reaches: 2024-01-31T25:00 */
static uint32_t date_extent(const char *text, uint32_t p)
{
    for (;;) {
        int n = lex_word_character(text + p);
        if (n > 0)
            p += (uint32_t)n;
        else if ((text[p] == '-' || text[p] == ':' || text[p] == '.') && lex_digit(text[p + 1]) &&
                 text[p - 1] != '.')
            p++;
        else
            return p;
    }
}

/* Reads `digits` digits after the sign `before` (0: none) at *at; false leaves *at. */
static bool date_part(const char **at, char before, int digits, int *out)
{
    const char *p = *at;
    if (before != 0 && *p++ != before) return false;
    int x = 0;
    for (int i = 0; i < digits; i++, p++) {
        if (!lex_digit(*p)) return false;
        x = x * 10 + (*p - '0');
    }
    *at = p;
    *out = x;
    return true;
}

static bool in_calendar(int year, int month, int day, int hour, int minute, int second)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= lengths[month - 1] + (leap && month == 2 ? 1 : 0);
}

static MessageId date_value(const char *at, const char *end, Value *out)
{
    int year = 0, month = 0, day = 1, hour = 0, minute = 0, second = 0;
    TimeUnit unit = UNIT_MONTH;
    if (!date_part(&at, 0, 4, &year) || !date_part(&at, '-', 2, &month)) return MSG_date_form;
    if (at < end) {
        if (!date_part(&at, '-', 2, &day)) return MSG_date_form;
        unit = UNIT_DAY;
    }
    if (at < end) {
        if (!date_part(&at, 'T', 2, &hour) || !date_part(&at, ':', 2, &minute)) return MSG_date_form;
        unit = UNIT_SECOND;
    }
    if (at < end && !date_part(&at, ':', 2, &second)) return MSG_date_form;
    if (at != end) return MSG_date_form;
    if (!in_calendar(year, month, day, hour, minute, second)) return MSG_date_calendar;
    int64_t ns = 0;
    if (year < 1678 || year > 2261 || !time_make(year, month, day, hour, minute, second, &ns))
        return MSG_date_outside;
    *out = value_time(ns, unit);
    return MSG_COUNT;
}

static void lex_date(Lexer *lexer, Token *token)
{
    const char *text = lexer->source->text;
    uint32_t end = date_extent(text, token->start);
    MessageId message = date_value(text + token->start, text + end, &token->value);
    if (message != MSG_COUNT) {
        lex_bad(lexer, token, message, end);
        return;
    }
    token->type = TOKEN_DATE;
    token->text = arena_copy(lexer->source->arena, text + token->start, end - token->start);
    token->end = lexer->pos = end;
}

/* ---- numbers */

/* Digits, with single _ between them. */
static uint32_t skip_digits(const char *text, uint32_t p)
{
    while (lex_digit(text[p]) || (text[p] == '_' && lex_digit(text[p - 1]) && lex_digit(text[p + 1]))) p++;
    return p;
}

static uint32_t skip_exponent(const char *text, uint32_t p)
{
    if (text[p] != 'e' && text[p] != 'E') return p;
    uint32_t q = p + (text[p + 1] == '+' || text[p + 1] == '-' ? 2 : 1);
    return lex_digit(text[q]) ? skip_digits(text, q) : p;
}

static uint32_t number_extent(const char *text, uint32_t p)
{
    for (;;) {
        int n = text[p] == '%' ? 1 : lex_word_character(text + p);
        if (n > 0)
            p += (uint32_t)n;
        else if (text[p] == '.' && text[p + 1] != '.')
            p++;
        else
            return p;
    }
}

static const struct {
    const char *name;
    double months, ns;
} units[] = {
    { "ns", 0, 1 },     { "us", 0, 1e3 },   { "ms", 0, 1e6 },    { "s", 0, 1e9 },
    { "min", 0, 60e9 }, { "h", 0, 3600e9 }, { "d", 0, 86400e9 }, { "w", 0, 604800e9 },
    { "mo", 1, 0 },     { "q", 3, 0 },      { "y", 12, 0 },
};

/* x of a unit as a duration. */
static MessageId duration_value(double x, const char *unit, size_t length, Value *out)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].name) != length || memcmp(units[i].name, unit, length) != 0) continue;
        double months = x * units[i].months, ns = x * units[i].ns;
        if (fabs(months) > 1e6 || fabs(ns) > 9e18) return MSG_number_huge;
        if (months != floor(months)) return MSG_number_months;
        *out = (Value){ .type = VALUE_DURATION };
        out->duration.months = (int64_t)months;
        out->duration.ns = (int64_t)llround(ns);
        return MSG_COUNT;
    }
    if (length == 1 && *unit == 'm') return MSG_number_minute;
    return *unit == '_' ? MSG_number_underscore : MSG_number_suffix;
}

static const char *copy_digits(Lexer *lexer, uint32_t start, uint32_t end)
{
    char *copy = arena_copy(lexer->source->arena, lexer->source->text + start, end - start);
    char *out = copy;
    for (const char *in = copy; *in != '\0'; in++)
        if (*in != '_') *out++ = *in;
    *out = '\0';
    return copy;
}

/* The value of the number that ends at `digits_end` with the suffix up to `end`. */
static MessageId number_value(Lexer *lexer, Token *token, uint32_t digits_end, uint32_t end)
{
    const char *suffix = lexer->source->text + digits_end;
    size_t length = end - digits_end;
    double x = 0;
    const char *digits = copy_digits(lexer, token->start, digits_end);
    if (!number_parse(digits, strlen(digits), &x)) return MSG_number_huge;
    token->type = TOKEN_NUMBER;
    token->text = copy_digits(lexer, token->start, end);
    bool percent = length == 1 && *suffix == '%', basis = length == 2 && memcmp(suffix, "bp", 2) == 0;
    if (length > 0 && !percent && !basis) {
        token->type = TOKEN_DURATION;
        return duration_value(x, suffix, length, &token->value);
    }
    token->value = value_number(percent ? x / 100 : basis ? x / 10000 : x);
    token->value.unit = percent ? '%' : basis ? 'b' : 0;
    return MSG_COUNT;
}

void lex_number(Lexer *lexer, Token *token)
{
    const char *text = lexer->source->text;
    uint32_t start = token->start, p = skip_digits(text, start);
    if (p == start) {
        lex_bad(lexer, token, MSG_number_point, number_extent(text, start));
        return;
    }
    bool plain = p - start == 4 && memchr(text + start, '_', 4) == NULL;
    if (plain && text[p] == '-' && lex_digit(text[p + 1])) {
        lex_date(lexer, token);
        return;
    }
    bool point = text[p] == '.' && text[p + 1] != '.';
    if (point) p = skip_digits(text, p + 1);
    MessageId message = point && !lex_digit(text[p - 1]) ? MSG_number_point : MSG_COUNT;
    p = skip_exponent(text, p);
    uint32_t end = p;
    if (text[end] == '%')
        end++;
    else
        for (int n; (n = lex_word_character(text + end)) > 0;) end += (uint32_t)n;
    uint32_t extent = number_extent(text, end);
    if (message == MSG_COUNT && extent > end)
        message = text[end] == '.' ? MSG_number_points : MSG_number_suffix;
    if (message == MSG_COUNT) message = number_value(lexer, token, p, end);
    if (message != MSG_COUNT) {
        lex_bad(lexer, token, message, extent);
        return;
    }
    token->end = lexer->pos = end;
}
