/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the triple barrier decides (data/expr/barrier.c). */
#include "data/expr/barrier.h"

#include <math.h>

static const OptionSpec options[] = { BARRIER_OPTIONS };

static void take(void *out, size_t row, Touch touch)
{
    if (touch.known) ((double *)out)[row] = touch.life;
}

static void touched_run(const double *x, size_t n, const Options *given, double *out)
{
    for (size_t i = 0; i < n; i++) out[i] = NAN;
    barrier_touches(x, n, given, take, out);
}

const Function function_touched = {
    .kind = { .name = "touched",
              .help = "after how many rows the triple-barrier label of a price is decided",
              .more = "The rows from the row to the first barrier that is touched, or horizon= where none "
                      "is; missing where barrier(...) with the same options is. A future column, of which "
                      "arithmetic makes the one of crossvalidate ... purged(end=).",
              KIND_OPTIONS(options),
              .example = "simulate garch as p rows=300\n"
                         "derive p price = exp(ewma(ret, decay=0.9) / 10)\n"
                         "derive p life = touched(price, up=2, down=2, horizon=10)",
              .since = "1" },
    .window_types = "n>n",
    .flags = FUNCTION_ROWS,
    .run_options = touched_run,
    .ahead = "horizon"
};
