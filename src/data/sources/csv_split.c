/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where CSV text can be cut: behind a newline that no quotes surround. Quotes surround where they open a
 * field; elsewhere they are characters as any other. */
#include "data/sources/csv_split.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether the quote begins a field; at `start` does a row, or stands what ended a field. */
static bool opens(const CsvScan *scan, const char *start, const char *quote)
{
    const char *at = quote;
    while (at > start && is_blank(at[-1]) && at[-1] != scan->separator) at--;
    bool blanks = scan->separator == ' ' && at < quote;
    return at == start || at[-1] == scan->separator || at[-1] == '\n' || blanks;
}

/* Behind the quote that closes the field which `quote` opens, or NULL. */
static const char *close_quote(const char *quote, const char *end)
{
    for (const char *at = quote + 1;; at += 2) {
        at = at < end ? memchr(at, '"', (size_t)(end - at)) : NULL;
        if (!at || at + 1 >= end) return NULL;
        if (at[1] != '"') return at + 1;
    }
}

/* Behind a closing quote: the separator or newline there; where something else follows, the row is bad and
 * ends with its line. NULL: not known yet. */
static const char *field_end(const CsvScan *scan, const char *at, const char *end)
{
    while (at < end && is_blank(*at) && *at != scan->separator) at++;
    if (at + 1 >= end) return at < end && *at == '\n' ? at : NULL;
    bool sound = *at == scan->separator || *at == '\n' || (*at == '\r' && at[1] == '\n');
    return sound ? at : memchr(at, '\n', (size_t)(end - at));
}

size_t csv_whole_rows(const CsvScan *scan, const char *text, size_t n)
{
    const char *end = text + n, *last = NULL, *at = text, *start = text;
    while (at) {
        const char *quote = memchr(at, '"', (size_t)(end - at)), *stop = quote ? quote : end;
        const char *newline = memrchr(at, '\n', (size_t)(stop - at));
        if (newline) last = newline;
        if (!quote) break;
        if (!opens(scan, start, quote)) {
            at = quote + 1;
            continue;
        }
        at = close_quote(quote, end);
        if (at) start = at = field_end(scan, at, end);
    }
    return last ? (size_t)(last + 1 - text) : 0;
}
