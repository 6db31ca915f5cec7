/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The change from k rows before: x - lag(x, k), by id in time order. */
#include "data/expr/function.h"

static double diff_of(double now, double before)
{
    return now - before;
}

const Function function_diff = {
    .kind = { .name = "diff",
              .help = "the change from k rows before: x - lag(x, k)",
              .more = "By id in time order; k is 1 if left out; missing where the id has no such row.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = diff(x1)",
              .since = "1.0" },
    .window_types = "n?n>n",
    .flags = FUNCTION_ROWS,
    .change = diff_of
};
