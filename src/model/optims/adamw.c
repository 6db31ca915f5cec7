/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adamw: adam with weight decay apart from the gradient, w -= lr decay w (Loshchilov and Hutter 2019, ICLR).
 * With g = 0, decay 0.01 and lr 0.1, w = 1 becomes 0.999. */
#include "model/optims/moments.h"

static const OptionSpec options[] = {
    MOMENT_OPTIONS,
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
    .step = adam_step,
};
