/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brier skill score, 1 - Brier / (rate (1 - rate)): the share of the base rate's score that is saved. */
#include <math.h>

#include "measures/metric.h"

extern const Metric metric_brier;

static double value(const Scored *scored)
{
    double naive = metric_brier.naive(scored);
    return naive > 0 ? 1 - metric_brier.value(scored) / naive : NAN;
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_skill = {
    .kind = { .name = "skill",
              .help = "Brier skill score against the base rate",
              .more = "1 - brier / (rate (1 - rate)), rate the share of events among the rows judged.",
              .example = METRIC_EXAMPLE("skill"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_PROBABILITY,
    .value = value,
    .naive = naive,
};
