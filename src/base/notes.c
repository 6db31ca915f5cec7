/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes: kept once each, counted beyond a hundred. */
#include "base/notes.h"

#include <string.h>

#include "base/str.h"

enum { NOTES_SHOWN = 100 };

static void reserve_one(Notes *notes)
{
    if (notes->n < notes->capacity) return;
    int capacity = notes->capacity ? 2 * notes->capacity : 8;
    const char **texts = arena_take(notes->arena, (size_t)capacity * sizeof *texts);
    if (notes->n) memcpy(texts, notes->texts, (size_t)notes->n * sizeof *texts);
    notes->texts = texts;
    notes->capacity = capacity;
}

void notes_add(Notes *notes, MessageId id, const char *const *args)
{
    if (!notes) return;
    char text[1200];
    message_format(text, sizeof text, id, args);
    int shown = notes->n < NOTES_SHOWN ? notes->n : NOTES_SHOWN;
    for (int i = 0; i < shown; i++)
        if (text_equal(notes->texts[i], text)) return;
    if (shown < NOTES_SHOWN) {
        reserve_one(notes);
        notes->texts[notes->n++] = arena_text(notes->arena, text);
        return;
    }
    message_format(text, sizeof text, MSG_more_notes, ARGS(INT(++notes->hidden)));
    if (notes->n == NOTES_SHOWN) {
        reserve_one(notes);
        notes->n++;
        notes->texts[NOTES_SHOWN] = arena_take(notes->arena, sizeof text);
    }
    strcpy((char *)notes->texts[NOTES_SHOWN], text);
}
