/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1, the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). Of several levels the mean over
 * levels. */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double macro(const LevelFigures *levels)
{
    return levels->f1;
}

static double value(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return cells_macro_of(scored, macro);
    return cells_of(scored, &cells) ? cells_f1(&cells) : NAN;
}

static double naive(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return NAN;
    return cells_naive(scored, &cells) ? cells_f1(&cells) : NAN;
}

const Metric metric_f1 = {
    .kind = { .name = "f1",
              .help = "harmonic mean of precision and recall",
              .more = "2 TP / (2 TP + FP + FN). The cut-off is 0.5 unless cutoff= or cost= says otherwise. "
                      "Of several levels: the plain mean over levels; a level that is never said counts 0.",
              .example = METRIC_EXAMPLE("f1"),
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
};
