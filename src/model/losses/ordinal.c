/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ordinal: -log p_t of ordered levels (cumulative.h), t the row's level, with b = c_(t+1) - s and a = c_t -
 * s: log(1 + e^-b) + log(1 + e^a) + log(1 + e^-z_(t+1)); the first level has the first term alone, the last
 * level the second (McCullagh 1980, J. R. Stat. Soc. B 42). By b: -sigmoid(-b); by a: sigmoid(a).
 * For z = (0, 0, 0), t = 1: 1.7917595. */
#include "model/loss.h"

#include "model/cumulative.h"

/* The loss of a row; slopes by its upper and lower cut, 0 where there is none, and by the gap's z. */
static double row_loss(const real *z, size_t n, size_t level, double slopes[3])
{
    double s = (double)z[0], cut = 0, loss = 0;
    slopes[0] = slopes[1] = slopes[2] = 0;
    for (size_t k = 0; k < level; k++) cut = cumulative_cut(z, k, cut);
    if (level > 0) {
        loss += cumulative_softplus(cut - s);
        slopes[1] = cumulative_sigmoid(cut - s);
    }
    if (level + 1 == n) return loss;
    double next = cumulative_cut(z, level, cut);
    if (level > 0) {
        loss += cumulative_softplus(-(double)z[level + 1]);
        slopes[2] = -cumulative_sigmoid(-(double)z[level + 1]);
    }
    slopes[0] = -cumulative_sigmoid(s - next);
    return loss + cumulative_softplus(s - next);
}

/* A cut moves with z_1 and with the gaps up to it. */
static void row_gradient(real *gradient, const real *z, size_t n, size_t level, const double slopes[3],
                         double scale)
{
    double both = slopes[0] + slopes[1];
    gradient[0] = (real)(-scale * both);
    for (size_t k = 1; k < n; k++) {
        double slope = k <= level ? both : k == level + 1 ? slopes[0] : 0;
        if (k > 1) slope *= cumulative_sigmoid((double)z[k]);
        if (k == level + 1) slope += slopes[2];
        gradient[k] = (real)(scale * slope);
    }
}

static double value(const LossBatch *batch)
{
    double total = 0, slopes[3];
    size_t n = batch->n_outputs;
    for (size_t i = 0; i < batch->n; i++) {
        const real *z = batch->out + i * n;
        size_t level = (size_t)batch->target[i];
        double weight = batch->weight ? (double)batch->weight[i] : 1;
        total += weight * row_loss(z, n, level, slopes);
        if (batch->gradient)
            row_gradient(batch->gradient + i * n, z, n, level, slopes, (double)batch->scale * weight);
        cumulative_row(batch->prediction + i * n, z, n); /* which may be z */
    }
    return total;
}

const LossKind loss_ordinal = {
    .kind = { .name = "ordinal",
              .help = "levels in an order, such as grades (after ordinal)",
              .more = "-log p of the level that came, where a score s and cuts c_1 < c_2 < ... give the "
                      "chance of a level "
                      "below k: sigmoid(c_k - s). The order is that of the target's levels as they sort: "
                      "name them so. End "
                      "the net with the layer `ordinal 5`, whose cuts are the same for all rows "
                      "(proportional odds), or "
                      "with `dense 5 ordinal`, whose cuts depend on the inputs. McCullagh 1980, J. R. Stat. "
                      "Soc. B 42.",
              .example =
                  "simulate uniform as t rows=400 columns=4 seed=1\n"
                  "derive t grade = ifelse(x1 + x2 < 0.7, \"A\", ifelse(x1 + x2 < 1.2, \"B\", \"C\"))\n"
                  "role t target=grade\nsplit t train=80% valid=20%\n"
                  "net grades\n  input t\n  dense 16 relu\n  ordinal 3\nend\ntrain grades epochs=2 "
                  "loss=ordinal",
              .since = "1" },
    .targets = "c",
    .fused = "ordinal",
    .value = value,
};
