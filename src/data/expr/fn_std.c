/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard deviation of a window: sqrt(sum (x - mean)^2 / (n - 1)). */
#include "data/expr/function.h"

static double std_of(const double *x, size_t n, double *scratch)
{
    (void)scratch;
    return window_std(x, n);
}

const Function function_std = {
    .kind = { .name = "std",
              .help = "the standard deviation (divisor n - 1) of a window, or across rows of one time",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = std(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = std_of
};
