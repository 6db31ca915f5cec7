/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding, halves away from zero. */
#include "data/expr/function.h"

#include <math.h>

/* Beyond 15 digits there is nothing to round in a double. */
static double round_to(double x, double digits)
{
    if (isnan(digits)) return NAN;
    digits = round(digits);
    if (digits > 15 || !isfinite(x)) return x;
    if (digits < -300) return 0;
    double scale = pow(10, fabs(digits)), big = digits < 0 ? x / scale : x * scale;
    if (!isfinite(big)) return x;
    return digits < 0 ? round(big) * scale : round(big) / scale;
}

static void round_values(Call *call, size_t n, Vec *out)
{
    const double *x = call->args[0].numbers;
    for (size_t i = 0; i < n; i++)
        out->numbers[i] = call->n == 1 ? round(x[i]) : round_to(x[i], call->args[1].numbers[i]);
}

const Function function_round = {
    .kind = { .name = "round",
              .help = "rounded to the nearest whole number, or to digits after the point",
              .more = "Halves go away from zero; digits may be negative: round(1234, -2) is 1200.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = round(x1, 2)",
              .since = "1.0" },
    .row_types = "n?n>n",
    .flags = FUNCTION_ARITHMETIC,
    .row = round_values
};
