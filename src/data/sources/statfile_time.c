/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of Stata (days, ms, months ... since 1960), SAS (days or seconds since 1960) and SPSS (seconds since
 * 14 October 1582), told by the format of the variable. Times of the day stay seconds. */
#include <math.h>
#include <string.h>

#include "data/sources/statfile.h"

#define SINCE_1960 (-315619200.0)
#define SINCE_1582 (-12219379200.0)
#define DAY        86400.0

typedef struct Format {
    const char *word;
    StatTime time;
} Format;

static const Format stata[] = {
    { "td", { .seconds = DAY, .origin = SINCE_1960, .unit = UNIT_DAY } },
    { "d", { .seconds = DAY, .origin = SINCE_1960, .unit = UNIT_DAY } },
    { "tc", { .seconds = 0.001, .origin = SINCE_1960, .unit = UNIT_SECOND } },
    { "tC", { .seconds = 0.001, .origin = SINCE_1960, .unit = UNIT_SECOND } },
    { "tw", { .weeks = true, .unit = UNIT_DAY } },
    { "tm", { .months = 1, .unit = UNIT_MONTH } },
    { "tq", { .months = 3, .unit = UNIT_QUARTER } },
    { "th", { .months = 6, .unit = UNIT_MONTH } },
};

#define SAS_DAYS(word)                                                                                       \
    {                                                                                                        \
        word,                                                                                                \
        {                                                                                                    \
            .seconds = DAY, .origin = SINCE_1960, .unit = UNIT_DAY                                           \
        }                                                                                                    \
    }
#define SAS_SECONDS(word)                                                                                    \
    {                                                                                                        \
        word,                                                                                                \
        {                                                                                                    \
            .seconds = 1, .origin = SINCE_1960, .unit = UNIT_SECOND                                          \
        }                                                                                                    \
    }
static const Format sas[] = {
    SAS_SECONDS("DATETIME"),
    SAS_SECONDS("DTDATE"),
    SAS_SECONDS("E8601DT"),
    SAS_SECONDS("B8601DT"),
    SAS_SECONDS("IS8601DT"),
    SAS_SECONDS("DATEAMPM"),
    SAS_DAYS("DATE"),
    SAS_DAYS("MMDDYY"),
    SAS_DAYS("DDMMYY"),
    SAS_DAYS("YYMMDD"),
    SAS_DAYS("WORDDATE"),
    SAS_DAYS("WEEKDATE"),
    SAS_DAYS("JULIAN"),
    SAS_DAYS("E8601DA"),
    SAS_DAYS("B8601DA"),
    SAS_DAYS("IS8601DA"),
    { "MONYY", { .seconds = DAY, .origin = SINCE_1960, .unit = UNIT_MONTH } },
    { "YYMM", { .seconds = DAY, .origin = SINCE_1960, .unit = UNIT_MONTH } },
    { "YYQ", { .seconds = DAY, .origin = SINCE_1960, .unit = UNIT_QUARTER } },
};

#define SPSS(word, precision)                                                                                \
    {                                                                                                        \
        word,                                                                                                \
        {                                                                                                    \
            .seconds = 1, .origin = SINCE_1582, .unit = precision                                            \
        }                                                                                                    \
    }
static const Format spss[] = {
    SPSS("DATETIME", UNIT_SECOND), SPSS("YMDHMS", UNIT_SECOND), SPSS("DATE", UNIT_DAY),
    SPSS("ADATE", UNIT_DAY),       SPSS("EDATE", UNIT_DAY),     SPSS("SDATE", UNIT_DAY),
    SPSS("JDATE", UNIT_DAY),       SPSS("WKYR", UNIT_DAY),      SPSS("MOYR", UNIT_MONTH),
    SPSS("QYR", UNIT_QUARTER),
};

/* Stata: behind the word anything may follow; else a letter for the separator, then the width. */
static bool is_format(const char *format, const char *word, bool anything)
{
    size_t n = strlen(word);
    if (strncmp(format, word, n) != 0) return false;
    const char *rest = format + n;
    if (anything) return true;
    if (*rest && strchr("BCDNPSX", *rest)) rest++;
    return *rest == '\0' || *rest == '.' || (*rest >= '0' && *rest <= '9');
}

bool stat_time_of(StatProgram program, const char *format, StatTime *out)
{
    static const struct {
        const Format *formats;
        size_t n;
    } programs[] = { [STAT_STATA] = { stata, sizeof stata / sizeof *stata },
                     [STAT_SPSS] = { spss, sizeof spss / sizeof *spss },
                     [STAT_SAS] = { sas, sizeof sas / sizeof *sas } };
    bool anything = program == STAT_STATA;
    if (!format || (anything && *format++ != '%')) return false;
    if (anything && *format == '-') format++;
    for (size_t i = 0; i < programs[program].n; i++)
        if (is_format(format, programs[program].formats[i].word, anything)) {
            *out = programs[program].formats[i].time;
            return true;
        }
    return false;
}

static bool from_months(double x, int months, int64_t *ns)
{
    if (x != trunc(x) || fabs(x) > 10000) return false;
    int64_t count = (int64_t)x * months, year = 1960 + (count - (count < 0 ? 11 : 0)) / 12;
    if (year < 1678 || year > 2261) return false;
    return time_make((int)year, (int)(count - (year - 1960) * 12) + 1, 1, 0, 0, 0, ns);
}

static bool from_weeks(double x, int64_t *ns)
{
    if (x != trunc(x) || fabs(x) > 10000) return false;
    int64_t week = (int64_t)x, year = 1960 + (week - (week < 0 ? 51 : 0)) / 52;
    if (!time_make((int)year, 1, 1, 0, 0, 0, ns)) return false;
    *ns += (week - (year - 1960) * 52) * 7 * (int64_t)(DAY * 1e9);
    return true;
}

/* The start of the month or quarter that a day lies in. */
static bool to_period(TimeUnit unit, int64_t *ns)
{
    TimeParts parts = time_parts(*ns);
    if (unit != UNIT_MONTH && unit != UNIT_QUARTER) return true;
    int month = unit == UNIT_MONTH ? parts.month : (parts.month - 1) / 3 * 3 + 1;
    return time_make(parts.year, month, 1, 0, 0, 0, ns);
}

bool stat_time_make(const StatTime *time, double x, int64_t *ns)
{
    if (!isfinite(x)) return false;
    if (time->months) return from_months(x, time->months, ns);
    if (time->weeks) return from_weeks(x, ns);
    double seconds = x * time->seconds + time->origin, whole = floor(seconds);
    if (fabs(seconds) > 9.2e9) return false;
    *ns = (int64_t)whole * 1000000000 + llround((seconds - whole) * 1e6) * 1000;
    return to_period(time->unit, ns);
}
