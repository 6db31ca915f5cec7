/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of key columns as 64-bit words, rows numbered and ordered by them: what joins, groups and wide tables
 * go by. Work and memory grow with the rows, without an allocation a row. */
#ifndef FNS_DATA_KEYS_H
#define FNS_DATA_KEYS_H

#include "base/progress.h"
#include "data/frame.h"

#define KEY_MISSING UINT64_MAX /* the word of a missing cell; it orders last */
#define KEY_NONE    UINT32_MAX /* no number */

/* A column and the words of its frame's rows: (n_rows), from mem_get. */
typedef struct KeyColumn {
    const Frame *frame;
    int column;
    uint64_t *words;
} KeyColumn;

/* Fills the words of one column, or of two whose cells are to be compared: equal cells have equal words, and
 * words order as cells do (texts by their bytes). Two must be of one type, where categories are texts and
 * integers numbers; error key_types. */
bool key_words(KeyColumn *columns, int n, Err *err);

/* How far words lie from the least of them; missing ones one beyond the most. */
typedef struct KeySpan {
    uint64_t least, most, largest; /* largest: distance */
    int bits;                      /* of it */
} KeySpan;
KeySpan key_span(const uint64_t *words, size_t n);
/* Beyond `largest` for a word that does not lie in the span. */
static inline uint64_t key_distance(const KeySpan *span, uint64_t word)
{
    if (word == KEY_MISSING) return span->most + 1 - span->least;
    return word - span->least <= span->most - span->least ? word - span->least : UINT64_MAX;
}

/* Rows with equal words, of n_keys columns, have one number; numbers count from 0 in order of appearance. */
typedef struct KeyIndex {
    const uint64_t *const *words;
    int n_keys;
    uint64_t seed;
    struct KeySlot *slots;
    size_t mask;
    uint32_t *direct; /* where few words are possible: number + 1 by distance, and no slots; else NULL */
    KeySpan *spans;   /* (n_keys) of direct */
    uint32_t *first;  /* the row where each number appeared first */
    uint32_t n, capacity;
} KeyIndex;

/* number: (n rows). */
bool key_index_build(KeyIndex *index, const uint64_t *const *words, int n_keys, size_t n, uint32_t *number,
                     Progress *progress, Err *err);
/* The numbers that the index has for n rows with other words; KEY_NONE where it has none. */
bool key_index_find(const KeyIndex *index, const uint64_t *const *words, size_t n, uint32_t *number,
                    Progress *progress, Err *err);
void key_index_free(KeyIndex *index);

/* rows: 0 .. n - 1 in the order of their words, the first column first; equal rows keep their order. */
bool key_order(const uint64_t *const *words, int n_keys, uint32_t *rows, size_t n, Err *err);

/* Rows by their number: starts (n_numbers + 1) and rows (n), both from mem_get; rows without a number are
 * left out. */
bool key_runs(const uint32_t *number, size_t n, uint32_t n_numbers, size_t **starts, uint32_t **rows,
              Err *err);

#endif
