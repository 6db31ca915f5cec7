/* SPDX-License-Identifier: GPL-3.0-or-later */
/* focal: FL = -a_t (1 - p_t)^gamma log p_t from the logit z of p = sigmoid(z); p_t = p and a_t = alpha for y
 * = 1, 1 - p and 1 - alpha for y = 0 (Lin et al. 2017, ICCV). dFL/dz = a_t (1 - p_t)^gamma (gamma p_t log p_t
 * + p_t - 1)(2 y - 1); a share y counts as y of the one and 1 - y of the other. For z = 0, y = 1, gamma 2,
 * alpha 0.25: 0.0433217. */
#include "model/loss.h"

#include <math.h>

enum { GAMMA, ALPHA };

/* Of one side: the loss and its slope by that side's logit, p = sigmoid(z). */
static double side(double z, double gamma, double *slope)
{
    double log_p = z < 0 ? z - log1p(exp(z)) : -log1p(exp(-z)), p = exp(log_p), rest = pow(1 - p, gamma);
    *slope = rest * (gamma * p * log_p + p - 1);
    return -rest * log_p;
}

static double value(const LossBatch *batch)
{
    double total = 0, gamma = batch->settings[GAMMA], alpha = batch->settings[ALPHA];
    for (size_t i = 0; i < batch->n; i++) {
        double z = (double)batch->out[i], y = (double)batch->target[i], up, down;
        double weight = batch->weight ? (double)batch->weight[i] : 1;
        double own = alpha * y * side(z, gamma, &up) + (1 - alpha) * (1 - y) * side(-z, gamma, &down);
        total += weight * own;
        batch->prediction[i] = (real)(z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z)));
        if (batch->gradient)
            batch->gradient[i] =
                (real)((double)batch->scale * weight * (alpha * y * up - (1 - alpha) * (1 - y) * down));
    }
    return total;
}

static const OptionSpec options[] = {
    { .name = "gamma",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL,
      .initial = "2",
      .min = 0,
      .max = 100,
      .help = "how little rows count that are well told already; 0: as bce" },
    { .name = "alpha",
      .type = OPTION_FRACTION,
      .flags = OPTION_POSITIONAL,
      .initial = "0.25",
      .min = 0,
      .max = 1,
      .help = "weight of the event; the other level has 1 - alpha" },
};

const LossKind loss_focal = {
    .kind = { .name = "focal",
              .help = "cross-entropy in which rows that are well told already count less (after sigmoid)",
              .more = "-a (1 - p)^gamma log p of the level that came. Not a proper score: calibrate what it "
                      "trains. Lin et "
                      "al. 2017, ICCV.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "loss=focal(gamma=1)",
              .since = "1" },
    .targets = "bn",
    .high = 1,
    .shares = true,
    .fused = "sigmoid",
    .value = value,
};
