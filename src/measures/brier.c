/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brier score, the mean of (p - y)^2 over rows; of an expected label q the mean over both labels,
 * p^2 - 2 p q + q. The base rate r has r (1 - r). */
#include <math.h>

#include "measures/scored.h"

static double term(const Scored *scored, size_t row)
{
    double p = scored_event(scored, row), y = scored->target[row];
    return y * (1 - p) * (1 - p) + (1 - y) * p * p;
}

static double value(const Scored *scored)
{
    return scored_is_probability(scored) ? scored_mean(scored, term) : NAN;
}

static double naive(const Scored *scored)
{
    double rate = scored_base_rate(scored);
    return rate * (1 - rate);
}

const Metric metric_brier = {
    .kind = { .name = "brier",
              .help = "Brier score: the mean squared distance of P(event) from 0 or 1",
              .more = "mean of (p - y)^2. Missing where a score is no probability.",
              .since = "1" },
    .targets = "b",
    .up = false,
    .digits = 4,
    .sets = METRIC_USUAL | METRIC_PROBABILITY,
    .value = value,
    .naive = naive,
    .term = term,
};
