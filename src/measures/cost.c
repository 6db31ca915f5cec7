/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected cost of a row, (C_FN FN + C_FP FP) / n, at the cut-off. The cut-off that is right for
 * probabilities is p* = C_FP / (C_FP + C_FN) (Elkan 2001): 1/6 for costs of 5 and 1. */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double of_cells(const Scored *scored, const Cells *cells)
{
    const MetricSettings *settings = scored_settings(scored);
    double n = cells->tp + cells->fp + cells->fn + cells->tn;
    return (settings->false_negative * cells->fn + settings->false_positive * cells->fp) / n;
}

static double value(const Scored *scored)
{
    Cells cells;
    return cells_of(scored, &cells) ? of_cells(scored, &cells) : NAN;
}

/* The cheaper of both constant answers. */
static double naive(const Scored *scored)
{
    double rate = scored_base_rate(scored);
    Cells all = { .tp = rate, .fp = 1 - rate }, none = { .fn = rate, .tn = 1 - rate };
    return fmin(of_cells(scored, &all), of_cells(scored, &none));
}

const Metric metric_cost = {
    .kind = { .name = "cost",
              .help = "expected cost of a row at the cut-off",
              .more = "(C_FN FN + C_FP FP) / n with cost={fn=5, fp=1}, which also sets the cut-off to C_FP / "
                      "(C_FP + C_FN) where cutoff= does not. Both costs are 1 without it. The constant "
                      "prediction has the cheaper of both constant answers.",
              .example = METRIC_EXAMPLE("cost cost={fn=5, fp=1}"),
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
};
