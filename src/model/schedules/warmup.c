/* SPDX-License-Identifier: GPL-3.0-or-later */
/* warmup: rises linearly from 0 to 1 over the first epochs and stays (Goyal et al. 2017). Half-way up it is
 * 0.5. */
#include "model/schedule.h"

enum { EPOCHS };

static double factor(const SchedulePoint *point)
{
    double epochs = point->settings[EPOCHS];
    return point->epoch < epochs ? point->epoch / epochs : 1;
}

static const OptionSpec options[] = {
    { .name = "epochs",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "1",
      .min = 0,
      .max = 1000000.0,
      .help = "over which the rate rises from 0" },
};

const ScheduleKind schedule_warmup = {
    .kind = { .name = "warmup",
              .help = "rises linearly over the first epochs, then stays",
              .more = "factor = epoch / epochs, at most 1. Goyal et al. 2017, arXiv:1706.02677.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=warmup(1)",
              .since = "1" },
    .factor = factor,
};
