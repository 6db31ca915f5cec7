/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replacing parts of texts. */
#include "data/expr/function.h"

#include <string.h>

static size_t count_of(Text text, Text what)
{
    size_t n = 0;
    const char *at = text.bytes, *end = text.bytes + text.length;
    while (what.length && (at = memmem(at, (size_t)(end - at), what.bytes, what.length))) {
        n++;
        at += what.length;
    }
    return n;
}

static Text replace_all(Text text, Text what, Text by, Arena *arena)
{
    size_t n = count_of(text, what);
    if (n == 0) return text;
    size_t length = text.length - n * what.length + n * by.length;
    char *out = arena_take(arena, length + 1), *to = out;
    const char *from = text.bytes, *end = text.bytes + text.length;
    for (size_t i = 0; i < n; i++) {
        const char *at = memmem(from, (size_t)(end - from), what.bytes, what.length);
        to = mempcpy(to, from, (size_t)(at - from));
        if (by.length) to = mempcpy(to, by.bytes, by.length);
        from = at + what.length;
    }
    memcpy(to, from, (size_t)(end - from));
    return (Text){ out, length };
}

static void replace_values(Call *call, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) {
        Text text = call->args[0].texts[i], what = call->args[1].texts[i], by = call->args[2].texts[i];
        bool missing = !text.bytes || !what.bytes || !by.bytes;
        out->texts[i] = missing ? (Text){ NULL, 0 } : replace_all(text, what, by, call->arena);
    }
}

const Function function_replace = {
    .kind = { .name = "replace",
              .help = "the text with every occurrence of the second argument replaced by the third",
              .more = "An empty second argument replaces nothing.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = replace(\"a "
                         "b\", \" \", \"_\")",
              .since = "1.0" },
    .row_types = "xxx>x",
    .row = replace_values
};
