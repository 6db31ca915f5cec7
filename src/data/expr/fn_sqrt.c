/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The square root. */
#include "data/expr/function.h"

#include <math.h>

static void sqrt_values(Call *call, size_t n, Vec *out)
{
    const double *x = call->args[0].numbers;
    for (size_t i = 0; i < n; i++) out->numbers[i] = sqrt(x[i]);
}

const Function function_sqrt = {
    .kind = { .name = "sqrt",
              .help = "the square root; missing where x is negative",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = sqrt(x1)",
              .since = "1.0" },
    .row_types = "n>n",
    .flags = FUNCTION_ARITHMETIC,
    .row = sqrt_values
};
