/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: text with placeholders in double braces. What is written around them is the bank's own and goes
 * into the report as it stands; what fills them is escaped. */
#include <string.h>

#include "base/source.h"
#include "lang/report.h"

enum { NAME_MOST = 80 };

typedef struct Placeholder {
    const char *start, *end; /* of the whole placeholder */
    char name[NAME_MOST + 1];
    bool closed;
} Placeholder;

static void read_name(const char *from, const char *to, char *out)
{
    while (from < to && *from == ' ') from++;
    while (to > from && to[-1] == ' ') to--;
    size_t n = (size_t)(to - from);
    if (n > NAME_MOST) n = NAME_MOST;
    memcpy(out, from, n);
    out[n] = 0;
}

/* The next placeholder at or behind `at`; false: there is none. */
static bool next_placeholder(const char *at, Placeholder *out)
{
    out->start = strstr(at, "{{");
    if (!out->start) return false;
    const char *inner = out->start + 2, *close = strstr(inner, "}}"), *line = strchr(inner, '\n');
    out->closed = close && !(line && line < close);
    out->end = out->closed ? close + 2 : inner;
    *out->name = 0;
    if (out->closed) read_name(inner, close, out->name);
    return true;
}

static bool unknown(const Placeholder *place, Err *err)
{
    const char *names[64];
    size_t n = 0;
    ERR(err, report_placeholder, place->name);
    for (int i = 0; i < n_report_fields && n < 64; i++) names[n++] = report_fields[i].name;
    return err_suggest(err, place->name, names, n);
}

bool report_template_check(const Source *source, Err *err)
{
    Placeholder place;
    const char *rest;
    for (const char *at = source->text; next_placeholder(at, &place); at = place.end) {
        if (place.closed && report_field(place.name, &rest)) continue;
        if (place.closed)
            unknown(&place, err);
        else
            ERR(err, report_unclosed, NULL);
        if (err)
            err->span = (Span){ source, (uint32_t)(place.start - source->text),
                                (uint32_t)(place.end - source->text) };
        return false;
    }
    return true;
}

static void fill_one(Report *report, const char *name, Buf *out)
{
    const char *rest;
    const ReportField *field = report_field(name, &rest);
    if (field->text) {
        report_escape(out, field->text(report), report->html);
        return;
    }
    Result *result = result_new(report->arena, name);
    field->fill(report, rest, result);
    report_render(out, result, report);
}

static bool is_gaps(const char *name)
{
    return !strcmp(name, "gaps");
}

/* The list of what is empty stands near the beginning and is known at the end: it is filled last. */
static void fill_all(Report *report, const char *template, Buf *out, size_t *gaps, int *n_gaps)
{
    Placeholder place;
    const char *at = template;
    for (; next_placeholder(at, &place); at = place.end) {
        buf_add(out, at, (size_t)(place.start - at));
        if (!is_gaps(place.name))
            fill_one(report, place.name, out);
        else if (*n_gaps < REPORT_GAPS)
            gaps[(*n_gaps)++] = out->length;
    }
    buf_puts(out, at);
}

void report_template_fill(Report *report, const char *template, Buf *out)
{
    Buf body = { 0 };
    size_t gaps[REPORT_GAPS], at = 0;
    int n_gaps = 0;
    fill_all(report, template, &body, gaps, &n_gaps);
    for (int i = 0; i < n_gaps; i++) {
        buf_add(out, buf_text(&body) + at, gaps[i] - at);
        at = gaps[i];
        fill_one(report, "gaps", out);
    }
    buf_puts(out, buf_text(&body) + at);
    buf_free(&body);
}
