/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The label of the triple barrier (data/expr/barrier.c). */
#include "data/expr/barrier.h"

#include <math.h>

static const OptionSpec options[] = { BARRIER_OPTIONS };

static void take(void *out, size_t row, Touch touch)
{
    if (touch.known) ((double *)out)[row] = touch.label;
}

static void barrier_run(const double *x, size_t n, const Options *given, double *out)
{
    for (size_t i = 0; i < n; i++) out[i] = NAN;
    barrier_touches(x, n, given, take, out);
}

const Function function_barrier = {
    .kind = { .name = "barrier",
              .help = "the triple-barrier label: 1, -1 or 0 as a price first rises, falls, or does neither",
              .more =
                  "By id in time order, for targets only: the label looks `horizon` rows ahead, which is the "
                  "gap that splits keep. The barriers stand at up and down times sigma of the price, the "
                  "exponentially weighted standard deviation (span=) of the returns up to the row. Missing "
                  "where the rows of the id end before the horizon, whatever was touched until then, at the "
                  "first two rows, and where a price on the way is missing. text(barrier(...)) makes the "
                  "labels classes; touched(...) says when each was decided. Meta-labels, whether a side of 1 "
                  "or -1 "
                  "taken by another rule pays: barrier(price, horizon=10) * side > 0. Source: Lopez de Prado "
                  "2018, "
                  "chapter 3.",
              KIND_OPTIONS(options),
              .example = "simulate garch as p rows=300\n"
                         "derive p price = exp(ewma(ret, decay=0.9) / 10)\n"
                         "derive p label = barrier(price, up=2, down=2, horizon=10)\n"
                         "group p by=label n=count()",
              .since = "1" },
    .window_types = "n>n",
    .flags = FUNCTION_ROWS,
    .run_options = barrier_run,
    .ahead = "horizon"
};
