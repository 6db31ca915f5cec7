/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Root of the mean squared error, in the units of the target. */
#include <math.h>

#include "measures/metric.h"

extern const Metric metric_mse;

static double value(const Scored *scored)
{
    return sqrt(metric_mse.value(scored));
}

static double naive(const Scored *scored)
{
    return sqrt(metric_mse.naive(scored));
}

const Metric metric_rmse = {
    .kind = { .name = "rmse",
              .help = "root of the mean squared error, in units of the target",
              .since = "1" },
    .targets = "n",
    .up = false,
    .of_mean = true,
    .digits = 4,
    .sets = METRIC_USUAL,
    .value = value,
    .naive = naive,
};
