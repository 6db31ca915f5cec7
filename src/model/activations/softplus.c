/* SPDX-License-Identifier: GPL-3.0-or-later */
/* softplus: y = log(1 + e^x) = max(0, x) + log(1 + e^-|x|). softplus(0) = 0.6931472. */
#include "model/activation.h"

#include "numeric/vec.h"

enum { BLOCK = 256 };

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        for (size_t j = 0; j < count; j++) block[j] = x[i + j] < 0 ? x[i + j] : -x[i + j];
        vec_exp(block, block, count);
        for (size_t j = 0; j < count; j++) block[j] += 1;
        vec_log(block, block, count);
        for (size_t j = 0; j < count; j++) y[i + j] = (x[i + j] < 0 ? 0 : x[i + j]) + block[j];
    }
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)alpha;
    (void)y;
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        vec_sigmoid(block, x + i, count);
        for (size_t j = 0; j < count; j++) dx[i + j] = dy[i + j] * block[j];
    }
}

const ActivationKind activation_softplus = {
    .kind = { .name = "softplus",
              .help = "y = log(1 + e^x), always positive",
              .more = "For outputs that must be positive. Dugas et al. 2001, NIPS.",
              .example = "net pd\n  input 10\n  dense 32 softplus\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .needs_input = true,
};
