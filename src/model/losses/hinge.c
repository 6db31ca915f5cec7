/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hinge: max(0, 1 - s z), s = 2 y - 1, z the logit of p = sigmoid(z); by z: -s where s z < 1, else 0 (Cortes
 * and Vapnik 1995, Machine Learning 20). Squared: its square; by z: -2 s max(0, 1 - s z).
 * For z = 0.25, y = 1: 0.75, squared 0.5625. */
#include "model/loss.h"

#include <math.h>

enum { SQUARED };

static double value(const LossBatch *batch)
{
    double total = 0;
    bool squared = batch->settings[SQUARED] > 0;
    for (size_t i = 0; i < batch->n; i++) {
        double z = (double)batch->out[i], side = 2 * (double)batch->target[i] - 1, short_of = 1 - side * z;
        double weight = batch->weight ? (double)batch->weight[i] : 1;
        double own = short_of < 0 ? 0 : short_of; /* a z that is not a number stays one */
        double slope = squared ? -2 * side * own : own > 0 ? -side : 0;
        total += weight * (squared ? own * own : own);
        batch->prediction[i] = (real)(z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z)));
        if (batch->gradient) batch->gradient[i] = (real)((double)batch->scale * weight * slope);
    }
    return total;
}

static const OptionSpec options[] = {
    { .name = "squared", .type = OPTION_BOOL, .initial = "off", .help = "the square of it, which is smooth" },
};

const LossKind loss_hinge = {
    .kind = { .name = "hinge",
              .help = "the margin of a support vector machine, by the logit (after sigmoid)",
              .more = "max(0, 1 - s z), s = 1 for the event and -1 elsewhere, z the logit. The score "
                      "sigmoid(z) is 1/2 "
                      "on the border and ranks as z does, but is no probability: calibrate it. Cortes and "
                      "Vapnik 1995, "
                      "Machine Learning 20.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net svm\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain svm epochs=2 "
                         "loss=hinge(squared=on)",
              .since = "1" },
    .targets = "bn",
    .high = 1,
    .fused = "sigmoid",
    .value = value,
};
