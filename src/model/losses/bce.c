/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bce: binary cross-entropy, from the logit z of p = sigmoid(z):
 * loss = max(z, 0) - z y + log(1 + e^-|z|); d loss / dz = p - y. y in [0, 1].
 * For z = 0, y = 1: 0.6931472. */
#include "model/loss.h"

#include "numeric/vec.h"

enum { BLOCK = 256 };

/* loss and p of n values; loss holds e^-|z| on the way. */
static void evaluate(const real *z, const real *y, size_t n, real *loss, real *p)
{
    real rest[BLOCK]; /* taken before p overwrites z */
    for (size_t i = 0; i < n; i++) loss[i] = z[i] < 0 ? z[i] : -z[i];
    vec_exp(loss, loss, n);
    for (size_t i = 0; i < n; i++) {
        rest[i] = (z[i] < 0 ? 0 : z[i]) - z[i] * y[i];
        real q = 1 / (1 + loss[i]);
        p[i] = z[i] < 0 ? loss[i] * q : q;
        loss[i] += 1;
    }
    vec_log(loss, loss, n);
    for (size_t i = 0; i < n; i++) loss[i] += rest[i];
}

/* y (1 - s) + s / 2 */
static const real *smoothed(const LossBatch *batch, size_t from, size_t n, real *own)
{
    const real *y = batch->target + from;
    if (batch->smoothing == 0) return y;
    for (size_t i = 0; i < n; i++) own[i] = y[i] * (1 - batch->smoothing) + batch->smoothing / 2;
    return own;
}

static double value(const LossBatch *batch)
{
    double total = 0;
    real loss[BLOCK], own[BLOCK];
    for (size_t from = 0, n; from < batch->n; from += n) {
        n = batch->n - from < BLOCK ? batch->n - from : BLOCK;
        const real *y = smoothed(batch, from, n, own);
        const real *w = batch->weight ? batch->weight + from : NULL;
        real *p = batch->prediction + from;
        evaluate(batch->out + from, y, n, loss, p);
        if (w)
            for (size_t i = 0; i < n; i++) loss[i] *= w[i];
        total += vec_sum(loss, n);
        if (!batch->gradient) continue;
        real *gradient = batch->gradient + from;
        for (size_t i = 0; i < n; i++) gradient[i] = batch->scale * (p[i] - y[i]);
        if (w)
            for (size_t i = 0; i < n; i++) gradient[i] *= w[i];
    }
    return total;
}

const LossKind loss_bce = {
    .kind = { .name = "bce",
              .help = "binary cross-entropy, for a probability (after sigmoid)",
              .more = "-(y log p + (1 - y) log(1 - p)), computed from the logit; y may be any share in "
                      "[0, 1].",
              .example =
                  "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                  "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 loss=bce",
              .since = "1" },
    .targets = "bn",
    .high = 1,
    .smooths = true,
    .shares = true,
    .fused = "sigmoid",
    .value = value,
};
