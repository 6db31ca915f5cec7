/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/suspicions.h"

#include <string.h>

void suspicions_add(Suspicions *suspicions, const Frame *frame, int column, bool leak, double figure,
                    const char *what, const char *remedy)
{
    Arena *arena = suspicions->arena;
    if (suspicions->n == suspicions->capacity) {
        int capacity = suspicions->capacity ? 2 * suspicions->capacity : 16;
        Suspicion *items = arena_take(arena, (size_t)capacity * sizeof *items);
        if (suspicions->n) memcpy(items, suspicions->items, (size_t)suspicions->n * sizeof *items);
        suspicions->items = items;
        suspicions->capacity = capacity;
    }
    Suspicion *finding = &suspicions->items[suspicions->n++];
    *finding = (Suspicion){
        .what = arena_text(arena, what), .remedy = arena_text(arena, remedy), .figure = figure, .leak = leak
    };
    suspicions->leaks += leak;
    if (column < 0) return;
    finding->column = arena_text(arena, frame->columns[column].name);
    if (frame->columns[column].made) finding->made = arena_text(arena, frame->columns[column].made);
}

const char *taint_words(unsigned taint, Arena *arena)
{
    static const char *const words[] = {
        "leak=allow was written on the way", "a frame with a time role was split at random",
        "something was fitted on or chosen by test rows",
        "probabilities are those of balanced or weighted rows (correct=off)"
    };
    Buf text = { 0 };
    for (unsigned bit = 0; bit < sizeof words / sizeof *words; bit++)
        if (taint >> bit & 1) buf_printf(&text, "%s%s", text.length ? "; " : "", words[bit]);
    const char *copy = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return copy;
}
