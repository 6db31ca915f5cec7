/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sum of a window. */
#include "data/expr/function.h"

static double sum_of(const double *x, size_t n, double *scratch)
{
    (void)scratch;
    return window_sum(x, n);
}

const Function function_sum = {
    .kind = { .name = "sum",
              .help = "the sum of a window, or across rows of one time",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = sum(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = sum_of,
    .add = group_add_sum,
    .finish = group_sum
};
