/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lift at q: the event rate among the worst q of the rows over the event rate of all, capture / q. */
#include "measures/scored.h"

extern const Metric metric_capture;

static double value(const Scored *scored)
{
    return metric_capture.value(scored) / scored_settings(scored)->worst;
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 1;
}

const Metric metric_lift = {
    .kind = { .name = "lift",
              .help = "event rate among the worst 10% of the rows (or worst=), over that of all",
              .more = "capture / worst. The gains verb shows it for every band.",
              .example = METRIC_EXAMPLE("lift,capture worst=5%"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_RANKING,
    .value = value,
    .naive = naive,
};
