/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mae: mean absolute error, |y - t| averaged over the outputs; its gradient is the sign of y - t.
 * For y = 1, t = 3: 2. */
#include "model/loss.h"

#include <math.h>

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
            sum += fabs((double)e);
            if (batch->gradient) batch->gradient[i * n + j] = scale * weight * (real)((e > 0) - (e < 0));
        }
        total += (double)weight * sum / (double)n;
    }
    return total;
}

const LossKind loss_mae = {
    .kind = { .name = "mae",
              .help = "mean absolute error",
              .more = "|y - t|, averaged over outputs and rows: the median is its best constant.",
              .example =
                  "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                  "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 loss=mae",
              .since = "1" },
    .targets = "nbc",
    .shares = true,
    .value = value,
};
