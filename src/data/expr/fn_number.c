/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts to numbers. */
#include "data/expr/function.h"

#include <math.h>

static double read_text(Text text, size_t *lost)
{
    double x;
    if (!text.bytes) return NAN;
    if (number_parse(text.bytes, text.length, &x)) return x;
    ++*lost;
    return NAN;
}

static void number_values(Call *call, size_t n, Vec *out)
{
    const Vec *x = &call->args[0];
    for (size_t i = 0; i < n; i++)
        out->numbers[i] = x->type == EXPR_NUMBER ? x->numbers[i] : read_text(x->texts[i], &call->lost);
}

const Function function_number = {
    .kind = { .name = "number",
              .help = "a text or on/off as a number; a text that is none becomes missing and is "
                      "counted",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = number(\"1.5\")",
              .since = "1.0" },
    .row_types = "n>n x>n",
    .flags = FUNCTION_LOSES,
    .row = number_values
};
