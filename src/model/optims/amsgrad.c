/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amsgrad: adam whose step sizes never grow: m and v as in adam, u = max(u, v),
 * w -= lr (m / (1 - b1^t)) / (sqrt(u / (1 - b2^t)) + eps) (Reddi, Kale and Kumar 2018, ICLR, with adam's
 * corrections as in PyTorch). The first step is lr times the sign of g. */
#include "model/optim.h"

#include <math.h>

#include "model/optims/moments.h"

static void step(const OptimStep *step)
{
    double b1 = step->settings[BETA1], b2 = step->settings[BETA2], t = (double)step->t;
    real rate = (real)(step->lr / (1 - pow(b1, t))), unbias = (real)(1 / sqrt(1 - pow(b2, t)));
    real keep1 = (real)b1, keep2 = (real)b2, rest1 = (real)(1 - b1), rest2 = (real)(1 - b2);
    real *m = step->slots[0], *v = step->slots[1], *u = step->slots[2],
         epsilon = (real)step->settings[EPSILON];
    optim_decay(step);
    for (size_t i = 0; i < step->n; i++) {
        real g = step->g[i];
        m[i] = keep1 * m[i] + rest1 * g;
        v[i] = keep2 * v[i] + rest2 * (g * g);
        u[i] = u[i] > v[i] ? u[i] : v[i];
        step->w[i] -= rate * m[i] / (REAL_SQRT(u[i]) * unbias + epsilon);
    }
}

static const OptionSpec options[] = {
    MOMENT_OPTIONS,
};

const OptimizerKind optimizer_amsgrad = {
    .kind = { .name = "amsgrad",
              .help = "adam whose step sizes by weight never grow",
              .more =
                  "m, v as in adam; u = max(u, v); w -= lr (m / (1 - b1^t)) / (sqrt(u / (1 - b2^t)) + eps).\n"
                  "What other programs call adam with amsgrad on. Reddi, Kale and Kumar 2018, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=amsgrad",
              .since = "1" },
    .lr = 0.001,
    .n_slots = 3,
    .step = step,
};
