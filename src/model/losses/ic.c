/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ic: minus the information coefficient: Pearson's correlation of score f and target y within a date,
 * averaged over the dates of the batch (Grinold and Kahn 2000, Active Portfolio Management, ch. 6).
 * corr = c / (d u), c the covariance, d = sqrt(var f + e), u = sqrt(var y), rows by weight;
 * by f_i: w_i / W ((y_i - mean y) / u - corr (f_i - mean f) / d) / d. A date with one row, or whose targets
 * are all the same, says nothing and does not count. For f = (1, 2, 3), y = (1, 3, 2), e = 0: -0.5. */
#include "model/loss.h"

#include <math.h>

enum { EPSILON };

typedef struct Date {
    size_t from, to;
    double weight, mean_f, mean_y, var_f, var_y, cov;
} Date;

static double weight_of(const LossBatch *batch, size_t i)
{
    return batch->weight ? (double)batch->weight[i] : 1;
}

/* Date g of the batch; the whole batch where it has no dates. */
static Date date_of(const LossBatch *batch, size_t g)
{
    const uint32_t *starts = batch->starts;
    Date d = { .to = batch->n };
    if (starts) d.from = starts[g] - starts[0], d.to = starts[g + 1] - starts[0];
    for (size_t i = d.from; i < d.to; i++) {
        double w = weight_of(batch, i);
        d.weight += w;
        d.mean_f += w * (double)batch->out[i];
        d.mean_y += w * (double)batch->target[i];
    }
    d.mean_f /= d.weight;
    d.mean_y /= d.weight;
    for (size_t i = d.from; i < d.to; i++) {
        double w = weight_of(batch, i) / d.weight;
        double f = (double)batch->out[i] - d.mean_f, y = (double)batch->target[i] - d.mean_y;
        d.var_f += w * f * f;
        d.var_y += w * y * y;
        d.cov += w * f * y;
    }
    return d;
}

static bool counts(const Date *d)
{
    return d->to - d->from > 1 && d->weight > 0 && d->var_y > 0;
}

/* Its correlation; the gradient of minus it times `scale`. */
static double correlate(const LossBatch *batch, const Date *d, double scale)
{
    double spread = sqrt(d->var_f + batch->settings[EPSILON]), size = sqrt(d->var_y);
    double correlation = d->cov / (spread * size);
    for (size_t i = d->from; batch->gradient && i < d->to; i++) {
        double f = (double)batch->out[i] - d->mean_f, y = (double)batch->target[i] - d->mean_y;
        double slope = (y / size - correlation * f / spread) / spread;
        batch->gradient[i] = (real)(-scale * weight_of(batch, i) / d->weight * slope);
    }
    return correlation;
}

static double value(const LossBatch *batch)
{
    size_t n_dates = batch->starts ? batch->n_starts : 1;
    double n = (double)batch->n, sum = 0, counted = 0;
    for (size_t i = 0; batch->gradient && i < batch->n; i++) batch->gradient[i] = 0;
    for (size_t g = 0; g < n_dates; g++) {
        Date d = date_of(batch, g);
        counted += counts(&d);
    }
    for (size_t g = 0; g < n_dates && counted > 0; g++) {
        Date d = date_of(batch, g);
        if (counts(&d)) sum += correlate(batch, &d, (double)batch->scale * n / counted);
    }
    if (batch->mass) *batch->mass = counted;
    return counted > 0 ? -n * sum / counted : 0;
}

static const OptionSpec options[] = {
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-8",
      .min = 0,
      .max = 1,
      .help = "added to the variance of scores, so that the correlation of equal scores is 0" },
};

const LossKind loss_ic = {
    .kind = { .name = "ic",
              .help = "minus the correlation of score and target within each date (needs batch=time)",
              .more = "The mean over dates of Pearson's correlation across a date's rows: only the order and "
                      "spacing of "
                      "scores within a date matter, so their level and scale are free. Dates with one row, "
                      "or with one "
                      "value of the target, do not count. Grinold and Kahn 2000, Active Portfolio "
                      "Management, ch. 6.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=1000 seed=1\nderive loans y = x1 - x2\n"
                  "role loans target=y time=month\ndrop loans default\nsplit loans train=60% valid=40%\n"
                  "net rank\n  input loans columns=x1,x2,x3\n  dense 8 tanh\n  dense 1\nend\n"
                  "train rank epochs=2 batch=time loss=ic",
              .since = "1" },
    .targets = "n",
    .joint = true,
    .by_date = true,
    .value = value,
};
