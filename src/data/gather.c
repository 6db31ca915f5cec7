/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/gather.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "data/split.h"

static size_t text_length(const Column *from, size_t row)
{
    return (size_t)(from->offsets[row + 1] - from->offsets[row]);
}

static bool take_texts(const Column *from, const uint32_t *rows, Column *out, Err *err)
{
    size_t length = 0, at = 0;
    for (size_t i = 0; i < out->n; i++)
        if (rows[i] != NO_ROW) length += text_length(from, rows[i]);
    out->bytes = mem_get(length, 1, err);
    out->text_missing = out->bytes ? mem_get(out->n / 8 + 1, 1, err) : NULL;
    if (!out->text_missing) return false;
    for (size_t i = 0; i < out->n; i++) {
        out->offsets[i] = at;
        if (rows[i] == NO_ROW || column_is_missing(from, rows[i])) {
            out->text_missing[i / 8] |= (uint8_t)(1u << (i % 8));
            continue;
        }
        size_t n = text_length(from, rows[i]);
        if (n) memcpy(out->bytes + at, from->bytes + from->offsets[rows[i]], n);
        at += n;
    }
    out->offsets[out->n] = at;
    return true;
}

#define TAKE(cells, none)                                                                                    \
    for (size_t i = 0; i < n; i++) out->cells[i] = rows[i] == NO_ROW ? (none) : from->cells[rows[i]]

static void take_cells(const Column *from, const uint32_t *rows, Column *out)
{
    size_t n = out->n;
    switch (from->type) {
    case COLUMN_NUMBER: TAKE(numbers, (double)NAN); break;
    case COLUMN_CATEGORY: TAKE(codes, 0); break;
    case COLUMN_BOOL: TAKE(bools, BOOL_MISSING); break;
    case COLUMN_INTEGER:
    case COLUMN_TIME: TAKE(integers, INTEGER_MISSING); break;
    case COLUMN_TEXT: break;
    }
}

#undef TAKE

Column *column_take(const Column *from, const uint32_t *rows, size_t n, Err *err)
{
    Column *out = column_new(from->type, n, err);
    if (!out) return NULL;
    out->unit = from->unit;
    if (from->type == COLUMN_CATEGORY) out->levels = levels_ref(from->levels);
    if (from->type != COLUMN_TEXT)
        take_cells(from, rows, out);
    else if (!take_texts(from, rows, out, err)) {
        column_unref(out);
        return NULL;
    }
    column_finish(out);
    return out;
}

static bool take_all(const Frame *frame, const uint32_t *rows, size_t n)
{
    if (n != frame->n_physical) return false;
    for (size_t i = 0; i < n; i++)
        if (rows[i] != i) return false;
    return true;
}

/* Replaces a column of the version by the chosen rows of it. */
static bool take_column(Column **column, const uint32_t *rows, size_t n, Err *err)
{
    if (!*column) return true;
    Column *taken = column_take(*column, rows, n, err);
    if (!taken) return false;
    column_unref(*column);
    *column = taken;
    return true;
}

static bool take_split(Frame *frame, const uint32_t *rows, size_t n, Err *err)
{
    Split *old = frame->split;
    if (!old) return true;
    uint8_t *part = mem_get(n, 1, err);
    for (size_t i = 0; part && i < n; i++) part[i] = old->part[rows[i]];
    Split *split =
        part ? split_restore(part, n, (const char *const *)old->names, old->n_parts, old->words, err) : NULL;
    mem_free(part);
    if (!split) return false;
    split->folds = old->folds;
    split->purged = old->purged;
    split_unref(old);
    frame->split = split;
    return true;
}

/* Row numbers: those of the rows taken. */
static bool take_numbers(Frame *frame, const uint32_t *rows, size_t n, Err *err)
{
    if (frame->numbers) return take_column(&frame->numbers, rows, n, err);
    frame->numbers = column_new(COLUMN_INTEGER, n, err);
    for (size_t i = 0; frame->numbers && i < n; i++) frame->numbers->integers[i] = (int64_t)rows[i] + 1;
    return frame->numbers != NULL;
}

static bool take_parts(Frame *frame, const uint32_t *rows, size_t n, Err *err)
{
    for (int i = 0; i < frame->n_columns; i++)
        if (!take_column(&frame->columns[i].column, rows, n, err)) return false;
    return take_column(&frame->truth, rows, n, err) && take_split(frame, rows, n, err) &&
           take_numbers(frame, rows, n, err);
}

Frame *frame_take(const Frame *frame, const uint32_t *rows, size_t n, Err *err)
{
    if (n >= UINT32_MAX) {
        ERR(err, too_many_rows, INT(UINT32_MAX - 1), INT(n));
        return NULL;
    }
    Frame *taken = frame_version(frame);
    frame_all_rows(taken);
    if (take_all(frame, rows, n)) return taken;
    bool done = take_parts(taken, rows, n, err);
    taken->n_physical = taken->n_rows = n;
    if (done) return taken;
    frame_unref(taken);
    return NULL;
}

const char *frame_free_name(const Frame *frame, const char *name, const char *suffix, Arena *arena)
{
    const char *free_name = name;
    if (frame_find(frame, free_name) >= 0) free_name = arena_format(arena, "%s_%s", name, suffix);
    for (int k = 2; frame_find(frame, free_name) >= 0; k++)
        free_name = arena_format(arena, "%s_%s%d", name, suffix, k);
    return free_name;
}

Role frame_guest_role(const FrameColumn *column)
{
    if (column->role == ROLE_PROTECTED) return ROLE_PROTECTED;
    return column->role == ROLE_INPUT && column->lead == 0 ? ROLE_INPUT : ROLE_HELD;
}

void frame_set_origin(Frame *frame, const char *words, const Frame *first, const Frame *second)
{
    unsigned char digest[DATAHASH_BYTES];
    char hex[2 * DATAHASH_BYTES + 1];
    DataHash hash;
    const char *texts[] = { words, first->hash, second ? second->hash : NULL };
    datahash_begin(&hash);
    for (int i = 0; i < 3; i++)
        if (texts[i]) datahash_add(&hash, texts[i], strlen(texts[i]) + 1);
    datahash_end(&hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, hex);
    frame->hash = arena_text(frame->arena, hex);
    frame->origin = arena_text(frame->arena, words);
    frame->taint = first->taint | (second ? second->taint : 0);
}
