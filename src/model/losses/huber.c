/* SPDX-License-Identifier: GPL-3.0-or-later */
/* huber: e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), e = y - t (Huber 1964).
 * For e = 2, delta = 1: 1.5. */
#include "model/loss.h"

static double value(const LossBatch *batch)
{
    double total = 0;
    size_t n = batch->n_outputs;
    real scale = batch->scale / (real)n, delta = batch->alpha;
    for (size_t i = 0; i < batch->n; i++) {
        double sum = 0;
        real weight = batch->weight ? batch->weight[i] : 1;
        for (size_t j = 0; j < n; j++) {
            real e = batch->out[i * n + j] - loss_target(batch, i, j);
            real size = e < 0 ? -e : e, near = size < delta ? size : delta;
            sum += (double)(near * (size - near / 2));
            if (batch->gradient) batch->gradient[i * n + j] = scale * weight * (e < 0 ? -near : near);
        }
        total += (double)weight * sum / (double)n;
    }
    return total;
}

static const OptionSpec options[] = {
    { .name = "delta",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "1",
      .min = 0,
      .max = 1e12,
      .help = "size of an error from which on it counts linearly" },
};

const LossKind loss_huber = {
    .kind = { .name = "huber",
              .help = "squared near the target, absolute far from it",
              .more = "e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2). Huber 1964, Ann. Math. "
                      "Stat. 35.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "loss=huber(delta=0.5)",
              .since = "1" },
    .targets = "nbc",
    .shares = true,
    .value = value,
};
