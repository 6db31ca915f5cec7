/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ema: a = d a + (1 - d) w after each step, divided by 1 - d^n, so that the first weights leave no trace
 * (Polyak and Juditsky 1992, SIAM J. Control Optim. 30; Kingma and Ba 2015, ICLR, section 7.2): the n-th
 * weights have the share (1 - d) / (1 - d^n). For d = 0.5 and weights 1, 2: 1, 1.6666667. */
#include "model/average.h"

#include <math.h>

enum { DECAY };

static double share(const AveragePoint *point)
{
    double decay = point->settings[DECAY];
    return (1 - decay) / (1 - pow(decay, (double)point->n));
}

static const OptionSpec options[] = {
    { .name = "decay",
      .type = OPTION_FRACTION,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MAX,
      .initial = "0.999",
      .min = 0,
      .max = 1,
      .help = "memory of the average, a step: it looks back over about 1 / (1 - decay) steps" },
};

const AverageKind average_ema = {
    .kind = { .name = "ema",
              .help = "exponential moving average of the weights after each step",
              .more = "a = d a + (1 - d) w, freed from its start by 1 / (1 - d^n). Steps go on from w; "
                      "validation, keep=, "
                      "save and predict use a, and so does train without average= afterwards. Running "
                      "statistics of "
                      "batchnorm are averaged alike. Polyak and Juditsky 1992, SIAM J. Control Optim. 30; "
                      "Kingma and Ba "
                      "2015, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "average=ema(0.99)",
              .since = "1" },
    .share = share,
};
