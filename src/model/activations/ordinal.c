/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ordinal: probabilities of ordered levels from a score, a first cut and gaps between cuts (cumulative.h).
 * With S(x) = sigmoid'(c_k - s), by cut: d_k = S (dp_(k-1) - dp_k); by the score: -sum d; by z_1: sum d;
 * by z_k: sigmoid(z_k) sum over j >= k of d_j. For z = (0, 0, 0): 0.5, 0.1666667, 0.3333333. */
#include "model/activation.h"

#include "model/cumulative.h"

static void forward(real *y, const real *x, size_t rows, size_t n, real alpha)
{
    (void)alpha;
    for (size_t i = 0; i < rows; i++) cumulative_row(y + i * n, x + i * n, n);
}

/* From the last cut down: dx may be dy, or z. */
static void row_backward(real *dx, const real *dy, const real *z, size_t n)
{
    double s = (double)z[0], cut = 0, sum = 0;
    for (size_t k = 0; k + 1 < n; k++) cut = cumulative_cut(z, k, cut);
    for (size_t k = n - 1; k > 0; k--) {
        double gap = (double)z[k], slope = cumulative_sigmoid(cut - s) * cumulative_sigmoid(s - cut);
        sum += slope * ((double)dy[k - 1] - (double)dy[k]);
        dx[k] = (real)(k > 1 ? sum * cumulative_sigmoid(gap) : sum);
        cut -= cumulative_softplus(gap);
    }
    dx[0] = (real)-sum;
}

static void backward(real *dx, const real *dy, const real *y, const real *x, size_t rows, size_t n,
                     real alpha)
{
    (void)y;
    (void)alpha;
    for (size_t i = 0; i < rows; i++) row_backward(dx + i * n, dy + i * n, x + i * n, n);
}

const ActivationKind activation_ordinal = {
    .kind = { .name = "ordinal",
              .help = "probabilities of ordered levels that sum to 1, from a score and cuts",
              .more =
                  "The first of K values is a score s, the second a cut c_1, and the others make gaps: "
                  "c_k = c_(k-1) + log(1 + e^z_k). The level is below k with probability sigmoid(c_k - s). "
                  "After dense the cuts depend on the inputs as the score does (a generalised ordered logit: "
                  "Williams "
                  "2006, Stata Journal 6); the layer ordinal shares them. Loss ordinal.",
              .example = "net grade\n  input 10\n  dense 32 relu\n  dense 5 ordinal\nend\nsummary grade",
              .since = "1" },
    .forward = forward,
    .backward = backward,
    .needs_input = true,
};
