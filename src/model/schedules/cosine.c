/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cosine: min + (1 - min) (1 + cos(pi x)) / 2, x from 0 to 1 over the run after a linear warm-up
 * (Loshchilov and Hutter 2017, ICLR). Half-way it is (1 + min) / 2. */
#include "model/schedule.h"

#include <math.h>

enum { MIN, WARMUP };

static double factor(const SchedulePoint *point)
{
    double low = point->settings[MIN], warmup = point->settings[WARMUP];
    if (point->epoch < warmup) return point->epoch / warmup;
    double x = (point->epoch - warmup) / fmax(point->epochs - warmup, 1e-9);
    return low + (1 - low) * (1 + cos(M_PI * fmin(x, 1))) / 2;
}

static const OptionSpec options[] = {
    { .name = "min",
      .type = OPTION_FRACTION,
      .initial = "0",
      .min = 0,
      .max = 1,
      .help = "where it ends, as a share of the learning rate" },
    { .name = "warmup",
      .type = OPTION_NUMBER,
      .initial = "0",
      .min = 0,
      .max = 1000000.0,
      .help = "epochs over which the rate rises from 0" },
};

const ScheduleKind schedule_cosine = {
    .kind = { .name = "cosine",
              .help = "falls along half a cosine over the epochs of the run",
              .more = "factor = min + (1 - min) (1 + cos(pi x)) / 2, x from 0 to 1 over the run, after a "
                      "linear rise over `warmup` epochs. Loshchilov and Hutter 2017, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=cosine(warmup=1)",
              .since = "1" },
    .factor = factor,
};
