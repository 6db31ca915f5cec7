/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cox's calibration intercept: a in logit P(y) = a + b logit(p). */
#include <math.h>

#include "measures/cox.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    Cox cox;
    return cox_fit(scored, &cox) ? cox.intercept : NAN;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    Cox cox;
    return scored_is_plain(scored) && cox_fit(scored, &cox) &&
           cox_wald(cox.intercept, cox.intercept_error, level, out);
}

const Metric metric_intercept = {
    .kind = { .name = "intercept",
              .help = "calibration intercept, fitted with the slope (Cox 1958)",
              .more = "a in logit P(y) = a + b logit(p); 0 is best, read beside the slope.",
              .example = METRIC_EXAMPLE("intercept"),
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
