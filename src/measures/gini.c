/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gini coefficient of a score, 2 AUC - 1: the accuracy ratio of the CAP curve. */
#include "measures/metric.h"

extern const Metric metric_auc;

static double value(const Scored *scored)
{
    return 2 * metric_auc.value(scored) - 1;
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
    .value = value,
    .naive = naive,
};
