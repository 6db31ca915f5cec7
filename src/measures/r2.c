/* SPDX-License-Identifier: GPL-3.0-or-later */
/* R squared out of sample, 1 - sum (y - prediction)^2 / sum (y - m)^2 with m the mean of the target
 * over the training rows (Campbell and Thompson 2008), or over these rows where that is not known.
 * Not defined for a target that is constant. */
#include <math.h>

#include "measures/metric.h"

extern const Metric metric_mse;

static double value(const Scored *scored)
{
    double benchmark = metric_mse.naive(scored);
    return benchmark > 0 ? 1 - metric_mse.value(scored) / benchmark : NAN;
}

static double naive(const Scored *scored)
{
    return metric_mse.naive(scored) > 0 ? 0 : NAN;
}

const Metric metric_r2 = {
    .kind = { .name = "r2",
              .help = "R squared against the mean of the training rows",
              .more = "1 - sum (y - prediction)^2 / sum (y - m)^2, m the target's mean over the "
                      "training rows.",
              .since = "1" },
    .targets = "n",
    .up = true,
    .of_mean = true,
    .digits = 4,
    .sets = METRIC_USUAL,
    .value = value,
    .naive = naive,
};
