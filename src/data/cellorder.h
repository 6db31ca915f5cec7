/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells as 64-bit words that order as the cells do, and rows in the order of such words: what panels, splits
 * and classes of rows go by. Texts have no words. */
#ifndef FNS_DATA_CELLORDER_H
#define FNS_DATA_CELLORDER_H

#include "data/column.h"

#define CELL_MISSING UINT64_MAX /* the word of a missing cell, which orders last */

/* A column with the places of its levels; not of texts. cellwords_close after it, also after an error. */
typedef struct CellWords {
    const Column *column;
    uint32_t *ranks; /* of a category */
} CellWords;

bool cellwords_open(CellWords *cells, const Column *column, Err *err);
void cellwords_close(CellWords *cells);
/* The words of the physical rows[0..n-1], of first + i where rows is NULL. */
void cellwords_fill(const CellWords *cells, const uint32_t *rows, size_t first, size_t n, uint64_t *words);

/* Whether rows are in the order of up to two columns, the first one first (cells_compare); rows as above. */
enum { CELL_COLUMNS = 2 };
bool cells_in_order(const CellWords *cells, int n_columns, const uint32_t *rows, size_t n);

/* The least and the largest word of rows; n >= 1. */
void cells_ends(const CellWords *cells, const uint32_t *rows, size_t n, uint64_t *least, uint64_t *most);

/* Where the run of cells that equal the one at `place` of the sorted rows begins and ends, and their word;
 * place < n, and the words lie from `least` to `most`. Nothing is sorted: a few counts over 16 bits at a
 * time. False without memory. */
typedef struct CellRun {
    size_t begin, end;
    uint64_t word;
} CellRun;
bool cells_run_at(const CellWords *cells, const uint32_t *rows, size_t n, uint64_t least, uint64_t most,
                  size_t place, CellRun *run, Err *err);

/* places: 0 .. n - 1 in the order of rows' cells, stably. Also of texts. NULL columns are left out. */
bool rows_by_cells(const Column *const columns[CELL_COLUMNS], const uint32_t *rows, size_t n,
                   uint32_t *places, Err *err);

/* first: where in rows the run of equal cells of each begins; it may be rows itself. */
bool cell_runs(const Column *column, const uint32_t *rows, size_t n, uint32_t *first, Err *err);

/* Class numbers from 0, in order of value, of n rows of a column; missing cells make the last class.
 * classes: n values. */
bool rows_classes(const Column *column, const uint32_t *rows, size_t n, uint32_t *classes,
                  uint32_t *n_classes, Err *err);

#endif
