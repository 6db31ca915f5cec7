/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selu: y = s x where x >= 0, else s a (e^x - 1), s = 1.0507, a = 1.6733. selu(1) = 1.0507010. */
#include "model/activation.h"

#include "numeric/vec.h"

enum { BLOCK = 256 };
#define SCALE ((real)1.0507009873554805)
#define ALPHA ((real)1.6732632423543772)

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        vec_exp(block, x + i, count);
        for (size_t j = 0; j < count; j++)
            y[i + j] = SCALE * (x[i + j] < 0 ? ALPHA * (block[j] - 1) : x[i + j]);
    }
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)alpha;
    (void)x;
    for (size_t i = 0; i < rows * n; i++) dx[i] = dy[i] * (y[i] < 0 ? y[i] + SCALE * ALPHA : SCALE);
}

const ActivationKind activation_selu = {
    .kind = { .name = "selu",
              .help = "self-normalising elu",
              .more =
                  "y = s x, or s a (e^x - 1) where x is negative; s = 1.0507, a = 1.6733. Use init=lecun.\n"
                  "Klambauer et al. 2017, NIPS.",
              .example = "net pd\n  input 10\n  dense 32 selu\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
};
