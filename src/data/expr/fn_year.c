/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The year of a time. */
#include "data/expr/function.h"

#include <math.h>

static void year_values(Call *call, size_t n, Vec *out)
{
    const int64_t *time = call->args[0].times;
    for (size_t i = 0; i < n; i++)
        out->numbers[i] = time[i] == INTEGER_MISSING ? NAN : (double)time_parts(time[i]).year;
}

const Function function_year = {
    .kind = { .name = "year",
              .help = "the year of a time",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = year(2022-07-01)",
              .since = "1.0" },
    .row_types = "t>n",
    .row = year_values
};
