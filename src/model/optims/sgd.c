/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sgd: v = momentum v + g, w -= lr v; with Nesterov's look-ahead w -= lr (g + momentum v)
 * (Polyak 1964; Sutskever et al. 2013, ICML). Without momentum, w = 1, g = 2, lr = 0.1 gives 0.8. */
#include "model/optim.h"

#include "numeric/vec.h"

enum { MOMENTUM, NESTEROV };

static void step(const OptimStep *step)
{
    double momentum = step->settings[MOMENTUM];
    optim_decay(step);
    vec_sgd(step->w, momentum > 0 ? step->slots[0] : NULL, step->g, step->n, step->lr, momentum,
            step->settings[NESTEROV] > 0);
}

static const OptionSpec options[] = {
    { .name = "momentum",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MAX,
      .initial = "0",
      .min = 0,
      .max = 1,
      .help = "share of the last step that is kept" },
    { .name = "nesterov",
      .type = OPTION_BOOL,
      .initial = "off",
      .help = "look ahead by one step of momentum" },
};

const OptimizerKind optimizer_sgd = {
    .kind = { .name = "sgd",
              .help = "plain gradient steps, with or without momentum",
              .more = "v = momentum v + g; w -= lr v, or lr (g + momentum v) with nesterov=on.\n"
                      "Polyak 1964; Sutskever et al. 2013, ICML.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "optimizer=sgd(momentum=0.9, nesterov=on) lr=0.05",
              .since = "1" },
    .lr = 0.01,
    .n_slots = 1,
    .step = step,
};
