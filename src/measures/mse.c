/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean squared error, mean of (prediction - y)^2. */
#include "measures/scored.h"

static double term(const Scored *scored, size_t row)
{
    double error = scored->score[row] - scored->target[row];
    return error * error;
}

static double value(const Scored *scored)
{
    return scored_mean(scored, term);
}

static double naive(const Scored *scored)
{
    double reference = scored_reference(scored), mean = scored_base_rate(scored);
    double sum = 0, weights = 0;
    for (size_t i = 0; i < scored->n; i++) {
        double weight = scored_weight(scored, i), distance = scored->target[i] - mean;
        sum += weight * distance * distance;
        weights += weight;
    }
    return sum / weights + (mean - reference) * (mean - reference);
}

const Metric metric_mse = {
    .kind = { .name = "mse", .help = "mean squared error", .since = "1" },
    .targets = "n",
    .up = false,
    .of_mean = true,
    .digits = 4,
    .sets = METRIC_USUAL,
    .value = value,
    .naive = naive,
    .term = term,
};
