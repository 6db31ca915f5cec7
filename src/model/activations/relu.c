/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relu: y = max(0, x); dx = dy where y > 0. relu(-2) = 0, relu(3) = 3; NaN stays NaN. */
#include "model/activation.h"

#include "numeric/vec.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    vec_relu(y, x, rows * n);
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    (void)alpha;
    vec_relu_back(dx, dy, y, rows * n);
}

const ActivationKind activation_relu = {
    .kind = { .name = "relu",
              .help = "y = max(0, x)",
              .more = "The usual choice for hidden layers. Nair and Hinton 2010, ICML.",
              .example = "net pd\n  input 10\n  dense 32 relu\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .he = true,
    .is_relu = true,
    .rectifies = true,
};
