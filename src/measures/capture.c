/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture rate: the share of all events among the worst q of the rows, those with the highest scores. Of
 * equal scores at the border each row counts by the share of them that is inside. */
#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    RankWalk walk;
    if (!rank_begin(&walk, scored, -1)) return NAN;
    double all = walk.positive_all + walk.negative_all, outside = (1 - scored_settings(scored)->worst) * all;
    double missed = 0;
    while (rank_next(&walk)) {
        double below = walk.positive_below + walk.negative_below, here = walk.positive + walk.negative;
        if (below >= outside) break;
        if (here > 0) missed += walk.positive * fmin(1, (outside - below) / here);
    }
    double share = 1 - missed / walk.positive_all;
    rank_end(&walk);
    return share;
}

static double naive(const Scored *scored)
{
    return scored_settings(scored)->worst;
}

const Metric metric_capture = {
    .kind = { .name = "capture",
              .help = "share of all events among the worst 10% of the rows (or worst=)",
              .more =
                  "The rows with the highest scores; of equal scores at the border each counts by the share "
                  "of them that is inside.",
              .example = METRIC_EXAMPLE("capture worst=20%"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_RANKING,
    .value = value,
    .naive = naive,
};
