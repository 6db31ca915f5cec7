/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spiegelhalter's z (1986): normal where forecasts are calibrated. */
#include <math.h>

#include "measures/cox.h"

static double value(const Scored *scored)
{
    double z, p;
    return spiegelhalter_test(scored, &z, &p) ? z : NAN;
}

const Metric metric_spiegelhalter = {
    .kind = { .name = "spiegelhalter",
              .help = "Spiegelhalter's z: normal where forecasts are calibrated",
              .more = "sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)).",
              .example = METRIC_EXAMPLE("spiegelhalter"),
              .since = "1" },
    .targets = "b",
    .aims = true,
    .aim = 0,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
    .is_test = true,
};
