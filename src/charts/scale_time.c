/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks of times: the finest step of the table that leaves room, from a start of its unit. */
#include <stdio.h>
#include <string.h>

#include "charts/scale.h"

#define MINUTE 60000000000ll
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

typedef struct Step {
    int months; /* 0: */
    int64_t ns;
    const char *format; /* of time_parts: y, m, d, H, M, S */
} Step;

static const Step steps[] = {
    { 0, 1000000000, "H:M:S" },
    { 0, 5000000000, "H:M:S" },
    { 0, 15000000000, "H:M:S" },
    { 0, MINUTE, "H:M" },
    { 0, 5 * MINUTE, "H:M" },
    { 0, 15 * MINUTE, "H:M" },
    { 0, HOUR, "m-d H:M" },
    { 0, 3 * HOUR, "m-d H:M" },
    { 0, 6 * HOUR, "m-d H:M" },
    { 0, 12 * HOUR, "m-d H:M" },
    { 0, DAY, "y-m-d" },
    { 0, 2 * DAY, "y-m-d" },
    { 0, 7 * DAY, "y-m-d" },
    { 0, 14 * DAY, "y-m-d" },
    { 1, 0, "y-m" },
    { 3, 0, "y-m" },
    { 6, 0, "y-m" },
    { 12, 0, "y" },
    { 24, 0, "y" },
    { 60, 0, "y" },
    { 120, 0, "y" },
    { 240, 0, "y" },
    { 600, 0, "y" },
    { 1200, 0, "y" },
};
enum { N_STEPS = sizeof steps / sizeof *steps };

static double length(const Step *step)
{
    return step->months ? step->months * 30.436875 * (double)DAY : (double)step->ns;
}

/* The last start of a step at or before a time. */
static int64_t start_of(const Step *step, int64_t ns)
{
    TimeParts parts = time_parts(ns);
    int64_t start = 0;
    if (!step->months) {
        int64_t from = step->ns >= DAY ? 4 * DAY : 0; /* a Monday */
        int64_t past = (ns - from) % step->ns;
        return ns - past - (past < 0 ? step->ns : 0);
    }
    int months = 12 * parts.year + parts.month - 1;
    months -= months % step->months;
    time_make(months / 12, months % 12 + 1, 1, 0, 0, 0, &start);
    return start;
}

static void write_label(char *out, size_t size, const char *format, int64_t ns)
{
    TimeParts parts = time_parts(ns);
    size_t n = 0;
    for (; *format && n + 5 < size; format++) {
        int written = *format == 'y'   ? snprintf(out + n, size - n, "%04d", parts.year)
                      : *format == 'm' ? snprintf(out + n, size - n, "%02d", parts.month)
                      : *format == 'd' ? snprintf(out + n, size - n, "%02d", parts.day)
                      : *format == 'H' ? snprintf(out + n, size - n, "%02d", parts.hour)
                      : *format == 'M' ? snprintf(out + n, size - n, "%02d", parts.minute)
                      : *format == 'S' ? snprintf(out + n, size - n, "%02d", parts.second)
                                       : snprintf(out + n, size - n, "%c", *format);
        n += written > 0 ? (size_t)written : 0;
    }
    out[n < size ? n : size - 1] = 0;
}

static const Step *choose(const Scale *scale, int most)
{
    static const int finest[] = {
        [UNIT_YEAR] = 17, [UNIT_QUARTER] = 15, [UNIT_MONTH] = 14, [UNIT_DAY] = 10, [UNIT_SECOND] = 0
    };
    int s = finest[scale->unit];
    while (s < N_STEPS - 1 && (scale->high - scale->low) / length(&steps[s]) > most) s++;
    return &steps[s];
}

void scale_time_ticks(const Scale *scale, int most, Ticks *out)
{
    if (!(scale->low > -9e18) || !(scale->high < 9e18)) return;
    const Step *step = choose(scale, most);
    int64_t at = start_of(step, (int64_t)scale->low);
    for (; (double)at <= scale->high && out->n < TICKS_MAX; at = time_add(at, step->months, step->ns)) {
        if ((double)at < scale->low) continue;
        write_label(out->labels[out->n], sizeof out->labels[0], step->format, at);
        int width = (int)strlen(out->labels[out->n]);
        out->width = width > out->width ? width : out->width;
        out->at[out->n++] = (double)at;
    }
}
