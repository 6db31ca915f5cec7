/* SPDX-License-Identifier: GPL-3.0-or-later */
/* swish: y = x sigmoid(beta x). swish(1) = 0.7310586. */
#include "model/activation.h"

#include "numeric/vec.h"

enum { BLOCK = 256 };

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        for (size_t j = 0; j < count; j++) block[j] = alpha * x[i + j];
        vec_sigmoid(block, block, count);
        for (size_t j = 0; j < count; j++) y[i + j] = x[i + j] * block[j];
    }
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)y;
    real block[BLOCK];
    for (size_t i = 0, count; i < rows * n; i += count) {
        count = rows * n - i < BLOCK ? rows * n - i : BLOCK;
        for (size_t j = 0; j < count; j++) block[j] = alpha * x[i + j];
        vec_sigmoid(block, block, count);
        for (size_t j = 0; j < count; j++)
            dx[i + j] = dy[i + j] * block[j] * (1 + alpha * x[i + j] * (1 - block[j]));
    }
}

static const OptionSpec options[] = {
    { .name = "beta",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "1",
      .min = 0,
      .max = 100,
      .help = "steepness" },
};

const ActivationKind activation_swish = {
    .kind = { .name = "swish",
              .help = "y = x sigmoid(beta x)",
              .more = "Ramachandran et al. 2017; with beta 1 also called SiLU.",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 10\n  dense 32 swish\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .he = true,
    .needs_input = true,
};
