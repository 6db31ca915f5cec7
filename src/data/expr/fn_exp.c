/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exponential. */
#include "data/expr/function.h"

#include <math.h>

static void exp_values(Call *call, size_t n, Vec *out)
{
    const double *x = call->args[0].numbers;
    for (size_t i = 0; i < n; i++) out->numbers[i] = exp(x[i]);
}

const Function function_exp = {
    .kind = { .name = "exp",
              .help = "e to the power x",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = exp(x1)",
              .since = "1.0" },
    .row_types = "n>n",
    .flags = FUNCTION_ARITHMETIC,
    .row = exp_values
};
