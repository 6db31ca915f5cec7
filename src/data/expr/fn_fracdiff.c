/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fractional differences, (1 - L)^d x (Hosking 1981), in a window of fixed width (Lopez de Prado, Advances in
 * Financial Machine Learning, 2018, chapter 5): the sum of w(k) x(t - k), w(0) = 1, w(k) = -w(k - 1) (d - k +
 * 1) / k, over the weights that are not smaller than cutoff= in size. With d 0.5 they are 1, -0.5, -0.125,
 * -0.0625, -0.0390625, ... Reference: tests/reference/building.py. */
#include "data/expr/function.h"

#include <math.h>

enum { WEIGHTS_MOST = 10000 };

static const OptionSpec options[] = {
    { .name = "d",
      .type = OPTION_NUMBER,
      .flags = OPTION_REQUIRED | OPTION_OPEN_MIN,
      .min = 0,
      .max = 10,
      .help = "the order of the difference, as in d=0.4; 1 is diff(x)" },
    { .name = "cutoff",
      .type = OPTION_NUMBER,
      .initial = "1e-4",
      .flags = OPTION_OPEN_MIN | OPTION_OPEN_MAX,
      .min = 0,
      .max = 1,
      .help = "weights that are smaller end the window" },
};

static size_t find_weights(double d, double cutoff, double *weights)
{
    size_t n = 1;
    weights[0] = 1;
    for (; n < WEIGHTS_MOST; n++) {
        double k = (double)n;
        weights[n] = -weights[n - 1] * (d - k + 1) / k;
        if (fabs(weights[n]) < cutoff) break;
    }
    return n;
}

/* A missing value makes every window missing that holds it. */
static void fracdiff_run(const double *x, size_t n, const Options *given, double *out)
{
    double weights[WEIGHTS_MOST];
    size_t width = find_weights(option_number(given, "d"), option_number(given, "cutoff"), weights);
    for (size_t i = 0; i < n; i++) {
        double sum = i + 1 < width ? (double)NAN : 0;
        for (size_t k = 0; k < width && i + 1 >= width; k++) sum += weights[k] * x[i - k];
        out[i] = sum;
    }
}

const Function function_fracdiff = {
    .kind = { .name = "fracdiff",
              .help = "a fractional difference: as little of the past as d says, so that levels keep memory",
              .more =
                  "By id in time order: the sum of w(k) x of k rows before, w(k) = -w(k - 1) (d - k + 1) / "
                  "k, "
                  "over the weights that are at least cutoff= (10000 at most). The first rows of an id, for "
                  "which the window reaches too far back, are missing, and where x is missing in it. "
                  "Source: Lopez de Prado 2018, chapter 5.",
              KIND_OPTIONS(options),
              .example = "simulate garch as p rows=600\n"
                         "derive p level = 100 + ewma(ret, decay=0.9)\n"
                         "derive p z = fracdiff(level, d=0.4, cutoff=1e-3)",
              .since = "1" },
    .window_types = "n>n",
    .flags = FUNCTION_ROWS,
    .run_options = fracdiff_run
};
