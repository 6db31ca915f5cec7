/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The median of a window. */
#include "data/expr/function.h"

#include <gsl/gsl_statistics_double.h>
#include <string.h>

static double median_of(const double *x, size_t n, double *scratch)
{
    memcpy(scratch, x, n * sizeof *x);
    return gsl_stats_median(scratch, 1, n);
}

const Function function_median = {
    .kind = { .name = "median",
              .help = "the median of a window, or across rows of one time",
              .more = "Write over=21 (rows) or over=30d for a past window that includes the row, "
                      "across=date for all rows of its time.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = median(x1, over=5)",
              .since = "1.0" },
    .window_types = "n>n",
    .window = median_of
};
