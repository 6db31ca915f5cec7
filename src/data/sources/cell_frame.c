/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From filled cells to a frame: which texts are categories, in which order dates stand, the report. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/parallel.h"
#include "data/sources/cells.h"

enum { LARGE_BYTES = 32 << 20 };

/* ---- day and month */

static bool ambiguous(const CellColumn *column, Err *err)
{
    ERR(err, ambiguous_dates, column->name);
    return err_hint(err, "write dates=dmy or dates=mdy");
}

/* A column that fits both orders takes that of the other columns of the file, where they agree; else the one
 * in which alone its dates are evenly spaced, which is said. */
static bool decide_orders(Cells *cells, Notes *notes, Err *err)
{
    char known = 0;
    bool differ = false;
    for (int i = 0; i < cells->n; i++) {
        const CellColumn *column = &cells->columns[i];
        if (column->kind != CELL_TIME || !column->year_last || !column->order) continue;
        differ |= known && known != column->order;
        known = column->order;
    }
    for (int i = 0; i < cells->n; i++) {
        CellColumn *column = &cells->columns[i];
        if (column->kind != CELL_TIME || !column->year_last || column->order) continue;
        char order = known && !differ ? known : cell_order_by_spacing(cells, column);
        if (!order) return ambiguous(column, err);
        if (!known || differ)
            NOTE(notes, order_by_spacing, column->name, order == 'd' ? "day/month/year" : "month/day/year",
                 order == 'd' ? "mdy" : "dmy");
        column->order = order;
        if (order == 'm') cell_swap_days(cells, column);
    }
    return true;
}

/* ---- levels */

/* Levels that no row holds (their rows were skipped) are taken out; NULL without memory. */
static uint32_t *used_levels(const Cells *cells, const CellColumn *column, uint32_t *n_used, Err *err)
{
    uint32_t *to = mem_get(column->dict.n + (size_t)1, sizeof *to, err);
    if (!to) return NULL;
    for (size_t row = 0; row < cells->n_rows; row++) to[column->codes[row]] = 1;
    to[0] = *n_used = 0;
    for (uint32_t code = 1; code <= column->dict.n; code++)
        if (to[code] || column->levels_given) to[code] = ++*n_used;
    return to;
}

static Levels *make_levels(const CellColumn *column, const uint32_t *to, uint32_t n, Err *err)
{
    const char **names = mem_get(n, sizeof *names, err);
    if (!names) return NULL;
    for (uint32_t code = 1; code <= column->dict.n; code++)
        if (to[code]) names[to[code] - 1] = dict_text(&column->dict, code);
    Levels *levels = levels_new(names, n);
    mem_free(names);
    return levels;
}

static bool finish_levels(const Cells *cells, CellColumn *column, Column *out, Err *err)
{
    uint32_t n_used = 0, *to = used_levels(cells, column, &n_used, err);
    if (!to) return false;
    for (size_t row = 0; n_used < column->dict.n && row < cells->n_rows; row++)
        column->codes[row] = to[column->codes[row]];
    out->levels = make_levels(column, to, n_used, err);
    mem_free(to);
    return out->levels != NULL;
}

static bool is_category(const Cells *cells, const CellColumn *column)
{
    return column->fixed || column->dict.n <= CATEGORY_ALWAYS || column->dict.n <= cells->n_rows / 4;
}

/* ---- columns */

static ColumnType type_of(const CellColumn *column)
{
    switch (column->kind) {
    case CELL_INTEGER: return COLUMN_INTEGER;
    case CELL_TIME: return column->clock ? COLUMN_NUMBER : COLUMN_TIME;
    case CELL_BOOL: return COLUMN_BOOL;
    case CELL_CATEGORY: return COLUMN_CATEGORY;
    case CELL_TEXT: return COLUMN_TEXT;
    default: return COLUMN_NUMBER;
    }
}

/* Storage of exactly n_rows, where more than a twentieth was in reserve; in large blocks the reserve was
 * never written to, and takes no memory. */
static bool fit_storage(const Cells *cells, CellColumn *column, Err *err)
{
    size_t n = cells->n_rows + (column->kind == CELL_TEXT), width = cell_width(column->kind);
    if (cells->capacity <= n + n / 20 || n * width >= LARGE_BYTES) return true;
    void *data = mem_stretch(column->data, n, n, width, err);
    if (data) column->data = data;
    return data != NULL;
}

/* The bitmap of Column from a byte a row. */
static bool pack_missing(const Cells *cells, const CellColumn *column, Column *out, Err *err)
{
    out->text_missing = mem_get(cells->n_rows / 8 + 1, 1, err);
    for (size_t row = 0; out->text_missing && row < cells->n_rows; row++)
        if (column->text_missing[row]) out->text_missing[row / 8] |= (uint8_t)(1 << row % 8);
    return out->text_missing != NULL;
}

/* Seconds after midnight from ns, in place. */
static void make_seconds(const Cells *cells, CellColumn *column)
{
    for (size_t row = 0; row < cells->n_rows; row++) {
        int64_t ns = column->integers[row];
        column->numbers[row] = ns == INTEGER_MISSING ? NAN : (double)ns / 1e9;
    }
}

static bool take_storage(const Cells *cells, CellColumn *column, Column *out, Err *err)
{
    if (column->kind == CELL_TEXT && !pack_missing(cells, column, out, err)) return false;
    if (column->kind == CELL_CATEGORY && !finish_levels(cells, column, out, err)) return false;
    if (!fit_storage(cells, column, err)) return false;
    if (column->kind == CELL_TIME && column->clock) make_seconds(cells, column);
    mem_free(out->numbers);
    mem_free(out->bytes);
    out->numbers = column->data;
    out->bytes = column->bytes;
    column->data = NULL;
    column->bytes = NULL;
    out->n = cells->n_rows;
    out->unit = column->unit;
    cell_release(column);
    return true;
}

static Column *finish_column(Cells *cells, CellColumn *column, Err *err)
{
    if (column->kind == CELL_EMPTY && !cell_storage(cells, column, CELL_NUMBER, err)) return NULL;
    if (column->kind == CELL_CATEGORY && !is_category(cells, column) &&
        !cell_dict_to_text(cells, column, err))
        return NULL;
    Column *out = column_new(type_of(column), 0, err);
    if (!out) return NULL;
    if (!take_storage(cells, column, out, err)) {
        column_unref(out);
        return NULL;
    }
    column_finish(out);
    return out;
}

/* ---- what there is to tell */

/* part: the file, where it is one of several. */
static void note_column(const CellColumn *column, bool by_rows, const char *part, Notes *notes)
{
    static const char *const were[] = { [CELL_INTEGER] = "numbers",
                                        [CELL_NUMBER] = "numbers",
                                        [CELL_TIME] = "dates",
                                        [CELL_BOOL] = "on and off",
                                        [CELL_SKIP] = "" };
    char where[320];
    snprintf(where, sizeof where, "%s%s%s", part ? part : "", part ? ": " : "", by_rows ? "row" : "line");
    if (column->kind == CELL_EMPTY && !part) NOTE(notes, column_empty, column->name);
    if (column->short_year && column->kind == CELL_TIME) NOTE(notes, short_years, column->name);
    if (column->clock && column->kind != CELL_CATEGORY && column->kind != CELL_TEXT)
        NOTE(notes, column_clock, column->name);
    if (column->leading_zeros)
        NOTE(notes, column_padded, column->name);
    else if (column->before)
        NOTE(notes, column_late, column->name, where, INT(column->odd_line), column->odd,
             were[column->before]);
}

static void report_missing(const Cells *cells, LoadReport *report)
{
    int n = 0, most = 0;
    for (int i = 0; i < cells->n; i++) most += (cells->columns[i].missing ? cells->spec->n_na : 0) + 1;
    report->missing = arena_take(report->arena, (size_t)most * sizeof *report->missing);
    for (int i = 0; i < cells->n; i++) {
        const CellColumn *column = &cells->columns[i];
        const char *name = arena_text(report->arena, column->name);
        for (int k = 0; column->missing && k < cells->spec->n_na; k++) {
            if (!column->missing[k]) continue;
            bool empty = k == 0 && cells->spec->empty;
            const char *code =
                arena_text(report->arena, empty ? cells->spec->empty : cells->spec->na[k].text);
            report->missing[n++] = (MissingCode){ name, code, column->missing[k] };
        }
        if (column->not_finite)
            report->missing[n++] = (MissingCode){ name, "not finite", column->not_finite };
    }
    report->n_missing = n;
}

/* ---- the frame */

typedef struct Finishing {
    Cells *cells;
    Column **columns; /* one for each of cells, NULL: not wanted */
} Finishing;

static bool finish_one(void *context, size_t i, bool first_thread, Err *err)
{
    const Finishing *finishing = context;
    CellColumn *column = &finishing->cells->columns[i];
    (void)first_thread;
    if (column->kind == CELL_SKIP) return true;
    finishing->columns[i] = finish_column(finishing->cells, column, err);
    return finishing->columns[i] != NULL;
}

/* The wanted columns and their names, moved to the front: *n of them, also where it fails. */
static bool finish_columns(Cells *cells, const char *part, const char **names, Column **columns, int *n,
                           Notes *notes, Err *err)
{
    Finishing finishing = { cells, columns };
    for (int i = 0; i < cells->n; i++)
        if (cells->columns[i].kind != CELL_SKIP) note_column(&cells->columns[i], cells->by_rows, part, notes);
    bool ok = parallel_for((size_t)cells->n, cells->threads, finish_one, &finishing, err);
    for (int i = 0; i < cells->n; i++) {
        if (!columns[i]) continue;
        names[*n] = cells->columns[i].name;
        columns[(*n)++] = columns[i];
    }
    return ok;
}

Frame *cells_frame(Cells *cells, const char *origin, LoadReport *report, Notes *notes, Err *err)
{
    int n = 0;
    const char **names = mem_get((size_t)cells->n, sizeof *names, err);
    Column **columns = mem_get((size_t)cells->n, sizeof *columns, err);
    Frame *frame = NULL;
    if (names && columns && decide_orders(cells, notes, err) &&
        finish_columns(cells, report && report->is_part ? origin : NULL, names, columns, &n, notes, err)) {
        if (report) report_missing(cells, report);
        frame = frame_new(names, columns, n, cells->n_rows, origin);
    } else {
        for (int i = 0; i < n; i++) column_unref(columns[i]);
    }
    mem_free(names);
    mem_free(columns);
    return frame;
}
