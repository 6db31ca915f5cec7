/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logarithmic return: log(x / lag(x, k)), by id in time order. */
#include "data/expr/function.h"

#include <math.h>

static double logret_of(double now, double before)
{
    return log(now / before);
}

const Function function_logret = {
    .kind = { .name = "logret",
              .help = "the logarithmic return: log(x / lag(x, k))",
              .more = "By id in time order; k is 1 if left out; missing where the id has no such row.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = logret(x1 + 1)",
              .since = "1.0" },
    .window_types = "n?n>n",
    .flags = FUNCTION_ROWS,
    .change = logret_of
};
