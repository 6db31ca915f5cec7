/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sigmoid: y = 1 / (1 + e^-x); dx = dy y (1 - y). sigmoid(0) = 0.5. */
#include "model/activation.h"

#include "numeric/vec.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    vec_sigmoid(y, x, rows * n);
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    (void)alpha;
    vec_sigmoid_back(dx, dy, y, rows * n);
}

const ActivationKind activation_sigmoid = {
    .kind = { .name = "sigmoid",
              .help = "y = 1 / (1 + e^-x), in (0, 1)",
              .more = "The last layer of a net that predicts the probability of an event (loss bce).",
              .example = "net pd\n  input 10\n  dense 32 sigmoid\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .low = (real)0.01,
    .high = (real)0.99,
};
