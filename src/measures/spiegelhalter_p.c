/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p-value of Spiegelhalter's z, two-sided. */
#include <math.h>

#include "measures/cox.h"

static double value(const Scored *scored)
{
    double z, p;
    return spiegelhalter_test(scored, &z, &p) ? p : NAN;
}

const Metric metric_spiegelhalter_p = {
    .kind = { .name = "spiegelhalter_p",
              .help = "p-value of Spiegelhalter's z",
              .more = "Two-sided. Below 5%: the forecasts are not calibrated.",
              .example = METRIC_EXAMPLE("spiegelhalter_p"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
    .is_test = true,
};
