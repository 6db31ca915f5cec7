/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The H-measure with costs by Beta(2, 1 + 1 / SR), SR = pi1 / pi0 (Hand 2009). */
#include <math.h>

#include "measures/hmeasure.h"

static double value(const Scored *scored)
{
    return hmeasure_severity(scored, NAN);
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_h = {
    .kind = { .name = "h",
              .help = "H-measure: the share of a constant answer's expected cost that is saved",
              .more =
                  "H = 1 - L / Lmax on the convex hull of the ROC curve, costs by Beta(2, 1 + 1 / SR) with "
                  "SR = pi1 / pi0 (Hand 2009). Unlike the AUC it judges every score by the same costs.",
              .example = METRIC_EXAMPLE("h"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_RANKING,
    .value = value,
    .naive = naive,
};
