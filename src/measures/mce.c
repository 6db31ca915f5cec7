/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maximum calibration error, the largest |rate_k - mean p_k| over ten bands of equal width. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    Band bands[BANDS_USUAL];
    return bands_by_width(scored, BANDS_USUAL, bands) ? bands_mce(bands, BANDS_USUAL) : NAN;
}

const Metric metric_mce = {
    .kind = { .name = "mce",
              .help = "maximum calibration error over ten bands of equal width",
              .more = "The largest |rate_k - mean p_k| of a band that holds rows: one row suffices.",
              .example = METRIC_EXAMPLE("mce"),
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
