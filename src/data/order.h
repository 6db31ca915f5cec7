/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stable ordering of row numbers. */
#ifndef FNS_DATA_ORDER_H
#define FNS_DATA_ORDER_H

#include "data/column.h"

/* Below 0, 0 or above 0 as row a stands before, with or after row b. */
typedef int (*RowCompare)(const void *context, uint32_t a, uint32_t b);

/* Merge sort of n row numbers in place; equal rows keep their order. False without memory. */
bool rows_order(uint32_t *rows, size_t n, RowCompare compare, const void *context, Err *err);

/* The position of each level among the sorted level names (bytes): ranks[code], ranks[0] = n for a
 * missing cell. n + 1 values, from mem_get. */
uint32_t *levels_ranks(const Levels *levels, Err *err);

/* Two cells of one column by value, missing last; `ranks` of levels_ranks for a category, else NULL. */
int cells_compare(const Column *column, const uint32_t *ranks, size_t a, size_t b);

#endif
