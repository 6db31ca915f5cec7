/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/stack.h"

#include <string.h>

#include "data/gather.h"
#include "data/rowprogram.h"
#include "data/sources/dict.h"
#include "data/split.h"

static const Column *piece_column(const StackPiece *piece)
{
    return piece->column < 0 ? NULL : piece->frame->columns[piece->column].column;
}

static bool is_text(ColumnType type)
{
    return type == COLUMN_TEXT || type == COLUMN_CATEGORY;
}

static bool is_number(ColumnType type)
{
    return type == COLUMN_NUMBER || type == COLUMN_INTEGER || type == COLUMN_BOOL;
}

/* The type that holds both; false: there is none. */
static bool promote(ColumnType a, ColumnType b, ColumnType *out)
{
    *out = a;
    if (a == b) return true;
    if (is_text(a) && is_text(b)) {
        *out = COLUMN_TEXT;
        return true;
    }
    if (!is_number(a) || !is_number(b)) return false;
    *out = a == COLUMN_NUMBER || b == COLUMN_NUMBER ? COLUMN_NUMBER : COLUMN_INTEGER;
    return true;
}

static bool common_type(const StackPiece *pieces, int n, ColumnType *type, TimeUnit *unit, Err *err)
{
    const StackPiece *first = NULL;
    for (int k = 0; k < n; k++) {
        const Column *column = piece_column(&pieces[k]);
        if (!column) continue;
        if (!first) {
            first = &pieces[k];
            *type = column->type;
            *unit = column->unit;
        }
        if (column->unit > *unit) *unit = column->unit;
        if (promote(*type, column->type, type)) continue;
        const FrameColumn *one = &first->frame->columns[first->column];
        return ERR(err, append_types, one->name, frame_label(first->frame), column_type_name(one->column),
                   pieces[k].frame->columns[pieces[k].column].name, frame_label(pieces[k].frame),
                   column_type_name(column));
    }
    return true;
}

/* ---- cells */

static void stack_numbers(const StackPiece *piece, Column *out, size_t at)
{
    const Column *from = piece_column(piece);
    for (size_t i = 0; i < piece->frame->n_rows; i++)
        out->numbers[at + i] =
            from ? column_number(from, frame_physical(piece->frame, i)) : __builtin_nan("");
}

static void stack_integers(const StackPiece *piece, Column *out, size_t at)
{
    const Column *from = piece_column(piece);
    for (size_t i = 0; i < piece->frame->n_rows; i++) {
        size_t row = frame_physical(piece->frame, i);
        if (!from || column_is_missing(from, row))
            out->integers[at + i] = INTEGER_MISSING;
        else
            out->integers[at + i] = from->type == COLUMN_BOOL ? from->bools[row] : from->integers[row];
    }
}

static void stack_bools(const StackPiece *piece, Column *out, size_t at)
{
    const Column *from = piece_column(piece);
    for (size_t i = 0; i < piece->frame->n_rows; i++)
        out->bools[at + i] = from ? from->bools[frame_physical(piece->frame, i)] : BOOL_MISSING;
}

/* Codes into the levels of all pieces, in order of appearance. */
static bool stack_codes(const StackPiece *piece, Dict *levels, Column *out, size_t at, Err *err)
{
    const Column *from = piece_column(piece);
    uint32_t n = from && from->levels ? from->levels->n : 0;
    uint32_t *codes = mem_get((size_t)n + 1, sizeof *codes, err);
    bool done = codes != NULL;
    for (uint32_t k = 0; k < n && done; k++) {
        const char *name = from->levels->names[k];
        done = (codes[k + 1] = dict_code(levels, name, strlen(name), err)) != 0;
    }
    for (size_t i = 0; i < piece->frame->n_rows && done; i++)
        out->codes[at + i] = from ? codes[from->codes[frame_physical(piece->frame, i)]] : 0;
    mem_free(codes);
    return done;
}

static bool give_levels(const Dict *dict, Column *out, Err *err)
{
    const char **names = mem_get(dict->n, sizeof *names, err);
    for (uint32_t k = 0; names && k < dict->n; k++) names[k] = dict_text(dict, k + 1);
    if (names) out->levels = levels_new(names, dict->n);
    mem_free(names);
    return names != NULL;
}

static bool stack_categories(const StackPiece *pieces, int n, Column *out, Err *err)
{
    Dict levels = { 0 };
    bool done = true;
    size_t at = 0;
    for (int k = 0; k < n && done; at += pieces[k++].frame->n_rows)
        done = stack_codes(&pieces[k], &levels, out, at, err);
    done = done && give_levels(&levels, out, err);
    dict_free(&levels);
    return done;
}

/* The bytes of a text or category cell. */
static const char *cell_text(const Column *from, size_t row, size_t *length)
{
    *length = 0;
    if (column_is_missing(from, row)) return NULL;
    if (from->type == COLUMN_CATEGORY) {
        *length = strlen(from->levels->names[from->codes[row] - 1]);
        return from->levels->names[from->codes[row] - 1];
    }
    *length = (size_t)(from->offsets[row + 1] - from->offsets[row]);
    return from->bytes + from->offsets[row];
}

static size_t text_bytes(const StackPiece *piece)
{
    const Column *from = piece_column(piece);
    size_t bytes = 0, length;
    for (size_t i = 0; from && i < piece->frame->n_rows; i++) {
        cell_text(from, frame_physical(piece->frame, i), &length);
        bytes += length;
    }
    return bytes;
}

static bool stack_texts(const StackPiece *pieces, int n, Column *out, Err *err)
{
    size_t bytes = 0, at = 0, row = 0;
    for (int k = 0; k < n; k++) bytes += text_bytes(&pieces[k]);
    out->bytes = mem_get(bytes, 1, err);
    out->text_missing = out->bytes ? mem_get(out->n / 8 + 1, 1, err) : NULL;
    if (!out->text_missing) return false;
    for (int k = 0; k < n; k++) {
        const Column *from = piece_column(&pieces[k]);
        for (size_t i = 0; i < pieces[k].frame->n_rows; i++, row++) {
            size_t length = 0;
            const char *text = from ? cell_text(from, frame_physical(pieces[k].frame, i), &length) : NULL;
            out->offsets[row] = at;
            if (!text) out->text_missing[row / 8] |= (uint8_t)(1u << (row % 8));
            if (length) memcpy(out->bytes + at, text, length);
            at += length;
        }
    }
    out->offsets[row] = at;
    return true;
}

static bool stack_cells(const StackPiece *pieces, int n, Column *out, Err *err)
{
    if (out->type == COLUMN_CATEGORY) return stack_categories(pieces, n, out, err);
    if (out->type == COLUMN_TEXT) return stack_texts(pieces, n, out, err);
    size_t at = 0;
    for (int k = 0; k < n; at += pieces[k++].frame->n_rows) {
        if (out->type == COLUMN_NUMBER)
            stack_numbers(&pieces[k], out, at);
        else if (out->type == COLUMN_BOOL)
            stack_bools(&pieces[k], out, at);
        else
            stack_integers(&pieces[k], out, at);
    }
    return true;
}

Column *column_stack(const StackPiece *pieces, int n, Err *err)
{
    ColumnType type = COLUMN_NUMBER;
    TimeUnit unit = UNIT_SECOND;
    size_t rows = 0;
    if (!common_type(pieces, n, &type, &unit, err)) return NULL;
    for (int k = 0; k < n; k++) rows += pieces[k].frame->n_rows;
    Column *out = column_new(type, rows, err);
    if (!out) return NULL;
    out->unit = unit;
    if (!stack_cells(pieces, n, out, err)) {
        column_unref(out);
        return NULL;
    }
    column_finish(out);
    return out;
}

/* ---- append */

/* What belongs to the rows of one frame alone. */
static void forget_rows(Frame *frame)
{
    frame_all_rows(frame);
    split_unref(frame->split);
    column_unref(frame->numbers);
    column_unref(frame->truth);
    frame->split = NULL;
    frame->numbers = frame->truth = NULL;
}

static bool append_columns(Frame *out, const Frame *first, const Frame *second, Err *err)
{
    for (int c = 0; c < first->n_columns; c++) {
        int other = frame_find(second, first->columns[c].name);
        StackPiece pieces[] = { { first, c }, { second, other } };
        Column *column = column_stack(pieces, 2, err);
        if (!column) return false;
        column_unref(out->columns[c].column);
        out->columns[c].column = column;
        int lead = other < 0 ? 0 : second->columns[other].lead;
        if (lead > out->columns[c].lead) out->columns[c].lead = lead;
        if (other >= 0)
            out->columns[c].ahead = ahead_longer(out->columns[c].ahead, second->columns[other].ahead);
        if (lead > 0 && out->columns[c].role != ROLE_TARGET) out->columns[c].role = ROLE_HELD;
    }
    out->n_physical = out->n_rows = first->n_rows + second->n_rows;
    for (int c = 0; c < second->n_columns; c++) {
        const FrameColumn *from = &second->columns[c];
        if (frame_find(first, from->name) >= 0) continue;
        StackPiece pieces[] = { { first, -1 }, { second, c } };
        Column *column = column_stack(pieces, 2, err);
        if (!column || !frame_put_column(out, from->name, column, frame_guest_role(from), false, err)) {
            column_unref(column);
            return false;
        }
        out->columns[out->n_columns - 1].lead = from->lead;
        out->columns[out->n_columns - 1].ahead = from->ahead;
    }
    return true;
}

static bool same_program(const Frame *first, const Frame *second)
{
    Buf one = { 0 }, other = { 0 };
    rowprogram_write(&one, first->program, "f");
    rowprogram_write(&other, second->program, "f");
    bool same = strcmp(buf_text(&one), buf_text(&other)) == 0;
    buf_free(&one);
    buf_free(&other);
    return same;
}

static void keep_program(Frame *out, const Frame *first, const Frame *second, Notes *notes)
{
    if (same_program(first, second)) return;
    rowprogram_unref(out->program);
    out->program = NULL;
    NOTE(notes, append_program, frame_label(first), frame_label(second));
}

Frame *frame_append(const Frame *first, const Frame *second, Notes *notes, Err *err)
{
    size_t n = first->n_rows + second->n_rows;
    if (n >= UINT32_MAX) {
        ERR(err, too_many_rows, INT(UINT32_MAX - 1), INT(n));
        return NULL;
    }
    Frame *out = frame_version(first);
    forget_rows(out);
    if (!append_columns(out, first, second, err)) {
        frame_unref(out);
        return NULL;
    }
    keep_program(out, first, second, notes);
    if (first->split) NOTE(notes, append_split, NULL);
    return out;
}
