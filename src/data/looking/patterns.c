/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/looking/patterns.h"

#include <string.h>
#include <stdlib.h>
#include <xxhash.h>

typedef struct Search {
    Patterns *patterns;
    Arena *arena;
    size_t words; /* of a pattern */
    uint32_t *slots;
    size_t mask;
} Search;

enum { BLOCK = 1024, FREE = UINT32_MAX };

static void add_row(Search *search, const uint64_t *bits, size_t row)
{
    Patterns *patterns = search->patterns;
    size_t size = search->words * sizeof *bits, at = (size_t)XXH3_64bits(bits, size) & search->mask;
    for (; search->slots[at] != FREE; at = (at + 1) & search->mask) {
        Pattern *pattern = &patterns->items[search->slots[at]];
        if (memcmp(pattern->columns, bits, size)) continue;
        pattern->rows++;
        return;
    }
    if (patterns->n == PATTERNS_MAX) {
        patterns->full = true;
        patterns->left_out++;
        return;
    }
    uint64_t *copy = arena_take(search->arena, size);
    memcpy(copy, bits, size);
    search->slots[at] = (uint32_t)patterns->n;
    patterns->items[patterns->n++] = (Pattern){ copy, 1, row };
}

/* Column by column for a block of rows, so that each column is read in order. */
static void add_block(Search *search, const Frame *frame, const int *columns, int n_columns, size_t from,
                      size_t to, uint64_t *bits)
{
    memset(bits, 0, BLOCK * search->words * sizeof *bits);
    for (int k = 0; k < n_columns; k++) {
        const Column *column = frame->columns[columns[k]].column;
        if (!column->n_missing) continue;
        for (size_t i = from; i < to; i++)
            if (column_is_missing(column, frame_physical(frame, i)))
                bits[(i - from) * search->words + (size_t)k / 64] |= (uint64_t)1 << (k % 64);
    }
    for (size_t i = from; i < to; i++) add_row(search, bits + (i - from) * search->words, i);
}

static int by_rows(const void *a, const void *b)
{
    const Pattern *x = a, *y = b;
    if (x->rows != y->rows) return x->rows < y->rows ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

bool patterns_find(Patterns *patterns, const Frame *frame, const int *columns, int n_columns, Arena *arena,
                   Err *err)
{
    Search search = { patterns, arena, (size_t)(n_columns + 63) / 64, NULL, 4 * 65536 - 1 };
    if (!search.words) search.words = 1;
    *patterns =
        (Patterns){ arena_take(arena, PATTERNS_MAX * sizeof *patterns->items), 0, PATTERNS_MAX, false, 0 };
    search.slots = mem_get(search.mask + 1, sizeof *search.slots, err);
    uint64_t *bits = search.slots ? mem_get(BLOCK * search.words, sizeof *bits, err) : NULL;
    if (bits) {
        memset(search.slots, 0xFF, (search.mask + 1) * sizeof *search.slots);
        for (size_t from = 0; from < frame->n_rows; from += BLOCK) {
            size_t to = from + BLOCK < frame->n_rows ? from + BLOCK : frame->n_rows;
            add_block(&search, frame, columns, n_columns, from, to, bits);
        }
        qsort(patterns->items, patterns->n, sizeof *patterns->items, by_rows);
    }
    mem_free(search.slots);
    mem_free(bits);
    return bits != NULL;
}
