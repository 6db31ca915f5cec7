/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balanced accuracy, the mean of recall and specificity; of several levels the mean recall over levels. Any
 * constant answer has 1/2. */
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
    return cells_of(scored, &cells) ? (cells_recall(&cells) + cells_specificity(&cells)) / 2 : NAN;
}

static double naive(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return NAN;
    return cells_naive(scored, &cells) ? (cells_recall(&cells) + cells_specificity(&cells)) / 2 : NAN;
}

const Metric metric_balanced = {
    .kind = { .name = "balanced",
              .help = "balanced accuracy: the mean of recall and specificity",
              .more = "(TPR + TNR) / 2; of several levels the mean recall. The cut-off is 0.5 unless cutoff= "
                      "or cost= says otherwise.",
              .example = METRIC_EXAMPLE("balanced"),
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
};
