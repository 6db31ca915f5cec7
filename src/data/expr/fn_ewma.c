/* SPDX-License-Identifier: GPL-3.0-or-later */
/* y(t) = decay * y(t - 1) + (1 - decay) * x(t), begun at the first value of an id. With x = 1, 2
 * and decay 0.5: 1, 1.5. */
#include "data/expr/function.h"

#include <math.h>

static const OptionSpec options[] = {
    { .name = "decay",
      .type = OPTION_NUMBER,
      .flags = OPTION_REQUIRED | OPTION_OPEN_MIN | OPTION_OPEN_MAX,
      .min = 0,
      .max = 1,
      .help = "the weight of the past, as in decay=0.94" },
};

static void ewma_run(const double *x, size_t n, double decay, double *out)
{
    double mean = NAN;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) mean = isnan(mean) ? x[i] : decay * mean + (1 - decay) * x[i];
        out[i] = isnan(x[i]) ? NAN : mean;
    }
}

const Function function_ewma = {
    .kind = { .name = "ewma",
              .help = "the exponentially weighted mean of the past, y = decay * y before + (1 - "
                      "decay) * x",
              .more = "By id in time order, begun at its first value. A missing value gives a "
                      "missing result and leaves the mean as it was.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = ewma(x1, "
                         "decay=0.94)",
              .since = "1.0" },
    .window_types = "n>n",
    .flags = FUNCTION_ROWS,
    .run = ewma_run
};
