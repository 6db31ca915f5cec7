/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/diagnose.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 160 /* bytes of a source line that are shown */

/* Blanks as wide as a text; its tabs stay tabs. */
static void write_margin(Buf *out, const char *text)
{
    for (; *text; text++) {
        int length = 1, width = 1;
        if (*text != '\t') width = code_point_width(utf8_next(text, strlen(text), &length));
        if (*text == '\t')
            buf_putc(out, '\t');
        else
            buf_repeat(out, " ", width);
        text += length - 1;
    }
}

/* The source line with carets under the span; long lines are cut around it. */
static void write_source_line(Buf *out, Span span, const Place *place)
{
    const char *text = span.source->text;
    int start = (int)(text + span.start - place->line_start);
    int end = (int)(text + span.end - place->line_start);
    if (start > place->line_length) start = place->line_length;
    if (end > place->line_length || end < start) end = place->line_length;
    int from = place->line_length > SHOWN_MAX && start > SHOWN_MAX / 2 ? start - SHOWN_MAX / 2 : 0;
    while (from > 0 && (place->line_start[from] & 0xC0) == 0x80) from--;
    int to = place->line_length - from > SHOWN_MAX ? from + SHOWN_MAX : place->line_length;
    while (to < place->line_length && (place->line_start[to] & 0xC0) == 0x80) to++;
    if (end > to) end = to;
    char number[16];
    int margin = snprintf(number, sizeof number, "%d", place->line);
    Buf before = { 0 }, below = { 0 };
    buf_add(&before, place->line_start + from, (size_t)(start - from));
    buf_add(&below, place->line_start + start, (size_t)(end - start));
    buf_printf(out, "    %s | %.*s\n    %*s | ", number, to - from, place->line_start + from, margin, "");
    write_margin(out, buf_text(&before));
    buf_putc(out, '^');
    buf_repeat(out, "~", text_width(buf_text(&below)) - 1);
    buf_free(&before);
    buf_free(&below);
}

static void write_lines(Buf *out, const char *indent, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        buf_printf(out, "%s%.*s\n", indent, (int)n, text);
        text += n + (text[n] == '\n');
    }
}

static void write_includes(Buf *out, const Source *source)
{
    for (; source && source->included_from; source = source->included_from) {
        Place place = span_place(source->include_span);
        buf_printf(out, "  included from %s:%d\n", source->included_from->name, place.line);
    }
}

void diagnose_write(Buf *out, const Err *err)
{
    if (!err->span.source) {
        buf_printf(out, "%s%serror: %s\n", err->place, *err->place ? ": " : "", err->message);
        if (*err->hint) buf_printf(out, "  %s\n", err->hint);
    } else {
        Place place = span_place(err->span);
        buf_printf(out, "%s:%d:%d: error: %s%s%s\n", err->span.source->name, place.line, place.column,
                   err->place, *err->place ? ": " : "", err->message);
        write_source_line(out, err->span, &place);
        if (*err->hint) buf_printf(out, " %s", err->hint);
        buf_putc(out, '\n');
        write_includes(out, err->span.source);
    }
    write_lines(out, "  ", err->detail);
    if (*err->kept) write_lines(out, "", err->kept);
}
