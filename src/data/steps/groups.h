/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of each group of rows: of a category's level, or of a date. */
#ifndef FNS_DATA_STEPS_GROUPS_H
#define FNS_DATA_STEPS_GROUPS_H

#include "data/recipe.h"

/* Those of group g are values[start[g]] .. values[start[g + 1] - 1], in row order, without missing ones. */
typedef struct Groups {
    double *values;
    size_t *start; /* (n + 1) */
    uint32_t n;
} Groups;

/* of: the group of each row; n and more: in none. */
bool groups_open(Groups *groups, const double *x, const uint32_t *of, size_t n_rows, uint32_t n, Err *err);
void groups_close(Groups *groups);

/* The cells of a feature as numbers: codes of a category, NaN where missing or unseen; from mem_get. */
double *feature_as_numbers(const FeatureSet *set, int i, Err *err);

#endif
