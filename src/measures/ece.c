/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected calibration error (Naeini, Cooper and Hauskrecht 2015), sum n_k / n |rate_k - mean p_k| over ten
 * bands of equal width. Biased upward where bands hold few rows. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    Band bands[BANDS_USUAL];
    return bands_by_width(scored, BANDS_USUAL, bands) ? bands_ece(bands, BANDS_USUAL) : NAN;
}

const Metric metric_ece = {
    .kind = { .name = "ece",
              .help = "expected calibration error over ten bands of equal width",
              .more = "sum n_k / n |rate_k - mean p_k|. Biased upward where bands hold few rows: plot MODEL "
                      "view=reliability shows them.",
              .example = METRIC_EXAMPLE("ece"),
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
};
