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

const KindList metric_kinds = { "metric", metrics, (int)(sizeof metrics / sizeof *metrics) };

const Metric *metric_find(const char *name)
{
    return (const Metric *)kind_find(&metric_kinds, name);
}

/* Metrics of two levels take a target between 0 and 1 as an expected label, so that the figure of p
 * judged by p itself is the best that any score can expect. */
double metric_attainable(const Metric *metric, char kind, const Scored *best)
{
    Scored scored = *best;
    if (!strchr(metric->targets, kind)) return NAN;
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
