/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p-value of Hosmer and Lemeshow: chi^2 of as many degrees of freedom as bands hold rows, for rows that were
 * not learned from. */
#include <math.h>

#include "measures/bands.h"

static double value(const Scored *scored)
{
    Hosmer hosmer;
    return bands_hosmer(scored, BANDS_USUAL, &hosmer) ? hosmer.p : NAN;
}

const Metric metric_hosmer_p = {
    .kind = { .name = "hosmer_p",
              .help = "p-value of Hosmer and Lemeshow",
              .more = "chi^2 of as many degrees of freedom as bands hold rows: for rows that were not "
                      "learned from (of training rows two less).",
              .example = METRIC_EXAMPLE("hosmer_p"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = metric_no_naive,
    .is_test = true,
};
