/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of cells by type, rows in their order by key_order's radix sort; texts by comparing. */
#include "data/cellorder.h"

#include <string.h>

#include "data/keys.h"
#include "data/order.h"

enum { BLOCK = 1024, DIGITS = 1 << 16 };

bool cellwords_open(CellWords *cells, const Column *column, Err *err)
{
    *cells = (CellWords){ .column = column };
    if (column->type != COLUMN_CATEGORY) return true;
    cells->ranks = levels_ranks(column->levels, err);
    return cells->ranks != NULL;
}

void cellwords_close(CellWords *cells)
{
    mem_free(cells->ranks);
    cells->ranks = NULL;
}

static inline uint64_t number_word(double x)
{
    uint64_t bits;
    double plain = x + 0.0; /* -0 is 0 */
    memcpy(&bits, &plain, sizeof bits);
    bits = bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
    return x == x ? bits : CELL_MISSING;
}

/* INTEGER_MISSING wraps to CELL_MISSING. */
static inline uint64_t integer_word(int64_t x)
{
    return ((uint64_t)x ^ (uint64_t)1 << 63) - 1;
}

#define FILL(word)                                                                                           \
    for (size_t i = 0; i < n; i++) {                                                                         \
        size_t row = rows ? rows[i] : first + i;                                                             \
        words[i] = (word);                                                                                   \
    }

void cellwords_fill(const CellWords *cells, const uint32_t *rows, size_t first, size_t n, uint64_t *words)
{
    const Column *column = cells->column;
    switch (column->type) {
    case COLUMN_NUMBER: FILL(number_word(column->numbers[row])) break;
    case COLUMN_INTEGER:
    case COLUMN_TIME: FILL(integer_word(column->integers[row])) break;
    case COLUMN_CATEGORY: FILL(column->codes[row] ? cells->ranks[column->codes[row]] : CELL_MISSING) break;
    case COLUMN_BOOL:
        FILL(column->bools[row] == BOOL_MISSING ? CELL_MISSING : (uint64_t)column->bools[row]) break;
    case COLUMN_TEXT: break;
    }
}

#undef FILL

/* Words a[0..n] of one column and, where there is another, b; the first of each is that of the row before. */
static bool block_in_order(const uint64_t *a, const uint64_t *b, size_t n)
{
    size_t wrong = 0;
    if (b)
        for (size_t i = 0; i < n; i++) wrong += (a[i] > a[i + 1]) | ((a[i] == a[i + 1]) & (b[i] > b[i + 1]));
    else
        for (size_t i = 0; i < n; i++) wrong += a[i] > a[i + 1];
    return wrong == 0;
}

bool cells_in_order(const CellWords *cells, int n_columns, const uint32_t *rows, size_t n)
{
    uint64_t words[CELL_COLUMNS][BLOCK + 1] = { { 0 } };
    for (size_t start = 0; start < n && n_columns; start += BLOCK) {
        size_t count = n - start < BLOCK ? n - start : BLOCK;
        for (int k = 0; k < n_columns; k++) {
            words[k][0] = start ? words[k][BLOCK] : 0;
            cellwords_fill(&cells[k], rows ? rows + start : NULL, start, count, words[k] + 1);
        }
        if (!block_in_order(words[0], n_columns > 1 ? words[1] : NULL, count)) return false;
    }
    return true;
}

/* ---- the run at a place */

void cells_ends(const CellWords *cells, const uint32_t *rows, size_t n, uint64_t *least, uint64_t *most)
{
    uint64_t words[BLOCK];
    *least = UINT64_MAX;
    *most = 0;
    for (size_t start = 0; start < n; start += BLOCK) {
        size_t count = n - start < BLOCK ? n - start : BLOCK;
        cellwords_fill(cells, rows + start, 0, count, words);
        for (size_t i = 0; i < count; i++) {
            *least = words[i] < *least ? words[i] : *least;
            *most = words[i] > *most ? words[i] : *most;
        }
    }
}

/* Counts the words from base on by the 16 bits above shift. */
static void count_digits(const CellWords *cells, const uint32_t *rows, size_t n, uint64_t base, int shift,
                         uint32_t *counts)
{
    uint64_t words[BLOCK];
    memset(counts, 0, DIGITS * sizeof *counts);
    for (size_t start = 0; start < n; start += BLOCK) {
        size_t count = n - start < BLOCK ? n - start : BLOCK;
        cellwords_fill(cells, rows + start, 0, count, words);
        for (size_t i = 0; i < count; i++) {
            uint64_t digit = (words[i] - base) >> shift;
            if (words[i] >= base && digit < DIGITS) counts[digit]++;
        }
    }
}

bool cells_run_at(const CellWords *cells, const uint32_t *rows, size_t n, uint64_t least, uint64_t most,
                  size_t place, CellRun *run, Err *err)
{
    uint32_t *counts = mem_get(DIGITS, sizeof *counts, err);
    uint64_t base = least;
    if (!counts) return false;
    int bits = most > base ? 64 - __builtin_clzll(most - base) : 0, shift = bits > 16 ? bits - 16 : 0;
    size_t below = 0, digit;
    for (;; shift = shift > 16 ? shift - 16 : 0) {
        count_digits(cells, rows, n, base, shift, counts);
        for (digit = 0; below + counts[digit] <= place; digit++) below += counts[digit];
        base += (uint64_t)digit << shift;
        if (shift == 0) break;
    }
    *run = (CellRun){ below, below + counts[digit], base };
    mem_free(counts);
    return true;
}

/* ---- texts */

typedef struct CellRows {
    const Column *const *columns;
    uint32_t *ranks[CELL_COLUMNS];
    const uint32_t *rows;
} CellRows;

static int compare_rows(const void *context, uint32_t a, uint32_t b)
{
    const CellRows *by = context;
    int difference = 0;
    for (int k = 0; k < CELL_COLUMNS && !difference; k++)
        if (by->columns[k])
            difference = cells_compare(by->columns[k], by->ranks[k], by->rows[a], by->rows[b]);
    return difference;
}

static bool order_by_comparing(const Column *const columns[CELL_COLUMNS], const uint32_t *rows, size_t n,
                               uint32_t *places, Err *err)
{
    CellRows by = { .columns = columns, .rows = rows };
    bool ok = true;
    for (int k = 0; k < CELL_COLUMNS && ok; k++)
        if (columns[k] && columns[k]->type == COLUMN_CATEGORY)
            ok = (by.ranks[k] = levels_ranks(columns[k]->levels, err)) != NULL;
    size_t i = 1;
    while (ok && i < n && compare_rows(&by, (uint32_t)i - 1, (uint32_t)i) <= 0) i++;
    ok = ok && (i >= n || rows_order(places, n, compare_rows, &by, err));
    for (int k = 0; k < CELL_COLUMNS; k++) mem_free(by.ranks[k]);
    return ok;
}

static bool order_by_words(const CellWords *cells, int n_columns, const uint32_t *rows, size_t n,
                           uint32_t *places, Err *err)
{
    uint64_t *words[CELL_COLUMNS] = { NULL };
    bool ok = true;
    for (int k = 0; k < n_columns && ok; k++) {
        words[k] = mem_stretch(NULL, 0, n, sizeof *words[k], err);
        ok = words[k] != NULL;
        if (ok) cellwords_fill(&cells[k], rows, 0, n, words[k]);
    }
    ok = ok && key_order((const uint64_t *const *)words, n_columns, places, n, err);
    for (int k = 0; k < n_columns; k++) mem_free(words[k]);
    return ok;
}

bool rows_by_cells(const Column *const columns[CELL_COLUMNS], const uint32_t *rows, size_t n,
                   uint32_t *places, Err *err)
{
    CellWords cells[CELL_COLUMNS] = { { NULL, NULL } };
    int n_columns = 0;
    bool ok = true, texts = false;
    for (size_t i = 0; i < n; i++) places[i] = (uint32_t)i;
    for (int k = 0; k < CELL_COLUMNS && ok; k++) {
        if (!columns[k]) continue;
        texts = texts || columns[k]->type == COLUMN_TEXT;
        ok = cellwords_open(&cells[n_columns++], columns[k], err);
    }
    if (ok && texts)
        ok = order_by_comparing(columns, rows, n, places, err);
    else if (ok && !cells_in_order(cells, n_columns, rows, n))
        ok = order_by_words(cells, n_columns, rows, n, places, err);
    for (int k = 0; k < n_columns; k++) cellwords_close(&cells[k]);
    return ok;
}

/* ---- runs and classes */

static void runs_of_words(const CellWords *cells, const uint32_t *rows, size_t n, uint32_t *first)
{
    uint64_t words[BLOCK], before = 0;
    uint32_t begin = 0;
    for (size_t start = 0; start < n; start += BLOCK) {
        size_t count = n - start < BLOCK ? n - start : BLOCK;
        cellwords_fill(cells, rows + start, 0, count, words);
        for (size_t i = 0; i < count; i++) {
            begin = words[i] != before ? (uint32_t)(start + i) : begin;
            before = words[i];
            first[start + i] = begin;
        }
    }
}

static void runs_of_texts(const Column *column, const uint32_t *rows, size_t n, uint32_t *first)
{
    uint32_t begin = 0, before = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = rows[i];
        if (i > 0 && cells_compare(column, NULL, before, row) != 0) begin = (uint32_t)i;
        before = row;
        first[i] = begin;
    }
}

bool cell_runs(const Column *column, const uint32_t *rows, size_t n, uint32_t *first, Err *err)
{
    CellWords cells;
    if (column->type == COLUMN_TEXT) {
        runs_of_texts(column, rows, n, first);
        return true;
    }
    if (!cellwords_open(&cells, column, err)) return false;
    runs_of_words(&cells, rows, n, first);
    cellwords_close(&cells);
    return true;
}

bool rows_classes(const Column *column, const uint32_t *rows, size_t n, uint32_t *classes,
                  uint32_t *n_classes, Err *err)
{
    const Column *columns[] = { column, NULL };
    uint32_t *places = mem_stretch(NULL, 0, n, sizeof *places, err),
             *first = mem_stretch(NULL, 0, n, sizeof *first, err), found = 0;
    bool ok = places && first && rows_by_cells(columns, rows, n, places, err);
    for (size_t i = 0; ok && i < n; i++) first[i] = rows[places[i]];
    ok = ok && cell_runs(column, first, n, first, err);
    for (size_t i = 0; ok && i < n; i++) {
        found += first[i] == i;
        classes[places[i]] = found - 1;
    }
    *n_classes = found;
    mem_free(first);
    mem_free(places);
    return ok;
}
