/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The absolute value. */
#include "data/expr/function.h"

#include <math.h>

static Duration positive(Duration x)
{
    if (x.months == INTEGER_MISSING || duration_length(x) >= 0) return x;
    return (Duration){ -x.months, -x.ns };
}

static void abs_values(Call *call, size_t n, Vec *out)
{
    const Vec *x = &call->args[0];
    for (size_t i = 0; i < n; i++)
        if (x->type == EXPR_NUMBER)
            out->numbers[i] = fabs(x->numbers[i]);
        else
            out->durations[i] = positive(x->durations[i]);
}

const Function function_abs = {
    .kind = { .name = "abs",
              .help = "the value without its sign, of a number or a duration",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = abs(x1 - 0.5)",
              .since = "1.0" },
    .row_types = "n>n d>d",
    .row = abs_values
};
