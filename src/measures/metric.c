/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of metrics, and what can be attained when the truth is known. */
#include "measures/metric.h"

#include <math.h>
#include <string.h>

#define METRIC(name) extern const Metric metric_##name;
#include "measures/metrics.def"
#undef METRIC

static const Kind *const metrics[] = {
#define METRIC(name) &metric_##name.kind,
#include "measures/metrics.def"
#undef METRIC
};

const MetricSettings judging_defaults = {
    .cutoff = NAN, .worst = 0.1, .false_negative = 1, .false_positive = 1
};

const KindList metric_kinds = { "metric", metrics, (int)(sizeof metrics / sizeof *metrics) };

double metric_no_naive(const Scored *scored)
{
    (void)scored;
    return NAN;
}

double metric_badness(const Metric *metric, double value)
{
    if (!metric) return value;
    if (metric->aims) return fabs(value - metric->aim);
    return metric->up ? -value : value;
}

bool metric_chooses(const Metric *metric, const char *word, Err *err)
{
    return !metric || !metric->of_rows || ERR(err, no_monitor, word, "it is the same whatever the forecasts");
}

const Metric *metric_find(const char *name)
{
    return (const Metric *)kind_find(&metric_kinds, name);
}

/* Metrics of two levels take a target between 0 and 1 as an expected label, so that the figure of p
 * judged by p itself is the best that any score can expect. */
double metric_attainable(const Metric *metric, char kind, const Scored *best)
{
    Scored scored = *best;
    if (!strchr(metric->targets, kind) || metric->is_test) return NAN;
    if (kind == 'n') return metric->of_mean ? metric->value(best) : NAN;
    scored.target = scored.score;
    return metric->value(&scored);
}

bool metric_unknown(const char *name, Span where, Err *err)
{
    const char *names[64];
    size_t n = 0;
    for (int i = 0; i < metric_kinds.n && n < 64; i++) names[n++] = metric_kinds.items[i]->name;
    ERR_AT(err, where, no_metric, name);
    return err_suggest(err, name, names, n);
}
