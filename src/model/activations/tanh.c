/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tanh: y = tanh x; dx = dy (1 - y^2). tanh(1) = 0.7615942. */
#include "model/activation.h"

#include "numeric/vec.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    vec_tanh(y, x, rows * n);
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    (void)alpha;
    vec_tanh_back(dx, dy, y, rows * n);
}

const ActivationKind activation_tanh = {
    .kind = { .name = "tanh",
              .help = "y = tanh x, in (-1, 1)",
              .more = "y = (e^x - e^-x) / (e^x + e^-x). Gradients fade where |x| is large.",
              .example = "net pd\n  input 10\n  dense 32 tanh\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .low = (real)-0.99,
    .high = (real)0.99,
};
