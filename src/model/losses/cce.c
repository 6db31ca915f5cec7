/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cce: categorical cross-entropy, from the logits z of p = softmax(z), t the row's level:
 * loss = log(sum_k e^z_k) - z_t; d loss / dz_k = p_k - [k = t]. For z = (0, 0), t = 0: 0.6931472. Of a mixed
 * target its levels count by their shares. */
#include "model/loss.h"

#include <math.h>

#include "numeric/vec.h"

/* Writes p over the row and returns its loss. */
static double evaluate(const real *z, size_t n, size_t level, real *p)
{
    real largest = z[0], sum = 0, own = z[level]; /* taken before p overwrites z */
    for (size_t j = 1; j < n; j++) largest = z[j] > largest ? z[j] : largest;
    for (size_t j = 0; j < n; j++) p[j] = z[j] - largest;
    vec_exp(p, p, n);
    for (size_t j = 0; j < n; j++) sum += p[j];
    for (size_t j = 0; j < n; j++) p[j] /= sum;
    return log((double)sum) - (double)(own - largest);
}

/* Sum over levels of z_t - z_k: what a share of every level adds to the loss. */
static double distance(const real *z, size_t n, size_t level)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++) sum += (double)(z[level] - z[j]);
    return sum;
}

static double value(const LossBatch *batch)
{
    double total = 0;
    size_t n = batch->n_outputs;
    for (size_t i = 0; i < batch->n; i++) {
        size_t level = (size_t)batch->target[i];
        real *p = batch->prediction + i * n, weight = batch->weight ? batch->weight[i] : 1;
        real share = batch->smoothing / (real)n, rest = 1 - batch->smoothing;
        size_t other = batch->share ? (size_t)batch->other[i] : level;
        real part = batch->share ? (1 - batch->share[i]) * rest : 0; /* of the other level */
        const real *z = batch->out + i * n;
        double spread = share > 0 ? distance(z, n, level) : 0; /* both before p overwrites z */
        double apart = (double)part * (double)(z[level] - z[other]);
        total += (double)weight * (evaluate(z, n, level, p) + (double)share * spread + apart);
        if (!batch->gradient) continue;
        real *gradient = batch->gradient + i * n, scale = batch->scale * weight;
        for (size_t j = 0; j < n; j++) gradient[j] = scale * (p[j] - share);
        gradient[level] -= scale * (rest - part);
        gradient[other] -= scale * part;
    }
    return total;
}

const LossKind loss_cce = {
    .kind = { .name = "cce",
              .help = "categorical cross-entropy, for the probabilities of levels (after softmax)",
              .more = "-log p of the level that came, computed from the logits.",
              .example = "net grade\n  input 10\n  dense 32 relu\n  dense 3 softmax\nend\nsummary grade",
              .since = "1" },
    .targets = "c",
    .smooths = true,
    .shares = true,
    .fused = "softmax",
    .value = value,
};
