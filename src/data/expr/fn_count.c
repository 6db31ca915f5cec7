/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The number of values. */
#include "data/expr/function.h"

/* The caller hands over the values that are present. */
static double count_of(const double *x, size_t n, double *scratch)
{
    (void)x;
    (void)scratch;
    return (double)n;
}

static double group_count(const GroupState *state)
{
    return (double)state->n;
}

const Function function_count = {
    .kind = { .name = "count",
              .help = "how many values of a window, or across rows of one time, are not missing",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = count(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = count_of,
    .finish = group_count,
    .flags = FUNCTION_PRESENT
};
