/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The distinct values of a column as numbered groups of rows. */
#ifndef FNS_DATA_LOOKING_ROWGROUPS_H
#define FNS_DATA_LOOKING_ROWGROUPS_H

#include "data/frame.h"

typedef struct RowGroups {
    uint32_t *of_row; /* (frame->n_rows) group numbers from 0 */
    uint32_t n;
    size_t *counts;           /* (n) rows of each */
    const char *const *names; /* (n) the values as texts, "missing" */
    bool has_missing;         /* the last group holds the missing cells */
} RowGroups;

/* Groups in order of value (categories: of name), missing cells last. Error too_many_groups beyond `most`
 * values. rowgroups_close after it, also after an error; names and counts are the arena's. */
bool rowgroups_open(RowGroups *groups, const Frame *frame, int column, uint32_t most, Arena *arena, Err *err);
void rowgroups_close(RowGroups *groups);

/* 64 bits that are equal exactly where two cells of a column are (texts: but for one chance in 2^64); all
 * missing cells are equal, and so are -0 and 0. */
uint64_t cell_bits(const Column *column, size_t physical);

#endif
