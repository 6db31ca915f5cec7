/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adamw: adam with weight decay apart from the gradient, w -= lr decay w (Loshchilov and Hutter 2019, ICLR).
 * With g = 0, decay 0.01 and lr 0.1, w = 1 becomes 0.999. */
#include "model/optim.h"

#include <math.h>

#include "numeric/vec.h"

enum { BETA1, BETA2, EPSILON };

static void step(const OptimStep *step)
{
    const double *settings = step->settings;
    double t = (double)step->t;
    vec_adam(step->w, step->slots[0], step->slots[1], step->g, step->n, step->lr, settings[BETA1],
             settings[BETA2], settings[EPSILON], 1 - pow(settings[BETA1], t), 1 - pow(settings[BETA2], t),
             step->decay);
}

static const OptionSpec options[] = {
    { .name = "beta1",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0.9",
      .min = 0,
      .max = 1,
      .help = "memory of the mean of the gradients" },
    { .name = "beta2",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0.999",
      .min = 0,
      .max = 1,
      .help = "memory of the mean of their squares" },
    { .name = "epsilon",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1e-8",
      .min = 0,
      .max = 1,
      .help = "keeps the division finite" },
    { .name = "weight_decay",
      .type = OPTION_NUMBER,
      .initial = "0.01",
      .min = 0,
      .max = 1000,
      .help = "share of a weight taken off, times the learning rate" },
};

const OptimizerKind optimizer_adamw = {
    .kind = { .name = "adamw",
              .help = "adam with decoupled weight decay",
              .more = "As adam, and w -= lr weight_decay w on weights (not biases). Loshchilov and Hutter "
                      "2019, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=adamw(weight_decay=0.1)",
              .since = "1" },
    .lr = 0.001,
    .n_slots = 2,
    .decay_option = "weight_decay",
    .step = step,
};
