/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/steps/groups.h"

#include <math.h>
#include <string.h>

bool groups_open(Groups *groups, const double *x, const uint32_t *of, size_t n_rows, uint32_t n, Err *err)
{
    *groups = (Groups){ .values = mem_get(n_rows, sizeof *groups->values, err), .n = n };
    groups->start = groups->values ? mem_get((size_t)n + 2, sizeof *groups->start, err) : NULL;
    if (!groups->start) {
        groups_close(groups);
        return false;
    }
    size_t *next = groups->start + 1; /* while the values are put in place: where the next one goes */
    for (size_t i = 0; i < n_rows; i++)
        if (of[i] < n && x[i] == x[i]) next[of[i] + 1]++;
    for (uint32_t g = 0; g < n; g++) next[g + 1] += next[g];
    for (size_t i = 0; i < n_rows; i++)
        if (of[i] < n && x[i] == x[i]) groups->values[next[of[i]]++] = x[i];
    return true;
}

void groups_close(Groups *groups)
{
    mem_free(groups->values);
    mem_free(groups->start);
    *groups = (Groups){ 0 };
}

double *feature_as_numbers(const FeatureSet *set, int i, Err *err)
{
    const Feature *feature = &set->items[i];
    double *x = mem_get(set->n_rows, sizeof *x, err);
    if (!x) return NULL;
    if (feature->kind == FEATURE_NUMBER) {
        memcpy(x, feature->numbers, set->n_rows * sizeof *x);
        return x;
    }
    for (size_t row = 0; row < set->n_rows; row++) {
        bool known = feature->codes[row] != 0 && feature->codes[row] <= feature->levels->n;
        x[row] = known ? (double)feature->codes[row] : (double)NAN;
    }
    return x;
}
