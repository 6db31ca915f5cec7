/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adagrad: v += g^2, w -= lr g / (sqrt(v) + eps), v from `start` on (Duchi, Hazan and Singer 2011, JMLR 12).
 * With start 0 the first step is lr times the sign of g. */
#include "model/optim.h"

#include <math.h>

enum { START, EPSILON };

static void step(const OptimStep *step)
{
    real start = (real)step->settings[START], epsilon = (real)step->settings[EPSILON];
    real *v = step->slots[0], lr = (real)step->lr;
    optim_decay(step);
    for (size_t i = 0; i < step->n; i++) {
        real g = step->g[i];
        v[i] += g * g;
        step->w[i] -= lr * (g / (REAL_SQRT(v[i] + start) + epsilon));
    }
}

static const OptionSpec options[] = {
    { .name = "start",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1e6,
      .help = "what the sums of squares begin with" },
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-10",
      .min = 0,
      .max = 1,
      .help = "keeps the division finite" },
};

const OptimizerKind optimizer_adagrad = {
    .kind = { .name = "adagrad",
              .help = "steps divided by the size of all gradients so far",
              .more = "v += g^2; w -= lr g / (sqrt(v) + eps). Duchi, Hazan and Singer 2011, JMLR 12.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=adagrad",
              .since = "1" },
    .lr = 0.01,
    .n_slots = 1,
    .step = step,
};
