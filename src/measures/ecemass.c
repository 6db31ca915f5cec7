/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected calibration error over ten bands that hold as many rows each. */
#include <math.h>

#include "measures/bands.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    Band bands[BANDS_USUAL];
    return scored_is_probability(scored) && bands_by_mass(scored, BANDS_USUAL, bands)
               ? bands_ece(bands, BANDS_USUAL)
               : NAN;
}

const Metric metric_ecemass = {
    .kind = { .name = "ecemass",
              .help = "expected calibration error over ten bands of equal mass",
              .more = "As ece, with a tenth of the rows in each band; equal scores stay together.",
              .example = METRIC_EXAMPLE("ecemass"),
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
