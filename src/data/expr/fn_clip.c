/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits by constants or columns. */
#include "data/expr/function.h"

#include <math.h>

static void clip_values(Call *call, size_t n, Vec *out)
{
    const double *x = call->args[0].numbers, *low = call->args[1].numbers, *high = call->args[2].numbers;
    for (size_t i = 0; i < n; i++) {
        double y = x[i] < low[i] ? low[i] : x[i] > high[i] ? high[i] : x[i];
        out->numbers[i] = isnan(low[i]) || isnan(high[i]) ? NAN : y;
    }
}

const Function function_clip = {
    .kind = { .name = "clip",
              .help = "the number kept within low and high",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = clip(x1, 0.1, 0.9)",
              .since = "1.0" },
    .row_types = "nnn>n",
    .row = clip_values
};
