/* SPDX-License-Identifier: GPL-3.0-or-later */
/* swa: the plain mean of the weights at the end of each epoch from `start` on (Izmailov et al. 2018, UAI):
 * a = a + (w - a) / n. For weights 1, 2, 6: 1, 1.5, 3. */
#include "model/average.h"

enum { START };

static double share(const AveragePoint *point)
{
    return point->epoch >= point->settings[START] ? 1 / (double)point->n : 0;
}

static const OptionSpec options[] = {
    { .name = "start",
      .type = OPTION_INTEGER,
      .flags = OPTION_POSITIONAL,
      .initial = "1",
      .min = 1,
      .max = 1e9,
      .help = "the first epoch that counts, over all runs of train" },
};

const AverageKind average_swa = {
    .kind = { .name = "swa",
              .help = "mean of the weights at the end of each epoch, from one on",
              .more = "a = a + (w - a) / n. Before `start` the weights are their own average. Steps go on "
                      "from w, at a rate "
                      "that stays rather high; validation, keep=, save and predict use a, and so does train "
                      "without "
                      "average= afterwards. Running statistics of batchnorm are averaged alike (the paper "
                      "collects them anew). "
                      "Izmailov et al. 2018, UAI.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=4 "
                         "average=swa(start=2)",
              .since = "1" },
    .by_epoch = true,
    .share = share,
};
