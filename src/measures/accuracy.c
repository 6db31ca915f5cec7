/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Share of rows whose predicted level is right: of two levels the event from P(event) = 0.5 on, of
 * several the one with the largest probability (the first of equal ones). */
#include <math.h>

#include "measures/scored.h"

static double term(const Scored *scored, size_t row)
{
    double y = scored->target[row];
    return scored_event(scored, row) >= 0.5 ? y : 1 - y;
}

static double level_term(const Scored *scored, size_t row)
{
    const double *p = scored->score + row * (size_t)scored->n_outputs;
    int best = 0;
    for (int k = 0; k < scored->n_outputs; k++) {
        if (isnan(p[k])) return NAN;
        if (p[k] > p[best]) best = k;
    }
    return scored->target[row] == best;
}

static double value(const Scored *scored)
{
    if (!scored_has_two_levels(scored)) return scored_mean(scored, level_term);
    return scored_is_probability(scored) ? scored_mean(scored, term) : NAN;
}

static double largest(const double *shares, int n)
{
    double most = 0;
    for (int k = 0; k < n; k++) most = fmax(most, shares[k]);
    return most;
}

static double naive(const Scored *scored)
{
    return scored_of_shares(scored, largest);
}

const Metric metric_accuracy = {
    .kind = { .name = "accuracy",
              .help = "share of rows whose level is predicted right, at a threshold of 0.5",
              .more = "To be read beside the share of the majority class. Missing where a score is no "
                      "probability.",
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .value = value,
    .naive = naive,
};
