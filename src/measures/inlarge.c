/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration in the large: a in logit P(y) = a + logit(p). Above 0: events are more frequent than forecast.
 */
#include <math.h>

#include "measures/cox.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    Cox cox;
    return cox_fit(scored, &cox) ? cox.large : NAN;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    Cox cox;
    return scored_is_plain(scored) && cox_fit(scored, &cox) &&
           cox_wald(cox.large, cox.large_error, level, out);
}

const Metric metric_inlarge = {
    .kind = { .name = "inlarge",
              .help = "calibration in the large: the intercept with the slope held at 1",
              .more = "a in logit P(y) = a + logit(p); 0 is best, above 0 events are more frequent than "
                      "forecast.",
              .example = METRIC_EXAMPLE("inlarge"),
              .since = "1" },
    .targets = "b",
    .aims = true,
    .aim = 0,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
    .interval = interval,
    .interval_name = "Wald",
};
