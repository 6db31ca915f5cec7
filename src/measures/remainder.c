/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left of the Brier score after reliability, resolution and uncertainty: forecasts differ within
 * bands. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    BrierParts parts;
    return bands_brier(scored, &parts) ? parts.remainder : NAN;
}

const Metric metric_remainder = {
    .kind = { .name = "remainder",
              .help = "what bands leave unexplained of the Brier score",
              .more = "brier - reliability + resolution - uncertainty: forecasts differ within a band. With "
                      "forecasts of ten values alone it would be 0.",
              .example = METRIC_EXAMPLE("remainder"),
              .since = "1" },
    .targets = "b",
    .aims = true,
    .aim = 0,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
