/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elu: y = x where x >= 0, else alpha (e^x - 1). elu(-1) = -0.6321206. */
#include "model/activation.h"

#include "numeric/vec.h"

enum { BLOCK = 256 };

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        vec_exp(block, x + i, count);
        for (size_t j = 0; j < count; j++) y[i + j] = x[i + j] < 0 ? alpha * (block[j] - 1) : x[i + j];
    }
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    for (size_t i = 0; i < rows * n; i++) dx[i] = y[i] < 0 ? dy[i] * (y[i] + alpha) : dy[i];
}

static const OptionSpec options[] = {
    { .name = "alpha",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "1",
      .min = 0,
      .max = 100,
      .help = "size of the negative limit" },
};

const ActivationKind activation_elu = {
    .kind = { .name = "elu",
              .help = "y = x, or alpha (e^x - 1) where x is negative",
              .more = "Clevert et al. 2016, ICLR.",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 10\n  dense 32 elu\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .he = true,
};
