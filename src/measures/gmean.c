/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Geometric mean of recall and specificity, sqrt(TPR TNR) (Kubat and Matwin 1997). */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    Cells cells;
    return cells_of(scored, &cells) ? sqrt(cells_recall(&cells) * cells_specificity(&cells)) : NAN;
}

static double naive(const Scored *scored)
{
    Cells cells;
    return cells_naive(scored, &cells) ? sqrt(cells_recall(&cells) * cells_specificity(&cells)) : NAN;
}

const Metric metric_gmean = {
    .kind = { .name = "gmean",
              .help = "geometric mean of recall and specificity",
              .more = "sqrt(TPR TNR); 0 for any constant answer. The cut-off is 0.5 unless cutoff= or cost= "
                      "says otherwise.",
              .example = METRIC_EXAMPLE("gmean"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
};
