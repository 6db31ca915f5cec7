/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first value of a window. */
#include "data/expr/function.h"

static double first_of(const double *x, size_t n, double *scratch)
{
    (void)n;
    (void)scratch;
    return x[0];
}

const Function function_first = {
    .kind = { .name = "first",
              .help = "the first value of a window, or across rows of one time",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time. Numbers, texts and times.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = first(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n x>x t>t",
    .window = first_of
};
