/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether any value is on. */
#include "data/expr/function.h"

static double any_of(const double *x, size_t n, double *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0) return 1;
    return 0;
}

const Function function_any = {
    .kind = { .name = "any",
              .help = "on where any value of a window, or across rows of one time, is on",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = any(x1 > "
                         "0.9, over=5)",
              .since = "1.0" },
    .window_types = "n>b",
    .window = any_of
};
