/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear: y = x. */
#include "model/activation.h"

#include <string.h>

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    if (y != x) memcpy(y, x, rows * n * sizeof(real));
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)y;
    (void)x;
    (void)alpha;
    if (dx != dy) memcpy(dx, dy, rows * n * sizeof(real));
}

const ActivationKind activation_linear = {
    .kind = { .name = "linear",
              .help = "y = x",
              .more = "For the last layer of a net that predicts a number.",
              .example = "net price\n  input 10\n  dense 32 relu\n  dense 1 linear\nend\nsummary price",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .identity = true,
};
