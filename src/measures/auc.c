/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Area under the ROC curve: the chance that a random event scores above a random non-event, ties
 * counting one half,
 *     AUC = (sum of R_i over y = 1 - n1 (n1 + 1) / 2) / (n1 n0),   R: mid-ranks,
 * here as a sum over distinct scores, which takes weights and expected labels too. Of several levels:
 * the mean over levels of one against the rest. Gaussian classes at distance D: AUC = Phi(D / sqrt 2),
 * 0.7602 at D = 1. */
#include "measures/auc.h"

#include <math.h>

#include "measures/delong.h"
#include "measures/rank.h"
#include "measures/scored.h"

double auc_of_level(const Scored *scored, int level)
{
    RankWalk walk;
    if (!rank_begin(&walk, scored, level)) return NAN;
    double sum = 0;
    while (rank_next(&walk)) sum += walk.positive * (walk.negative_below + walk.negative / 2);
    double value = sum / (walk.positive_all * walk.negative_all);
    rank_end(&walk);
    return value;
}

static double value(const Scored *scored)
{
    if (scored_has_two_levels(scored)) return auc_of_level(scored, -1);
    double sum = 0;
    int n = 0;
    for (int level = 0; level < scored->n_outputs; level++) {
        double of_level = auc_of_level(scored, level);
        if (isnan(of_level)) continue; /* a level that these rows do not show */
        sum += of_level;
        n++;
    }
    return n ? sum / n : NAN;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    return scored_has_two_levels(scored) && delong_interval(scored, level, out);
}

static bool pair(const Scored *a, const Scored *b, double level, Paired *out)
{
    return scored_has_two_levels(a) && delong_difference(a, b, level, out);
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0.5;
}

const Metric metric_auc = {
    .kind = { .name = "auc",
              .help = "area under the ROC curve: the chance that an event scores above a non-event",
              .more = "AUC = (R - n1 (n1 + 1) / 2) / (n1 n0), R the sum of the events' mid-ranks: ties "
                      "count one half.\nOf several levels: the mean of each level against the rest.",
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .sets = METRIC_USUAL | METRIC_RANKING,
    .value = value,
    .naive = naive,
    .interval = interval,
    .interval_name = "DeLong",
    .pair = pair,
    .pair_name = "DeLong",
};
