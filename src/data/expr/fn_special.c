/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code of a special value. */
#include "data/expr/function.h"

#include "data/special.h"

static void special_values(Call *call, size_t n, Vec *out)
{
    const double *x = call->args[0].numbers;
    for (size_t i = 0; i < n; i++) out->numbers[i] = special_is(x[i]) ? special_code(x[i]) : (double)NAN;
}

const Function function_special = {
    .kind = { .name = "special",
              .help = "the code of a value that was loaded as special, missing for every other one",
              .more = "`load ... special=-999,-998` reads these numbers as missing, and columns of numbers "
                      "remember which: ifmissing(special(x) == -999, off) says where. A value "
                      "that an expression computes has no code.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f never = "
                         "ifmissing(special(x1) == -999, off)",
              .since = "1" },
    .row_types = "n>n",
    .row = special_values
};
