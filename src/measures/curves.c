/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/curves.h"

#include <math.h>

#include "measures/rank.h"
#include "measures/scored.h"

size_t curve_steps(const Scored *scored, CurveStep *out)
{
    RankWalk walk;
    size_t n = 0;
    if (!rank_begin(&walk, scored, -1)) return 0;
    double all = walk.positive_all + walk.negative_all;
    while (rank_next(&walk)) {
        double events = walk.positive_all - walk.positive_below,
               others = walk.negative_all - walk.negative_below;
        out[n++] =
            (CurveStep){ scored_event(scored, walk.ranked[walk.at - 1].row), events / walk.positive_all,
                         others / walk.negative_all, (events + others) / all };
    }
    rank_end(&walk);
    out[n++] = (CurveStep){ INFINITY, 0, 0, 0 };
    for (size_t i = 0; i < n / 2; i++) {
        CurveStep step = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = step;
    }
    return n;
}
