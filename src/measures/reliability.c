/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reliability of the Brier score (Murphy 1973), sum n_k (mean p_k - rate_k)^2 / n over ten bands of equal
 * width. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    BrierParts parts;
    return bands_brier(scored, &parts) ? parts.reliability : NAN;
}

const Metric metric_reliability = {
    .kind = { .name = "reliability",
              .help = "reliability, the part of the Brier score that miscalibration costs",
              .more = "sum n_k (mean p_k - rate_k)^2 / n over ten bands of equal width. brier = reliability "
                      "- resolution + uncertainty + remainder.",
              .example = METRIC_EXAMPLE("reliability"),
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
