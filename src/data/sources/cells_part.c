/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a table: rows that come after those which the table holds when the part is forked are put into the
 * part, which begins with the types as they are, and are then joined. The table becomes what it would have
 * become had the rows been put into it. */
#include <math.h>
#include <string.h>

#include "data/sources/cells.h"
#include "data/special.h"

/* ---- forking */

static bool open_part(const Cells *all, Cells *part, Err *err)
{
    *part = (Cells){ .n = all->n, .spec = all->spec, .by_rows = all->by_rows, .arena = arena_new() };
    part->columns = mem_get((size_t)all->n, sizeof *part->columns, err);
    part->events = mem_get((size_t)all->n, sizeof *part->events, err);
    return part->columns && part->events;
}

/* An empty column of the same type, which keeps its storage where that fits. */
static void fork_column(const CellColumn *from, CellColumn *to)
{
    if (to->kind != from->kind) cell_release(to);
    dict_clear(&to->dict);
    mem_free(to->missing);
    CellColumn kept = *to;
    *to = (CellColumn){ .name = from->name,
                        .kind = from->kind,
                        .fixed = from->fixed,
                        .done = from->done,
                        .point = from->point,
                        .order = from->order,
                        .year_last = from->year_last,
                        .unit = from->unit,
                        .short_year = from->short_year,
                        .clock = from->clock };
    to->data = kept.data;
    to->dict = kept.dict;
    to->bytes = kept.bytes;
    to->bytes_capacity = kept.bytes_capacity;
    to->text_missing = kept.text_missing;
    to->early = kept.early;
    to->early_capacity = kept.early_capacity;
}

bool cells_fork(const Cells *all, Cells *part, Err *err)
{
    if (!part->columns && !open_part(all, part, err)) return false;
    part->n_rows = 0;
    part->n_events = 0;
    part->comma_too = all->comma_too;
    part->is_second = all->is_second;
    part->longest_code = all->longest_code;
    part->version = all->version;
    for (int i = 0; i < all->n; i++) fork_column(&all->columns[i], &part->columns[i]);
    return true;
}

bool cells_part_room(Cells *part, size_t rows, Err *err)
{
    if (!cells_room(part, rows, err)) return false;
    for (int i = 0; i < part->n; i++) {
        CellColumn *column = &part->columns[i];
        if (column->data || column->done || !cell_width(column->kind)) continue;
        if (!cell_storage(part, column, column->kind, err)) return false;
    }
    return true;
}

/* ---- joining: types first */

static bool same_type(const CellColumn *a, const CellColumn *b)
{
    return a->kind == b->kind && a->point == b->point && a->order == b->order &&
           a->year_last == b->year_last && a->unit == b->unit && a->clock == b->clock;
}

static void turn_late(CellColumn *to, const CellColumn *from, long long lines_before)
{
    to->before = from->before;
    to->odd_line = from->odd_line + lines_before;
    memcpy(to->odd, from->odd, sizeof to->odd);
    cell_release(to);
    to->kind = CELL_LATE;
}

/* `to` becomes a column that holds its rows and those of `from`. */
static bool join_kind(Cells *all, CellColumn *to, const CellColumn *from, long long lines_before, Err *err)
{
    if (from->kind == CELL_EMPTY && from->n_early && to->kind == CELL_INTEGER && !to->fixed)
        cell_widen(all, to);
    if (from->kind == to->kind || from->kind == CELL_EMPTY) return true;
    if (to->kind == CELL_EMPTY && from->kind != CELL_LATE) return cell_storage(all, to, from->kind, err);
    if (to->kind == CELL_INTEGER && from->kind == CELL_NUMBER)
        cell_widen(all, to);
    else if (to->kind == CELL_CATEGORY && from->kind == CELL_TEXT)
        return cell_dict_to_text(all, to, err);
    else if (from->kind == CELL_LATE)
        turn_late(to, from, lines_before);
    return true;
}

static bool join_type(Cells *all, CellColumn *to, const CellColumn *from, long long lines_before, Err *err)
{
    if (!same_type(to, from)) all->version++;
    if (to->kind == CELL_TIME && !to->order && from->order == 'm') cell_swap_days(all, to);
    to->leading_zeros |= from->leading_zeros;
    to->point = from->point;
    to->order = from->order;
    to->year_last = from->year_last;
    to->unit = from->unit;
    to->short_year |= from->short_year;
    to->clock = from->clock;
    return join_kind(all, to, from, lines_before, err);
}

/* The levels of `from` in their order of appearance, and its codes as those of `to`; both become texts where
 * they are too many. */
static bool join_levels(Cells *all, CellColumn *to, Cells *part, CellColumn *from, Err *err)
{
    uint32_t *codes = mem_get(from->dict.n + (size_t)1, sizeof *codes, err);
    bool ok = codes != NULL;
    for (uint32_t code = 1; ok && code <= from->dict.n && to->kind == CELL_CATEGORY; code++)
        ok = cell_level(all, to, dict_text(&from->dict, code), dict_length(&from->dict, code), &codes[code],
                        err);
    if (ok && to->kind == CELL_TEXT) {
        all->version++;
        ok = cell_dict_to_text(part, from, err);
    }
    for (size_t row = 0; ok && from->kind == CELL_CATEGORY && row < part->n_rows; row++)
        from->codes[row] = codes[from->codes[row]];
    mem_free(codes);
    return ok;
}

static bool reserve_bytes(const Cells *all, CellColumn *to, const Cells *part, const CellColumn *from,
                          Err *err)
{
    size_t used = to->offsets[all->n_rows], more = from->offsets[part->n_rows];
    if (used + more <= to->bytes_capacity) return true;
    size_t capacity = used + more + (used + more) / 2 + 256;
    char *bytes = mem_stretch(to->bytes, used, capacity, 1, err);
    if (!bytes) return false;
    to->bytes = bytes;
    to->bytes_capacity = capacity;
    return true;
}

static void join_missing(Cells *all, CellColumn *to, const CellColumn *from)
{
    size_t n = (size_t)all->spec->n_na;
    to->not_finite += from->not_finite;
    for (size_t i = 0; i < from->n_early && to->kind == CELL_EMPTY; i++)
        cell_keep_early(all, to, all->n_rows + from->early[i].row, from->early[i].code);
    if (from->missing && !to->missing) to->missing = mem_own(n * sizeof *to->missing);
    for (size_t i = 0; from->missing && i < n; i++) to->missing[i] += from->missing[i];
}

bool cells_join_moves(const Cells *all, const Cells *part)
{
    bool moves = all->n_rows + part->n_rows > all->capacity;
    for (int i = 0; !moves && i < all->n; i++) {
        const CellColumn *to = &all->columns[i], *from = &part->columns[i];
        if (to->done || to->kind == CELL_SKIP) continue;
        moves = !same_type(to, from) || to->kind == CELL_TEXT ||
                to->dict.n + (size_t)from->dict.n > CATEGORY_LARGEST ||
                to->dict.n_bytes + from->dict.n_bytes > CATEGORY_BYTES;
    }
    return moves;
}

bool cells_join_types(Cells *all, Cells *part, long long lines_before, Err *err)
{
    if (!cells_room(all, all->n_rows + part->n_rows, err)) return false;
    for (int i = 0; i < all->n; i++) {
        CellColumn *to = &all->columns[i], *from = &part->columns[i];
        if (to->done || to->kind == CELL_SKIP) continue;
        if (!join_type(all, to, from, lines_before, err)) return false;
        join_missing(all, to, from);
        bool levels = from->kind == CELL_CATEGORY;
        if (levels && to->kind == CELL_CATEGORY && !join_levels(all, to, part, from, err)) return false;
        if (to->kind == CELL_TEXT && !reserve_bytes(all, to, part, from, err)) return false;
    }
    all->n_rows += part->n_rows;
    return true;
}

/* ---- then rows */

static void join_texts(CellColumn *to, size_t first, const CellColumn *from, size_t n)
{
    size_t used = to->offsets[first];
    if (from->offsets[n]) memcpy(to->bytes + used, from->bytes, from->offsets[n]);
    memcpy(to->text_missing + first, from->text_missing, n);
    for (size_t row = 1; row <= n; row++) to->offsets[first + row] = used + from->offsets[row];
}

/* Whole numbers of a column that had become one of numbers. */
static void join_whole(CellColumn *to, size_t first, const CellColumn *from, size_t n)
{
    for (size_t row = 0; row < n; row++) {
        int64_t x = from->integers[row];
        to->numbers[first + row] = x == INTEGER_MISSING ? NAN : (double)x;
    }
}

/* Rows without a value: missing, or special codes where numbers take them. */
static void join_empty(CellColumn *to, size_t first, const CellColumn *from, size_t n)
{
    for (size_t row = 0; row < n; row++) cell_set_missing(to, first + row);
    for (size_t i = 0; i < from->n_early && to->kind == CELL_NUMBER; i++)
        to->numbers[first + from->early[i].row] = special_make(from->early[i].code);
}

static void join_column(CellColumn *to, size_t first, const CellColumn *from, size_t n)
{
    size_t width = cell_width(to->kind);
    if (to->done || width == 0) return;
    if (from->kind == CELL_EMPTY)
        join_empty(to, first, from, n);
    else if (to->kind == CELL_TEXT)
        join_texts(to, first, from, n);
    else if (to->kind == CELL_NUMBER && from->kind == CELL_INTEGER)
        join_whole(to, first, from, n);
    else
        memcpy((char *)to->data + first * width, from->data, n * width);
}

void cells_join_rows(const Cells *all, size_t first, const Cells *part)
{
    for (int i = 0; i < all->n; i++) join_column(&all->columns[i], first, &part->columns[i], part->n_rows);
}
