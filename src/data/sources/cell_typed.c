/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that come with their type, from databases and arrays, into a table in the making. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/sources/cells.h"

enum { NUMBER_LONGEST = 120 };

static bool is_closed(const CellColumn *column)
{
    return column->kind == CELL_SKIP || column->done;
}

bool cells_put_null(Cells *cells, int i)
{
    if (!is_closed(&cells->columns[i])) cell_put_missing(cells, i, 0);
    return true;
}

static bool start(Cells *cells, CellColumn *column, CellKind kind, Err *err)
{
    if (column->kind != CELL_EMPTY) return true;
    return cell_storage(cells, column, cells->is_second ? CELL_CATEGORY : kind, err);
}

/* As text, for columns of another type; what stands behind the n bytes continues no number. */
static bool put_as_text(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err)
{
    bool finite = true;
    return cell_put_value(cells, column, text, n, &finite, err);
}

/* ---- numbers */

/* Declared on/off, but there is another number: the column becomes one of integers. */
static bool widen_bool(Cells *cells, CellColumn *column, Err *err)
{
    uint8_t *bools = column->bools;
    column->data = NULL;
    if (!cell_storage(cells, column, CELL_INTEGER, err)) {
        column->bools = bools;
        return false;
    }
    for (size_t row = 0; row < cells->n_rows; row++)
        column->integers[row] = bools[row] == BOOL_MISSING ? INTEGER_MISSING : bools[row];
    mem_free(bools);
    return true;
}

static bool put_whole(Cells *cells, CellColumn *column, int64_t x, Err *err)
{
    char text[NUMBER_LONGEST + 8] = "";
    if (column->kind == CELL_BOOL && (x == 0 || x == 1)) {
        column->bools[cells->n_rows] = (uint8_t)x;
        return true;
    }
    if (column->kind == CELL_BOOL && !column->fixed && !widen_bool(cells, column, err)) return false;
    if (column->kind == CELL_INTEGER) {
        column->integers[cells->n_rows] = x;
        return true;
    }
    if (column->kind == CELL_NUMBER) {
        column->numbers[cells->n_rows] = (double)x;
        return true;
    }
    int n = snprintf(text, NUMBER_LONGEST, "%" PRId64, x);
    return put_as_text(cells, column, text, (size_t)n, err);
}

bool cells_put_whole(Cells *cells, int i, int64_t x, Err *err)
{
    int code;
    CellColumn *column = &cells->columns[i];
    if (is_closed(column)) return true;
    if (!start(cells, column, column->on_off ? CELL_BOOL : CELL_INTEGER, err)) return false;
    if (!cell_is_code(cells, (double)x, &code)) {
        if (x != INTEGER_MISSING || column->kind != CELL_INTEGER) return put_whole(cells, column, x, err);
        code = 0;
    }
    cell_put_missing(cells, i, code);
    return true;
}

static bool put_real(Cells *cells, CellColumn *column, double x, Err *err)
{
    char text[NUMBER_LONGEST + 8] = "";
    bool free = !column->fixed;
    if (column->kind == CELL_BOOL && free && !widen_bool(cells, column, err)) return false;
    if (column->kind == CELL_INTEGER && free) cell_widen(cells, column);
    if (column->kind == CELL_NUMBER) {
        column->numbers[cells->n_rows] = x;
        return true;
    }
    number_text(x, text);
    return put_as_text(cells, column, text, strlen(text), err);
}

bool cells_put_real(Cells *cells, int i, double x, Err *err)
{
    int code;
    CellColumn *column = &cells->columns[i];
    if (is_closed(column)) return true;
    if (isnan(x)) return cells_put_null(cells, i);
    if (!start(cells, column, CELL_NUMBER, err)) return false;
    bool is_code = cell_is_code(cells, x, &code);
    if (!is_code && isfinite(x)) return put_real(cells, column, x, err);
    cell_put_missing(cells, i, is_code ? code : -1);
    return true;
}

/* ---- texts */

static bool looks_like_time(const Cells *cells, const char *text, size_t n)
{
    TimeText time;
    int64_t ns;
    if (cell_clock_scan(text, n, &ns)) return true;
    return cell_time_scan(text, n, false, &time) &&
           (cell_time_make(&time, true, &ns) || cell_time_make(&time, false, &ns)) &&
           !(time.year_last && cells->spec->dates == 'y');
}

/* A text in a column whose type was given as a number; the text may end where its memory does. */
static bool put_number_text(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err)
{
    char padded[NUMBER_LONGEST + 8] = "";
    if (n > NUMBER_LONGEST) return cell_does_not_fit(cells, column, text, n, err);
    if (n) memcpy(padded, text, n);
    return put_as_text(cells, column, padded, n, err);
}

bool cells_put_text(Cells *cells, int i, const char *text, size_t n, Err *err)
{
    CellColumn *column = &cells->columns[i];
    if (is_closed(column)) return true;
    int code = cell_code_of(cells, text, n);
    if (code >= 0) {
        cell_put_missing(cells, i, code);
        return true;
    }
    if (column->kind == CELL_EMPTY &&
        !start(cells, column, looks_like_time(cells, text, n) ? CELL_TIME : CELL_CATEGORY, err))
        return false;
    bool number = column->kind == CELL_INTEGER || column->kind == CELL_NUMBER || column->kind == CELL_BOOL;
    if (!number) return put_as_text(cells, column, text, n, err);
    return column->fixed ? put_number_text(cells, column, text, n, err)
                         : cell_does_not_fit(cells, column, text, n, err);
}

bool cells_put_time(Cells *cells, int i, int64_t ns, TimeUnit unit, Err *err)
{
    Buf text = { 0 };
    CellColumn *column = &cells->columns[i];
    if (is_closed(column)) return true;
    if (!start(cells, column, CELL_TIME, err)) return false;
    if (column->kind == CELL_TIME && !column->clock) {
        if (unit > column->unit) column->unit = unit;
        column->integers[cells->n_rows] = ns;
        return true;
    }
    time_write(&text, ns, unit);
    bool ok = cells_put_text(cells, i, buf_text(&text), text.length, err);
    buf_free(&text);
    return ok;
}
