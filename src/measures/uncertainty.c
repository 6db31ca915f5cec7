/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uncertainty of the Brier score (Murphy 1973), rate (1 - rate): what the base rate itself would have. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    BrierParts parts;
    return bands_brier(scored, &parts) ? parts.uncertainty : NAN;
}

const Metric metric_uncertainty = {
    .kind = { .name = "uncertainty",
              .help = "uncertainty, what the base rate would have as Brier score",
              .more = "rate (1 - rate). brier = reliability - resolution + uncertainty + remainder.",
              .example = METRIC_EXAMPLE("uncertainty"),
              .since = "1" },
    .targets = "b",
    .of_rows = true,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
