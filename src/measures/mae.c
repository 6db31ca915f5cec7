/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean absolute error, mean of |prediction - y|. */
#include <math.h>

#include "measures/scored.h"

static double term(const Scored *scored, size_t row)
{
    return fabs(scored->score[row] - scored->target[row]);
}

static double value(const Scored *scored)
{
    return scored_mean(scored, term);
}

static double naive(const Scored *scored)
{
    double reference = scored_reference(scored), sum = 0, weights = 0;
    for (size_t i = 0; i < scored->n; i++) {
        double weight = scored_weight(scored, i);
        sum += weight * fabs(scored->target[i] - reference);
        weights += weight;
    }
    return sum / weights;
}

const Metric metric_mae = {
    .kind = { .name = "mae", .help = "mean absolute error", .since = "1" },
    .targets = "n",
    .up = false,
    .digits = 4,
    .sets = METRIC_USUAL,
    .value = value,
    .naive = naive,
    .term = term,
};
