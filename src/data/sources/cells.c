/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table in the making: rows, storage, missing values. What a cell is stands in cell_types.c. */
#include "data/sources/cells.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "data/special.h"

enum { FIRST_ROWS = 64 };
static const size_t ROWS_LARGEST = UINT32_MAX - 1; /* row indexes are 32 bits */

bool cells_open(Cells *cells, int n, const char *const *names, const LoadSpec *spec, Err *err)
{
    *cells = (Cells){ .n = n, .spec = spec, .arena = arena_new() };
    cells->columns = mem_get((size_t)n, sizeof *cells->columns, err);
    cells->events = mem_get((size_t)n, sizeof *cells->events, err);
    if (!cells->columns || !cells->events) return false;
    for (int i = 0; i < n; i++) {
        CellColumn *column = &cells->columns[i];
        column->name = arena_text(cells->arena, names[i]);
        column->unit = UNIT_YEAR;
        column->point = spec->decimal;
        column->order = spec->dates == 'd' || spec->dates == 'm' ? spec->dates : 0;
    }
    for (int i = 0; i < spec->n_na; i++)
        if (spec->na[i].n > cells->longest_code) cells->longest_code = spec->na[i].n;
    return true;
}

void cell_release(CellColumn *column)
{
    mem_free(column->data);
    mem_free(column->bytes);
    mem_free(column->text_missing);
    dict_free(&column->dict);
    column->data = NULL;
    column->bytes = NULL;
    column->text_missing = NULL;
    column->bytes_capacity = 0;
}

void cells_close(Cells *cells)
{
    for (int i = 0; cells->columns && i < cells->n; i++) {
        cell_release(&cells->columns[i]);
        mem_free(cells->columns[i].missing);
    }
    mem_free(cells->columns);
    mem_free(cells->events);
    arena_free(cells->arena);
    *cells = (Cells){ 0 };
}

/* ---- storage */

size_t cell_width(CellKind kind)
{
    switch (kind) {
    case CELL_INTEGER:
    case CELL_NUMBER:
    case CELL_TIME:
    case CELL_TEXT: return 8;
    case CELL_CATEGORY: return 4;
    case CELL_BOOL: return 1;
    default: return 0;
    }
}

void cell_set_missing(CellColumn *column, size_t row)
{
    switch (column->kind) {
    case CELL_INTEGER:
    case CELL_TIME: column->integers[row] = INTEGER_MISSING; break;
    case CELL_NUMBER: column->numbers[row] = NAN; break;
    case CELL_CATEGORY: column->codes[row] = 0; break;
    case CELL_BOOL: column->bools[row] = BOOL_MISSING; break;
    case CELL_TEXT:
        column->offsets[row + 1] = column->offsets[row];
        column->text_missing[row] = 1;
        break;
    default: break;
    }
}

/* ---- special codes: numbers remember them, other columns do not */

/* Those of rows that were given up go. */
static void trim_early(const Cells *cells, CellColumn *column)
{
    while (column->n_early && column->early[column->n_early - 1].row >= cells->n_rows) column->n_early--;
}

void cell_keep_early(Cells *cells, CellColumn *column, size_t row, int32_t code)
{
    if (column->n_early == column->early_capacity) {
        size_t capacity = column->early_capacity * 2 + 16;
        struct EarlyCode *early = arena_take(cells->arena, capacity * sizeof *early);
        if (column->n_early) memcpy(early, column->early, column->n_early * sizeof *early);
        column->early = early;
        column->early_capacity = capacity;
    }
    column->early[column->n_early++] = (struct EarlyCode){ row, code };
}

static void put_special(Cells *cells, CellColumn *column, int32_t code)
{
    if (column->kind == CELL_EMPTY) cell_keep_early(cells, column, cells->n_rows, code);
    if (column->kind == CELL_INTEGER && !column->fixed) cell_widen(cells, column);
    if (column->kind == CELL_NUMBER) column->numbers[cells->n_rows] = special_make(code);
}

/* Gives an empty column its kind (integers with special codes are numbers); the rows before are missing. */
bool cell_storage(Cells *cells, CellColumn *column, CellKind kind, Err *err)
{
    trim_early(cells, column);
    if (kind == CELL_INTEGER && column->n_early) kind = CELL_NUMBER;
    size_t extra = kind == CELL_TEXT;
    void *data = mem_stretch(NULL, 0, cells->capacity + extra, cell_width(kind), err);
    uint8_t *flags = data && extra ? mem_stretch(NULL, 0, cells->capacity, 1, err) : NULL;
    if (!data || (extra && !flags)) {
        mem_free(data);
        return false;
    }
    column->data = data;
    column->text_missing = flags;
    column->kind = kind;
    if (extra) column->offsets[0] = 0;
    for (size_t row = 0; row < cells->n_rows; row++) cell_set_missing(column, row);
    for (size_t i = 0; i < column->n_early && kind == CELL_NUMBER; i++)
        column->numbers[column->early[i].row] = special_make(column->early[i].code);
    column->n_early = 0;
    return true;
}

static bool grow_column(const Cells *cells, CellColumn *column, size_t capacity, Err *err)
{
    size_t width = cell_width(column->kind), extra = column->kind == CELL_TEXT;
    if (width == 0 || !column->data || column->done) return true;
    void *data = mem_stretch(column->data, cells->n_rows + extra, capacity + extra, width, err);
    if (!data) return false;
    column->data = data;
    if (!extra) return true;
    uint8_t *flags = mem_stretch(column->text_missing, cells->n_rows, capacity, 1, err);
    if (flags) column->text_missing = flags;
    return flags != NULL;
}

static size_t next_capacity(const Cells *cells, size_t rows)
{
    size_t capacity = cells->capacity + cells->capacity / 2;
    if (capacity < rows) capacity = rows;
    if (capacity < FIRST_ROWS) capacity = FIRST_ROWS;
    if (rows > FIRST_ROWS && cells->expected > capacity) capacity = cells->expected;
    return capacity < ROWS_LARGEST ? capacity : ROWS_LARGEST;
}

static bool grow(Cells *cells, size_t capacity, Err *err)
{
    for (int i = 0; i < cells->n; i++)
        if (!grow_column(cells, &cells->columns[i], capacity, err)) return false;
    cells->capacity = capacity;
    return true;
}

bool cells_room(Cells *cells, size_t rows, Err *err)
{
    if (rows <= cells->capacity) return true;
    if (rows > ROWS_LARGEST) return ERR(err, too_many_rows, INT(ROWS_LARGEST), "more");
    if (grow(cells, next_capacity(cells, rows), err)) return true;
    err_clear(err); /* more was expected than there is memory for */
    return grow(cells, rows + (rows - cells->n_rows), err);
}

bool cells_row(Cells *cells, Err *err)
{
    cells->n_events = 0;
    return cells_room(cells, cells->n_rows + 1, err);
}

bool cells_reserve(Cells *cells, size_t rows, Err *err)
{
    if (rows > ROWS_LARGEST) return ERR(err, too_many_rows, INT(ROWS_LARGEST), INT(rows));
    cells->capacity = rows;
    return true;
}

/* ---- missing values */

static bool same_text(const NaCode *code, const char *text, size_t n)
{
    if (code->n != n) return false;
    return code->any_case ? strncasecmp(code->text, text, n) == 0 : memcmp(code->text, text, n) == 0;
}

bool cell_is_code(const Cells *cells, double x, int *code)
{
    for (int i = 0; cells->spec->has_number_codes && i < cells->spec->n_na; i++)
        if (cells->spec->na[i].number == x) {
            *code = i;
            return true;
        }
    return false;
}

static int code_of_number(const Cells *cells, const char *text, size_t n)
{
    double x;
    int code;
    return number_parse(text, n, &x) && cell_is_code(cells, x, &code) ? code : -1;
}

/* The missing code that a text is, or -1. */
int cell_code_of(const Cells *cells, const char *text, size_t n)
{
    if (n <= cells->longest_code)
        for (int i = 0; i < cells->spec->n_na; i++)
            if (same_text(&cells->spec->na[i], text, n)) return i;
    return cells->spec->has_number_codes ? code_of_number(cells, text, n) : -1;
}

void cell_put_missing(Cells *cells, int i, int code)
{
    CellColumn *column = &cells->columns[i];
    const NaCode *na = code >= 0 ? &cells->spec->na[code] : NULL;
    trim_early(cells, column);
    cell_set_missing(column, cells->n_rows);
    if (na && na->special) put_special(cells, column, (int32_t)na->number);
    cells->events[cells->n_events++] = (CellEvent){ i, code };
}

static void count_missing(Cells *cells, const CellEvent *event)
{
    CellColumn *column = &cells->columns[event->column];
    if (event->code < 0) {
        column->not_finite++;
        return;
    }
    if (!column->missing) column->missing = mem_own((size_t)cells->spec->n_na * sizeof *column->missing);
    column->missing[event->code]++;
}

void cell_count_missing(Cells *cells)
{
    for (int i = 0; i < cells->n_events; i++) count_missing(cells, &cells->events[i]);
    cells->n_events = 0;
}

void cells_commit(Cells *cells)
{
    cell_count_missing(cells);
    cells->n_rows++;
}

bool cells_again(Cells *cells)
{
    bool any = false;
    for (int i = 0; i < cells->n; i++) {
        CellColumn *column = &cells->columns[i];
        column->done = column->kind != CELL_LATE;
        if (column->done) continue;
        any = true;
        column->kind = CELL_EMPTY;
        column->not_finite = 0;
        mem_free(column->missing);
        column->missing = NULL;
    }
    if (!any) return false;
    cells->is_second = true;
    cells->n_rows = 0;
    return true;
}

/* ---- putting */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool cells_put(Cells *cells, int i, const char *text, size_t n, bool quoted, Err *err)
{
    CellColumn *column = &cells->columns[i];
    if (column->kind == CELL_SKIP || column->done) return true;
    for (; !quoted && n && is_blank(text[0]); text++) n--;
    for (; !quoted && n && is_blank(text[n - 1]);) n--;
    int code = cell_code_of(cells, text, n);
    if (code >= 0) {
        cell_put_missing(cells, i, code);
        return true;
    }
    bool finite = true;
    if (!cell_put_value(cells, column, text, n, &finite, err)) return false;
    if (!finite) cell_put_missing(cells, i, -1);
    return true;
}

char cells_look(const Cells *cells, const char *text, size_t n)
{
    CellColumn column = { .point = cells->spec->decimal };
    if (cell_code_of(cells, text, n) >= 0) return '-';
    switch (cell_kind_of(cells, &column, text, n)) {
    case CELL_INTEGER:
    case CELL_NUMBER: return 'n';
    case CELL_TIME: return 't';
    case CELL_BOOL: return 'b';
    default: return column.leading_zeros ? 'n' : 'x';
    }
}
