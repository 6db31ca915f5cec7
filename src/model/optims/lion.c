/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lion: w -= lr (sign(b1 m + (1 - b1) g) + decay w), then m = b2 m + (1 - b2) g (Chen et al. 2023, NeurIPS,
 * algorithm 2). Every step is lr in each weight: the first is lr times the sign of g. */
#include "model/optim.h"

enum { BETA1, BETA2 };

static void step(const OptimStep *step)
{
    real b1 = (real)step->settings[BETA1], rest1 = (real)(1 - step->settings[BETA1]);
    real b2 = (real)step->settings[BETA2], rest2 = (real)(1 - step->settings[BETA2]);
    real *m = step->slots[0], lr = (real)step->lr;
    optim_decay(step);
    for (size_t i = 0; i < step->n; i++) {
        real g = step->g[i], way = b1 * m[i] + rest1 * g;
        step->w[i] -= lr * (way > 0 ? 1 : way < 0 ? -1 : way); /* what is not a number stays so */
        m[i] = b2 * m[i] + rest2 * g;
    }
}

static const OptionSpec options[] = {
    { .name = "beta1",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0.9",
      .min = 0,
      .max = 1,
      .help = "share of the mean of the gradients in a step's direction" },
    { .name = "beta2",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0.99",
      .min = 0,
      .max = 1,
      .help = "memory of the mean of the gradients" },
    { .name = "weight_decay",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1e3,
      .help = "w -= lr weight_decay w at each step" },
};

const OptimizerKind optimizer_lion = {
    .kind = { .name = "lion",
              .help = "steps of one size in every weight, by the sign of a mean of the gradients",
              .more = "w -= lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g. Half of adam's memory; wants "
                      "a rate 3 to "
                      "10 times smaller than adam's. Chen et al. 2023, NeurIPS.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=lion(weight_decay=0.1) lr=0.0003",
              .since = "1" },
    .lr = 0.0001,
    .decay_option = "weight_decay",
    .n_slots = 1,
    .step = step,
};
