/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The H-measure with the prior Beta(1 + pi1, 1 + pi0) (Hand and Anagnostopoulos 2014). */
#include <math.h>

#include "measures/hmeasure.h"

static double value(const Scored *scored)
{
    return hmeasure_priors(scored);
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_h2014 = {
    .kind = { .name = "h2014",
              .help = "H-measure with costs by Beta(1 + pi1, 1 + pi0)",
              .more = "The prior of Hand and Anagnostopoulos (2014); otherwise as h.",
              .example = METRIC_EXAMPLE("h2014"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_RANKING,
    .value = value,
    .naive = naive,
};
