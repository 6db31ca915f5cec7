/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks: (number below + (number equal + 1) / 2) / n. Of 10, 20, 20, 40: 0.25, 0.625, 0.625, 1. */
#include "data/expr/function.h"

#include <stdlib.h>
#include <string.h>

static double rank_of(const double *x, size_t n, double *scratch)
{
    size_t below = 0, equal = 0;
    (void)scratch;
    for (size_t i = 0; i < n; i++) {
        below += x[i] < x[n - 1];
        equal += x[i] == x[n - 1];
    }
    return ((double)below + ((double)equal + 1) / 2) / (double)n;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many of the sorted values are below x, or not above it. */
static size_t count_to(const double *sorted, size_t n, double x, bool inclusive)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < x || (inclusive && sorted[middle] == x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void ranks_of(const double *x, size_t n, double *out, double *scratch)
{
    memcpy(scratch, x, n * sizeof *x);
    qsort(scratch, n, sizeof *scratch, compare);
    for (size_t i = 0; i < n; i++) {
        size_t below = count_to(scratch, n, x[i], false), to = count_to(scratch, n, x[i], true);
        out[i] = ((double)(below + to) + 1) / 2 / (double)n;
    }
}

const Function function_rank = {
    .kind = { .name = "rank",
              .help = "the mean rank of the value divided by their number, in (0, 1]",
              .more = "Equal values share their mean rank: of 10, 20, 20, 40 they are 0.25, 0.625, "
                      "0.625, 1. Write over=21 (rows) or over=30d for a past window that includes "
                      "the row, across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = rank(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = rank_of,
    .across = ranks_of
};
