/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cox's calibration slope: b in logit P(y) = a + b logit(p). Below 1: forecasts too extreme, as of a model
 * that is overfitted. */
#include <math.h>

#include "measures/cox.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    Cox cox;
    return cox_fit(scored, &cox) ? cox.slope : NAN;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    Cox cox;
    return scored_is_plain(scored) && cox_fit(scored, &cox) &&
           cox_wald(cox.slope, cox.slope_error, level, out);
}

const Metric metric_slope = {
    .kind = { .name = "slope",
              .help = "calibration slope (Cox 1958)",
              .more = "b in logit P(y) = a + b logit(p); 1 is best, below 1 forecasts are too extreme "
                      "(overfitting), above 1 too timid.",
              .example = METRIC_EXAMPLE("slope"),
              .since = "1" },
    .targets = "b",
    .aims = true,
    .aim = 1,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
    .interval = interval,
    .interval_name = "Wald",
};
