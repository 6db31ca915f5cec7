/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharpe: minus the Sharpe ratio of the batch, -m / d, d = sqrt(v + e), of the returns r = f y of positions
 * f, m their mean and v their variance, rows by weight (Moody and Saffell 2001, IEEE Trans. Neural Networks
 * 12). By r_i: -w_i / W (1 / d - m (r_i - m) / d^3), W the sum of weights; by f_i: y_i times that. A single
 * row has loss 0. For r = (0.1, 0.3), e = 0: -2. */
#include "model/loss.h"

#include <math.h>

enum { EPSILON };

typedef struct Moments {
    double weight, mean, variance;
} Moments;

static double weight_of(const LossBatch *batch, size_t i)
{
    return batch->weight ? (double)batch->weight[i] : 1;
}

static double earned(const LossBatch *batch, size_t i)
{
    return (double)batch->out[i] * (double)batch->target[i];
}

static Moments moments(const LossBatch *batch)
{
    Moments m = { 0 };
    for (size_t i = 0; i < batch->n; i++) {
        m.weight += weight_of(batch, i);
        m.mean += weight_of(batch, i) * earned(batch, i);
    }
    m.mean /= m.weight;
    for (size_t i = 0; i < batch->n; i++) {
        double e = earned(batch, i) - m.mean;
        m.variance += weight_of(batch, i) * e * e;
    }
    m.variance /= m.weight;
    return m;
}

static double value(const LossBatch *batch)
{
    Moments m = moments(batch);
    double n = (double)batch->n, spread = sqrt(m.variance + batch->settings[EPSILON]);
    bool alone = batch->n < 2 || !(m.weight > 0);
    for (size_t i = 0; batch->gradient && i < batch->n; i++) {
        double by_return = (1 - m.mean * (earned(batch, i) - m.mean) / (spread * spread)) / spread;
        double slope = -weight_of(batch, i) / m.weight * by_return * (double)batch->target[i];
        batch->gradient[i] = alone ? 0 : (real)((double)batch->scale * n * slope);
    }
    return alone ? 0 : -n * m.mean / spread;
}

static const OptionSpec options[] = {
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-10",
      .min = 0,
      .max = 1,
      .help = "added to the variance, so that the ratio stays finite" },
};

const LossKind loss_sharpe = {
    .kind = { .name = "sharpe",
              .help = "minus the Sharpe ratio of position times return, over the batch (after tanh)",
              .more = "The output is a position, the target the return that it earns: r = f y; the loss is "
                      "-mean(r) / "
                      "sqrt(var(r) + epsilon) over the rows of a batch, and over all rows in validation; a "
                      "row's period is "
                      "the unit, and nothing is annualised. Take large batches, or batch=time, since the "
                      "ratio of few "
                      "rows is noise. Costs are not counted. Moody and Saffell 2001, IEEE Trans. Neural "
                      "Networks 12.",
              KIND_OPTIONS(options),
              .example =
                  "simulate markov as r rows=1000 seed=1\nderive r before = lag(ret, 1)\n"
                  "drop r if ismissing(before)\ndrop r up\nrole r target=ret\nsplit r train=70% valid=30%\n"
                  "net trade\n  input r columns=before\n  dense 8 tanh\n  dense 1 tanh\nend\n"
                  "train trade epochs=2 batch=200 loss=sharpe",
              .since = "1" },
    .targets = "n",
    .joint = true,
    .value = value,
};
