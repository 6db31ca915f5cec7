/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rmsprop: v = rho v + (1 - rho) g^2, u = momentum u + g / (sqrt(v) + eps), w -= lr u (Tieleman and Hinton
 * 2012). The first step is lr / sqrt(1 - rho) times the sign of g. */
#include "model/optim.h"

#include <math.h>

enum { RHO, MOMENTUM, EPSILON };

static void step(const OptimStep *step)
{
    real rho = (real)step->settings[RHO], rest = (real)(1 - step->settings[RHO]);
    real momentum = (real)step->settings[MOMENTUM], epsilon = (real)step->settings[EPSILON];
    real *v = step->slots[0], *u = step->slots[1], lr = (real)step->lr;
    optim_decay(step);
    for (size_t i = 0; i < step->n; i++) {
        real g = step->g[i];
        v[i] = rho * v[i] + rest * (g * g);
        u[i] = momentum * u[i] + g / (REAL_SQRT(v[i]) + epsilon);
        step->w[i] -= lr * u[i];
    }
}

static const OptionSpec options[] = {
    { .name = "rho",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0.9",
      .min = 0,
      .max = 1,
      .help = "memory of the mean of squares" },
    { .name = "momentum",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0",
      .min = 0,
      .max = 1,
      .help = "share of the last step that is kept" },
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-8",
      .min = 0,
      .max = 1,
      .help = "keeps the division finite" },
};

const OptimizerKind optimizer_rmsprop = {
    .kind = { .name = "rmsprop",
              .help = "steps divided by a running size of the gradients",
              .more = "v = rho v + (1 - rho) g^2; u = momentum u + g / (sqrt(v) + eps); w -= lr u.\n"
                      "Tieleman and Hinton 2012, lecture 6.5.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=rmsprop",
              .since = "1" },
    .lr = 0.001,
    .n_slots = 2,
    .step = step,
};
