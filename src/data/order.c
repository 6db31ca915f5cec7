/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bottom-up merge sort of row numbers, and the order of cells. */
#include "data/order.h"

#include <math.h>
#include <string.h>

enum { RUN = 16 };

static void insert_run(uint32_t *rows, size_t n, RowCompare compare, const void *context)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t row = rows[i];
        size_t j = i;
        for (; j > 0 && compare(context, rows[j - 1], row) > 0; j--) rows[j] = rows[j - 1];
        rows[j] = row;
    }
}

static void merge(const uint32_t *from, uint32_t *to, size_t left, size_t n, RowCompare compare,
                  const void *context)
{
    size_t i = 0, j = left;
    for (size_t k = 0; k < n; k++) {
        bool take_left = j == n || (i < left && compare(context, from[i], from[j]) <= 0);
        to[k] = from[take_left ? i++ : j++];
    }
}

bool rows_order(uint32_t *rows, size_t n, RowCompare compare, const void *context, Err *err)
{
    for (size_t i = 0; i < n; i += RUN) insert_run(rows + i, n - i < RUN ? n - i : RUN, compare, context);
    if (n <= RUN) return true;
    uint32_t *spare = mem_get(n, sizeof *spare, err);
    if (!spare) return false;
    uint32_t *from = rows, *to = spare;
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t i = 0; i < n; i += 2 * width) {
            size_t size = n - i < 2 * width ? n - i : 2 * width;
            merge(from + i, to + i, size < width ? size : width, size, compare, context);
        }
        uint32_t *other = from;
        from = to;
        to = other;
    }
    if (from != rows) memcpy(rows, from, n * sizeof *rows);
    mem_free(spare);
    return true;
}

static int compare_names(const void *context, uint32_t a, uint32_t b)
{
    const Levels *levels = context;
    return strcmp(levels->names[a], levels->names[b]);
}

uint32_t *levels_ranks(const Levels *levels, Err *err)
{
    size_t n = levels ? levels->n : 0;
    uint32_t *ranks = mem_get(n + 1, sizeof *ranks, err), *order = mem_get(n, sizeof *order, err);
    for (uint32_t i = 0; order && i < n; i++) order[i] = i;
    bool ok = ranks && order && rows_order(order, n, compare_names, levels, err);
    if (ok) {
        ranks[0] = (uint32_t)n;
        for (uint32_t i = 0; i < n; i++) ranks[order[i] + 1] = i;
    }
    mem_free(order);
    if (ok) return ranks;
    mem_free(ranks);
    return NULL;
}

static int compare_texts(const Column *column, size_t a, size_t b)
{
    size_t length_a = column->offsets[a + 1] - column->offsets[a];
    size_t length_b = column->offsets[b + 1] - column->offsets[b];
    size_t shared = length_a < length_b ? length_a : length_b;
    int difference = 0;
    if (shared)
        difference = memcmp(column->bytes + column->offsets[a], column->bytes + column->offsets[b], shared);
    return difference ? difference : (length_a > length_b) - (length_a < length_b);
}

int cells_compare(const Column *column, const uint32_t *ranks, size_t a, size_t b)
{
    if (column->type == COLUMN_CATEGORY) {
        uint32_t x = ranks[column->codes[a]], y = ranks[column->codes[b]];
        return (x > y) - (x < y);
    }
    bool missing_a = column_is_missing(column, a), missing_b = column_is_missing(column, b);
    if (missing_a || missing_b) return missing_a - missing_b;
    switch (column->type) {
    case COLUMN_NUMBER: {
        double x = column->numbers[a], y = column->numbers[b];
        return (x > y) - (x < y);
    }
    case COLUMN_INTEGER:
    case COLUMN_TIME: {
        int64_t x = column->integers[a], y = column->integers[b];
        return (x > y) - (x < y);
    }
    case COLUMN_BOOL: return column->bools[a] - column->bools[b];
    case COLUMN_TEXT: return compare_texts(column, a, b);
    case COLUMN_CATEGORY: break;
    }
    return 0;
}
