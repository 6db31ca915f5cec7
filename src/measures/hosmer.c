/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistic of Hosmer and Lemeshow (1980) over ten bands of equal mass. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    Hosmer hosmer;
    return bands_hosmer(scored, BANDS_USUAL, &hosmer) ? hosmer.statistic : NAN;
}

const Metric metric_hosmer = {
    .kind = { .name = "hosmer",
              .help = "statistic of Hosmer and Lemeshow over ten bands",
              .more = "sum (O - E)^2 / (E (1 - E / n)) over ten bands of equal mass.",
              .example = METRIC_EXAMPLE("hosmer"),
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
    .is_test = true,
};
