/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The remainder: a - b * floor(a / b). */
#include "data/expr/function.h"

#include <math.h>

static double remainder_of(double a, double b)
{
    double rest = fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static void mod_values(Call *call, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++)
        out->numbers[i] = remainder_of(call->args[0].numbers[i], call->args[1].numbers[i]);
}

const Function function_mod = {
    .kind = { .name = "mod",
              .help = "the remainder with the sign of the divisor: mod(-1, 7) is 6",
              .more = "mod(a, b) = a - b * floor(a / b).",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = mod(x1 * 10, 3)",
              .since = "1.0" },
    .row_types = "nn>n",
    .flags = FUNCTION_ARITHMETIC,
    .row = mod_values
};
