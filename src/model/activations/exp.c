/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exp: y = e^x, dx = dy y. exp(0) = 1. */
#include "model/activation.h"

#include "numeric/vec.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    vec_exp(y, x, rows * n);
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    (void)alpha;
    for (size_t i = 0; i < rows * n; i++) dx[i] = dy[i] * y[i];
}

const ActivationKind activation_exp = {
    .kind = { .name = "exp",
              .help = "y = e^x, for a rate: the net's own output is its logarithm",
              .more = "The last layer of a net for counts (loss poisson).",
              .example = "net claims\n  input 10\n  dense 32 relu\n  dense 1 exp\nend\nsummary claims",
              .since = "1" },
    .forward = forward,
    .backward = backward,
};
