/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a Scored: what the metrics share. With one output or two the target is one of two levels
 * and the last output is P(event); with more, output k is P(level k). */
#ifndef FNS_MEASURES_SCORED_H
#define FNS_MEASURES_SCORED_H

#include "measures/metric.h"

static inline double scored_weight(const Scored *scored, size_t row)
{
    return scored->weight ? scored->weight[row] : 1;
}
static inline bool scored_has_two_levels(const Scored *scored)
{
    return scored->n_outputs <= 2;
}
static inline double scored_event(const Scored *scored, size_t row)
{
    size_t width = (size_t)scored->n_outputs;
    return scored->score[row * width + width - 1];
}

/* Weighted mean over the rows of term(scored, row); NaN without weight. */
double scored_mean(const Scored *scored, double (*term)(const Scored *scored, size_t row));
/* Weighted mean of the target: of two levels, the share of events. */
double scored_base_rate(const Scored *scored);
/* Weighted share of each level (n_outputs); false without memory or weight. */
bool scored_level_shares(const Scored *scored, double *shares);
/* Applies `figure` to the level shares (of two levels: both): the naive figures of classes. */
double scored_of_shares(const Scored *scored, double (*figure)(const double *shares, int n));
/* Whether every P(event) lies in [0, 1]: points and other scores are no probabilities. */
bool scored_is_probability(const Scored *scored);
/* What a number is predicted by without a model: the training mean, or that of these rows. */
double scored_reference(const Scored *scored);
/* Whether rows count once each and every target is 0 or 1: what closed intervals and tests suppose. */
bool scored_is_plain(const Scored *scored);
static inline const MetricSettings *scored_settings(const Scored *scored)
{
    return scored->settings ? scored->settings : &judging_defaults;
}

#endif
