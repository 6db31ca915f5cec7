/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simple return: x / lag(x, k) - 1, by id in time order. */
#include "data/expr/function.h"

static double ret_of(double now, double before)
{
    return now / before - 1;
}

const Function function_ret = {
    .kind = { .name = "ret",
              .help = "the simple return: x / lag(x, k) - 1",
              .more = "By id in time order; k is 1 if left out; missing where the id has no such row.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = ret(x1)",
              .since = "1.0" },
    .window_types = "n?n>n",
    .flags = FUNCTION_ROWS,
    .change = ret_of
};
