/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolution of the Brier score (Murphy 1973), sum n_k (rate_k - rate)^2 / n over ten bands of equal width.
 */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    BrierParts parts;
    return bands_brier(scored, &parts) ? parts.resolution : NAN;
}

const Metric metric_resolution = {
    .kind = { .name = "resolution",
              .help = "resolution, the part of the Brier score that telling rows apart earns",
              .more = "sum n_k (rate_k - rate)^2 / n over ten bands of equal width. brier = reliability - "
                      "resolution + uncertainty + remainder.",
              .example = METRIC_EXAMPLE("resolution"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
