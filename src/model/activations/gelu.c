/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gelu: y = x Phi(x), Phi the normal distribution. gelu(1) = 0.8413447. */
#include "model/activation.h"

#include "numeric/vec.h"

enum { BLOCK = 256 };
#define ROOT_HALF ((real)0.70710678118654752)
#define ROOT_2PI  ((real)0.39894228040143268) /* 1 / sqrt(2 pi) */

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        for (size_t j = 0; j < count; j++) block[j] = x[i + j] * ROOT_HALF;
        vec_erf(block, block, count);
        for (size_t j = 0; j < count; j++) y[i + j] = x[i + j] * (1 + block[j]) / 2;
    }
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)alpha;
    (void)y;
    real block[BLOCK], density[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        for (size_t j = 0; j < count; j++) block[j] = x[i + j] * ROOT_HALF;
        vec_erf(block, block, count);
        for (size_t j = 0; j < count; j++) density[j] = -x[i + j] * x[i + j] / 2;
        vec_exp(density, density, count);
        for (size_t j = 0; j < count; j++)
            dx[i + j] = dy[i + j] * ((1 + block[j]) / 2 + x[i + j] * density[j] * ROOT_2PI);
    }
}

const ActivationKind activation_gelu = {
    .kind = { .name = "gelu",
              .help = "y = x times the normal distribution of x",
              .more = "y = x (1 + erf(x / sqrt 2)) / 2. Hendrycks and Gimpel 2016.",
              .example = "net pd\n  input 10\n  dense 32 gelu\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .he = true,
    .needs_input = true,
};
