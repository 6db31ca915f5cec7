/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adam: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) +
 * eps) (Kingma and Ba 2015, ICLR). The first step is lr times the sign of g. */
#include "model/optim.h"

#include <math.h>

#include "model/optims/moments.h"
#include "numeric/vec.h"

void adam_step(const OptimStep *step)
{
    const double *settings = step->settings;
    double t = (double)step->t;
    vec_adam(step->w, step->slots[0], step->slots[1], step->g, step->n, step->lr, settings[BETA1],
             settings[BETA2], settings[EPSILON], 1 - pow(settings[BETA1], t), 1 - pow(settings[BETA2], t),
             step->decay);
}

static const OptionSpec options[] = {
    MOMENT_OPTIONS,
};

const OptimizerKind optimizer_adam = {
    .kind = { .name = "adam",
              .help = "step sizes by weight, from the first two moments of the gradients",
              .more = "m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;\n"
                      "w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps). Kingma and Ba 2015, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=adam(beta2=0.99)",
              .since = "1" },
    .lr = 0.001,
    .n_slots = 2,
    .step = adam_step,
};
