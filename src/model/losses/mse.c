/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mse: mean squared error, (y - t)^2 averaged over the outputs; its gradient is 2 (y - t) / outputs.
 * For y = 1, t = 3: 4. */
#include "model/loss.h"

static double value(const LossBatch *batch)
{
    double total = 0;
    size_t n = batch->n_outputs;
    real scale = batch->scale / (real)n;
    for (size_t i = 0; i < batch->n; i++) {
        double sum = 0;
        real weight = batch->weight ? batch->weight[i] : 1;
        for (size_t j = 0; j < n; j++) {
            real e = batch->out[i * n + j] - loss_target(batch, i, j);
            sum += (double)e * (double)e;
            if (batch->gradient) batch->gradient[i * n + j] = 2 * scale * weight * e;
        }
        total += (double)weight * sum / (double)n;
    }
    return total;
}

const LossKind loss_mse = {
    .kind = { .name = "mse",
              .help = "mean squared error",
              .more = "(y - t)^2, averaged over outputs and rows.",
              .example =
                  "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                  "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 loss=mse",
              .since = "1" },
    .targets = "nbc",
    .shares = true,
    .value = value,
};
