/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which columns are missing together. */
#ifndef FNS_DATA_LOOKING_PATTERNS_H
#define FNS_DATA_LOOKING_PATTERNS_H

#include "data/frame.h"

typedef struct Pattern {
    uint64_t *columns; /* bit k % 64 of word k / 64: the k-th of the columns is missing */
    size_t rows;
    size_t first; /* the first row that has it */
} Pattern;

typedef struct Patterns {
    Pattern *items; /* the most frequent first; of equals the one that comes first in the frame */
    size_t n, capacity;
    bool full; /* PATTERNS_MAX were found: `left_out` rows have others */
    size_t left_out;
} Patterns;
enum { PATTERNS_MAX = 100000 };

bool patterns_find(Patterns *patterns, const Frame *frame, const int *columns, int n_columns, Arena *arena,
                   Err *err);
static inline bool pattern_has(const Pattern *pattern, int column)
{
    return pattern->columns[column / 64] >> (column % 64) & 1;
}

#endif
