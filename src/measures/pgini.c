/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Partial Gini (Lessmann, Baesens, Seow and Thomas 2015, EJOR 247:124): the Gini coefficient of the rows with
 * P(event) at most 0.4, where loans are accepted. */
#include <math.h>

#include "measures/scored.h"

extern const Metric metric_gini;

static const double LIMIT = 0.4;

/* Rows above the limit get no weight. */
static double value(const Scored *scored)
{
    if (!scored_is_probability(scored)) return NAN;
    double *weight = mem_get(scored->n, sizeof *weight, NULL), figure = NAN;
    if (weight) {
        Scored low = *scored;
        for (size_t i = 0; i < scored->n; i++)
            weight[i] = scored_event(scored, i) <= LIMIT ? scored_weight(scored, i) : 0;
        low.weight = weight;
        figure = metric_gini.value(&low);
    }
    mem_free(weight);
    return figure;
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_pgini = {
    .kind = { .name = "pgini",
              .help = "partial Gini: of the rows with P(event) up to 0.4",
              .more = "2 AUC - 1 of those rows alone (Lessmann and others 2015): where loans are accepted. "
                      "Missing where they are of one class, or a score is no probability.",
              .example = METRIC_EXAMPLE("pgini"),
              .since = "1" },
    .targets = "b",
    .up = true,
    .digits = 4,
    .sets = METRIC_RANKING,
    .value = value,
    .naive = naive,
};
