/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources and the places of spans in them. */
#include "base/source.h"

#include <string.h>

#include "base/str.h"

enum { SOURCE_LIMIT = 64 << 20 };

static bool check_text(const char *name, const char *text, size_t length, Err *err)
{
    size_t bad;
    if (length > SOURCE_LIMIT) return ERR(err, too_large, name, "64 MiB");
    if (length && memchr(text, 0, length)) return ERR(err, holds_zero, name);
    if (!utf8_valid(text, length, &bad)) return ERR(err, not_text, name, INT(bad + 1));
    return true;
}

Source *source_new(const char *name, const char *folder, const char *text, size_t length, Err *err)
{
    if (!check_text(name, text, length, err)) return NULL;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    char *copy = mem_get(length + 1, 1, err);
    if (!copy) return NULL;
    if (length) memcpy(copy, text, length);
    Source *source = mem_own(sizeof *source);
    source->arena = arena_new();
    source->name = arena_text(source->arena, name);
    source->folder = arena_text(source->arena, folder);
    source->text = copy;
    source->length = (uint32_t)length;
    return source;
}

void source_free(Source *source)
{
    if (!source) return;
    mem_free(source->text);
    arena_free(source->arena);
    mem_free(source);
}

Place span_place(Span span)
{
    Place place = { .line_start = "" };
    if (!span.source) return place;
    const char *text = span.source->text, *end = text + span.source->length;
    const char *at = span.start < span.source->length ? text + span.start : end;
    place.line = 1;
    place.line_start = text;
    for (const char *newline; (newline = memchr(place.line_start, '\n', at - place.line_start));) {
        place.line++;
        place.line_start = newline + 1;
    }
    place.column = utf8_length(place.line_start, at - place.line_start) + 1;
    const char *stop = memchr(place.line_start, '\n', end - place.line_start);
    if (!stop) stop = end;
    if (stop > place.line_start && stop[-1] == '\r') stop--;
    place.line_length = (int)(stop - place.line_start);
    return place;
}

Span span_join(Span a, Span b)
{
    if (!a.source || (b.source && a.source != b.source)) return a.source ? a : b;
    if (!b.source) return a;
    if (b.start < a.start) a.start = b.start;
    if (b.end > a.end) a.end = b.end;
    return a;
}

char *span_text(Span span, Arena *arena)
{
    if (!span.source || span.end > span.source->length || span.start > span.end)
        return arena_copy(arena, "", 0);
    return arena_copy(arena, span.source->text + span.start, span.end - span.start);
}
