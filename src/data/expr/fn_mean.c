/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mean of a window. */
#include "data/expr/function.h"

static double mean_of(const double *x, size_t n, double *scratch)
{
    (void)scratch;
    return window_sum(x, n) / (double)n;
}

static double group_mean(const GroupState *state)
{
    return group_sum(state) / (double)state->n;
}

const Function function_mean = {
    .kind = { .name = "mean",
              .help = "the mean of a window, or across rows of one time",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = mean(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = mean_of,
    .add = group_add_sum,
    .finish = group_mean
};
