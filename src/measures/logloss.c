/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logarithmic loss in natural units, -mean [y ln p + (1 - y) ln (1 - p)]; of several levels
 * -mean ln p(level). Probabilities are clipped to [1e-15, 1 - 1e-15]. The base rate r has the entropy
 * -r ln r - (1 - r) ln (1 - r). */
#include <math.h>

#include "measures/scored.h"

static const double CLIP = 1e-15;

static double clip(double p)
{
    return p < CLIP ? CLIP : p > 1 - CLIP ? 1 - CLIP : p;
}

static double term(const Scored *scored, size_t row)
{
    double p = scored_event(scored, row), y = scored->target[row];
    return -((y > 0 ? y * log(clip(p)) : 0) + (y < 1 ? (1 - y) * log(clip(1 - p)) : 0));
}

static double level_term(const Scored *scored, size_t row)
{
    double level = scored->target[row];
    if (!(level >= 0) || level >= scored->n_outputs) return NAN;
    return -log(clip(scored->score[row * (size_t)scored->n_outputs + (size_t)level]));
}

static double any_term(const Scored *scored, size_t row)
{
    return scored_has_two_levels(scored) ? term(scored, row) : level_term(scored, row);
}

static double value(const Scored *scored)
{
    if (!scored_has_two_levels(scored)) return scored_mean(scored, level_term);
    return scored_is_probability(scored) ? scored_mean(scored, term) : NAN;
}

static double entropy(const double *shares, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        if (shares[k] > 0) sum -= shares[k] * log(shares[k]);
    return sum;
}

static double naive(const Scored *scored)
{
    return scored_of_shares(scored, entropy);
}

const Metric metric_logloss = {
    .kind = { .name = "logloss",
              .help = "logarithmic loss: minus the mean log of the probability of what happened",
              .more = "-mean [y ln p + (1 - y) ln (1 - p)], p clipped to [1e-15, 1 - 1e-15]. Missing "
                      "where a score is no probability.",
              .since = "1" },
    .targets = "bc",
    .up = false,
    .digits = 4,
    .sets = METRIC_USUAL | METRIC_PROBABILITY,
    .value = value,
    .naive = naive,
    .term = any_term,
};
