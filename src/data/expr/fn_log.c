/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The natural logarithm. */
#include "data/expr/function.h"

#include <math.h>

static void log_values(Call *call, size_t n, Vec *out)
{
    const double *x = call->args[0].numbers;
    for (size_t i = 0; i < n; i++) out->numbers[i] = log(x[i]);
}

const Function function_log = {
    .kind = { .name = "log",
              .help = "the natural logarithm; missing where x is 0 or less",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = log(x1 + 1)",
              .since = "1.0" },
    .row_types = "n>n",
    .flags = FUNCTION_ARITHMETIC,
    .row = log_values
};
