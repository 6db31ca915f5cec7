/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Share of rows whose predicted level is right: of two levels the event from the cut-off on, of
 * several the one with the largest probability (the first of equal ones). */
#include <math.h>

#include "measures/cells.h"
#include "measures/rates.h"
#include "measures/scored.h"

static double level_term(const Scored *scored, size_t row)
{
    int said = cells_predicted(scored, row, NAN);
    return said < 0 ? NAN : scored->target[row] == said;
}

static double value(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return scored_mean(scored, level_term);
    if (!cells_of(scored, &cells)) return NAN;
    return (cells.tp + cells.tn) / (cells.tp + cells.fp + cells.fn + cells.tn);
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    double n = (double)scored->n, right = round(value(scored) * n);
    for (size_t i = 0; i < scored->n; i++)
        if (scored_weight(scored, i) != 1) return false;
    if (scored_has_two_levels(scored) && !scored_is_plain(scored)) return false;
    return !isnan(right) && wilson_interval(right, n, level, out);
}

/* McNemar's, of rows that one has right and the other not. */
static bool pair(const Scored *a, const Scored *b, double level, Paired *out)
{
    bool two = scored_has_two_levels(a);
    double cutoff_a = two ? cells_cutoff(a) : 0, cutoff_b = two ? cells_cutoff(b) : 0, only_a = 0, only_b = 0;
    if (isnan(cutoff_a) || isnan(cutoff_b) || a->n == 0 || (two && !scored_is_plain(a))) return false;
    for (size_t i = 0; i < a->n; i++) {
        bool right_a = cells_predicted(a, i, cutoff_a) == a->target[i];
        bool right_b = cells_predicted(b, i, cutoff_b) == b->target[i];
        if (scored_weight(a, i) != 1) return false;
        only_a += right_a && !right_b;
        only_b += right_b && !right_a;
    }
    mcnemar_difference(only_a, only_b, (double)a->n, level, out);
    return true;
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
              .help = "share of rows whose level is predicted right",
              .more = "At a cut-off of 0.5 unless cutoff= or cost= says otherwise. To be read beside the "
                      "share of the majority class. Missing where a score is no probability and no cut-off "
                      "is given.",
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .sets = METRIC_USUAL | METRIC_CUTOFF,
    .value = value,
    .naive = naive,
    .interval = interval,
    .interval_name = "Wilson",
    .pair = pair,
    .pair_name = "McNemar",
};
