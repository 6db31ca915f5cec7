/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recall, sensitivity, the true positive rate: TP / (TP + FN). Of several levels the mean over levels. */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double macro(const LevelFigures *levels)
{
    return levels->recall;
}

static double value(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return cells_macro_of(scored, macro);
    return cells_of(scored, &cells) ? cells_recall(&cells) : NAN;
}

static double naive(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return NAN;
    return cells_naive(scored, &cells) ? cells_recall(&cells) : NAN;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    Cells cells;
    return scored_has_two_levels(scored) && cells_of(scored, &cells) &&
           cells_wilson(scored, cells.tp, cells.tp + cells.fn, level, out);
}

const Metric metric_recall = {
    .kind = { .name = "recall",
              .help = "share of the events that are said to be events (sensitivity)",
              .more = "TP / (TP + FN). The cut-off is 0.5 unless cutoff= or cost= says otherwise. Of several "
                      "levels: the plain mean over levels; a level that is never said counts 0.",
              .example = METRIC_EXAMPLE("recall"),
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
    .interval = interval,
    .interval_name = "Wilson",
};
