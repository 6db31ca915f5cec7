/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poisson: negative log-likelihood of a count y whose rate is e^z, without log y!, which no weight moves:
 * e^z - y z; by z: e^z - y (McCullagh and Nelder 1989, Generalized Linear Models, ch. 6; PyTorch's
 * PoissonNLLLoss with log_input). For z = 0, y = 2: 1. */
#include "model/loss.h"

#include <math.h>

static double value(const LossBatch *batch)
{
    double total = 0;
    for (size_t i = 0; i < batch->n; i++) {
        double z = (double)batch->out[i], y = (double)batch->target[i], rate = exp(z);
        double weight = batch->weight ? (double)batch->weight[i] : 1;
        total += weight * (rate - y * z);
        batch->prediction[i] = (real)rate;
        if (batch->gradient) batch->gradient[i] = (real)((double)batch->scale * weight * (rate - y));
    }
    return total;
}

const LossKind loss_poisson = {
    .kind = { .name = "poisson",
              .help = "counts and rates: the likelihood of Poisson's law (after exp)",
              .more =
                  "e^z - y z, from the logarithm z of the rate e^z that the net gives (log y! is left out, "
                  "as no weight moves "
                  "it). The target is 0 or more. McCullagh and Nelder 1989, Generalized Linear Models, ch. "
                  "6.",
              .example = "simulate uniform as t rows=400 columns=4 seed=1\nderive t count = round(3 * x1)\n"
                         "role t target=count\nsplit t train=80% valid=20%\n"
                         "net claims\n  input t\n  dense 16 relu\n  dense 1 exp\nend\ntrain claims epochs=2 "
                         "loss=poisson",
              .since = "1" },
    .targets = "n",
    .high = INFINITY,
    .fused = "exp",
    .value = value,
};
