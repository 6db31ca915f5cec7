/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discriminant power (Blakeley and Oddone 1995), sqrt(3) / pi (ln(TPR / (1 - TNR)) + ln(TNR / (1 - TPR))):
 * below 1 poor, above 3 good. Infinite, so missing, where a rate is 1. */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double power(const Cells *cells)
{
    double odds = cells->tp / cells->fp * (cells->tn / cells->fn); /* TPR / FPR * TNR / FNR */
    double dp = sqrt(3) / acos(-1) * log(odds);
    return isfinite(dp) ? dp : NAN;
}

static double value(const Scored *scored)
{
    Cells cells;
    return cells_of(scored, &cells) ? power(&cells) : NAN;
}

const Metric metric_dp = {
    .kind = { .name = "dp",
              .help = "discriminant power of the cut-off",
              .more = "sqrt(3)/pi (ln(TPR/(1-TNR)) + ln(TNR/(1-TPR))): below 1 poor, above 3 good. Missing "
                      "where a rate is 0 or 1. The cut-off is 0.5 unless cutoff= or cost= says otherwise.",
              .example = METRIC_EXAMPLE("dp"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = metric_no_naive,
};
