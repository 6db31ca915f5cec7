/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leaky_relu: y = x where x >= 0, else slope x. leaky_relu(-2) = -0.02. */
#include "model/activation.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    for (size_t i = 0; i < rows * n; i++) y[i] = x[i] < 0 ? alpha * x[i] : x[i];
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    for (size_t i = 0; i < rows * n; i++) dx[i] = y[i] < 0 ? alpha * dy[i] : dy[i];
}

static const OptionSpec options[] = {
    { .name = "slope",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "0.01",
      .min = 0,
      .max = 1,
      .help = "gradient for negative x" },
};

const ActivationKind activation_leaky_relu = {
    .kind = { .name = "leaky_relu",
              .help = "y = x, or slope x where x is negative",
              .more = "Units do not die as with relu. Maas et al. 2013, ICML.",
              KIND_OPTIONS(options),
              .example = "net pd\n  input 10\n  dense 32 leaky_relu\n  dense 1 sigmoid\nend\nsummary pd",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .he = true,
};
