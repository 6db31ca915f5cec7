/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Area under the precision-recall curve as average precision, sum (Rec_k - Rec_k-1) Prec_k over distinct
 * scores from the highest down: a step function, no trapezoids (Davis and Goadrich 2006). A constant score
 * has the base rate. */
#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

static double value(const Scored *scored)
{
    RankWalk walk;
    if (!rank_begin(&walk, scored, -1)) return NAN;
    double sum = 0;
    while (rank_next(&walk)) {
        double events = walk.positive_all - walk.positive_below;
        double others = walk.negative_all - walk.negative_below;
        if (walk.positive > 0) sum += walk.positive * events / (events + others);
    }
    sum /= walk.positive_all;
    rank_end(&walk);
    return sum;
}

const Metric metric_prauc = {
    .kind = { .name = "prauc",
              .help = "area under the precision-recall curve (average precision)",
              .more = "sum (Rec_k - Rec_k-1) Prec_k over distinct scores: steps, no trapezoids. A constant "
                      "score has the base rate.",
              .example = METRIC_EXAMPLE("prauc"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_RANKING,
    .value = value,
    .naive = scored_base_rate,
};
