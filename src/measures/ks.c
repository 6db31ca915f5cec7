/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kolmogorov-Smirnov distance between the scores of both classes, max |F1(t) - F0(t)|, taken at
 * distinct scores only: a constant score has 0. Gaussian classes at distance D: 2 Phi(D / 2) - 1,
 * 0.3829 at D = 1. */
#include <math.h>

#include "measures/rank.h"

static double value(const Scored *scored)
{
    RankWalk walk;
    if (!rank_begin(&walk, scored, -1)) return NAN;
    double largest = 0;
    while (rank_next(&walk)) {
        double positive = (walk.positive_below + walk.positive) / walk.positive_all;
        double negative = (walk.negative_below + walk.negative) / walk.negative_all;
        largest = fmax(largest, fabs(positive - negative));
    }
    rank_end(&walk);
    return largest < 1e-15 ? 0 : largest; /* rounding of the last sum */
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_ks = {
    .kind = { .name = "ks",
              .help = "Kolmogorov-Smirnov distance between the scores of both classes",
              .more = "max |F1(t) - F0(t)|, at distinct scores only, so that ties do not depend on the "
                      "order of rows.",
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_USUAL | METRIC_RANKING,
    .value = value,
    .naive = naive,
};
