/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nadam: adam with Nesterov's look-ahead (Dozat 2016, ICLR workshop), without a schedule of b1:
 * w -= lr (b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
 * The first step is lr (b1 / (1 + b1) + 1) times the sign of g. */
#include "model/optim.h"

#include <math.h>

#include "model/optims/moments.h"

static void step(const OptimStep *step)
{
    double b1 = step->settings[BETA1], b2 = step->settings[BETA2], t = (double)step->t;
    real ahead = (real)(b1 / (1 - pow(b1, t + 1))), now = (real)((1 - b1) / (1 - pow(b1, t)));
    real unbias = (real)(1 / sqrt(1 - pow(b2, t))), epsilon = (real)step->settings[EPSILON];
    real keep1 = (real)b1, keep2 = (real)b2, rest1 = (real)(1 - b1), rest2 = (real)(1 - b2);
    real *m = step->slots[0], *v = step->slots[1], lr = (real)step->lr;
    optim_decay(step);
    for (size_t i = 0; i < step->n; i++) {
        real g = step->g[i];
        m[i] = keep1 * m[i] + rest1 * g;
        v[i] = keep2 * v[i] + rest2 * (g * g);
        step->w[i] -= lr * (ahead * m[i] + now * g) / (REAL_SQRT(v[i]) * unbias + epsilon);
    }
}

static const OptionSpec options[] = {
    MOMENT_OPTIONS,
};

const OptimizerKind optimizer_nadam = {
    .kind = { .name = "nadam",
              .help = "adam with look-ahead",
              .more = "m, v as in adam; w -= lr (b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)) / (sqrt(v "
                      "/ (1 - b2^t)) + eps).\n"
                      "Dozat 2016, ICLR workshop.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=nadam",
              .since = "1" },
    .lr = 0.001,
    .n_slots = 2,
    .step = step,
};
