/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gini coefficient of a score, 2 AUC - 1: the accuracy ratio of the CAP curve. */
#include "measures/delong.h"

extern const Metric metric_auc;

static double value(const Scored *scored)
{
    return 2 * metric_auc.value(scored) - 1;
}

static bool interval(const Scored *scored, double level, Interval *out)
{
    if (!delong_interval(scored, level, out)) return false;
    *out = (Interval){ 2 * out->low - 1, 2 * out->high - 1 };
    return true;
}

static bool pair(const Scored *a, const Scored *b, double level, Paired *out)
{
    if (!delong_difference(a, b, level, out)) return false;
    out->value *= 2;
    out->interval = (Interval){ 2 * out->interval.low, 2 * out->interval.high };
    return true;
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_gini = {
    .kind = { .name = "gini", .help = "Gini coefficient, the accuracy ratio: 2 AUC - 1", .since = "1" },
    .targets = "b",
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
