/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specificity, the true negative rate: TN / (TN + FP). */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    Cells cells;
    return cells_of(scored, &cells) ? cells_specificity(&cells) : NAN;
}

static double naive(const Scored *scored)
{
    Cells cells;
    return cells_naive(scored, &cells) ? cells_specificity(&cells) : NAN;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    Cells cells;
    return cells_of(scored, &cells) && cells_wilson(scored, cells.tn, cells.tn + cells.fp, level, out);
}

const Metric metric_specificity = {
    .kind = { .name = "specificity",
              .help = "share of the non-events that are said to be none",
              .more = "TN / (TN + FP). The cut-off is 0.5 unless cutoff= or cost= says otherwise.",
              .example = METRIC_EXAMPLE("specificity"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
    .interval = interval,
    .interval_name = "Wilson",
};
