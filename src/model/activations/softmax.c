/* SPDX-License-Identifier: GPL-3.0-or-later */
/* softmax: y_j = e^x_j / sum_k e^x_k in each row; dx_j = y_j (dy_j - sum_k dy_k y_k).
 * softmax(0, log 3) = (0.25, 0.75). */
#include "model/activation.h"

#include "numeric/vec.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    vec_softmax(y, x, rows, n);
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)x;
    (void)alpha;
    for (size_t i = 0; i < rows; i++, dx += n, dy += n, y += n) {
        real dot = 0;
        for (size_t j = 0; j < n; j++) dot += dy[j] * y[j];
        for (size_t j = 0; j < n; j++) dx[j] = y[j] * (dy[j] - dot);
    }
}

const ActivationKind activation_softmax = {
    .kind = { .name = "softmax",
              .help = "probabilities that sum to 1 over the outputs",
              .more = "y_j = exp(x_j) / sum_k exp(x_k). The last layer of a net that chooses among levels "
                      "(loss cce).",
              .example = "net grade\n  input 10\n  dense 32 relu\n  dense 3 softmax\nend\nsummary grade",
              .since = "1" },
    .forward = forward,
    .backward = backward,
};
