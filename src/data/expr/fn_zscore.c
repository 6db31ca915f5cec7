/* SPDX-License-Identifier: GPL-3.0-or-later */
/* (x - mean) / std, with divisor n - 1; missing where all values are equal. */
#include "data/expr/function.h"

#include <math.h>

static double zscore_of(const double *x, size_t n, double *scratch)
{
    (void)scratch;
    return (x[n - 1] - window_sum(x, n) / (double)n) / window_std(x, n);
}

static void zscores_of(const double *x, size_t n, double *out, double *scratch)
{
    double mean = window_sum(x, n) / (double)n, std = window_std(x, n);
    (void)scratch;
    for (size_t i = 0; i < n; i++) out[i] = std > 0 ? (x[i] - mean) / std : NAN;
}

const Function function_zscore = {
    .kind = { .name = "zscore",
              .help = "(x - mean) / std of a window, or across rows of one time",
              .more = "Missing where all values are equal. Write over=21 (rows) or over=30d for a "
                      "past window that includes the row, across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = zscore(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = zscore_of,
    .across = zscores_of
};
