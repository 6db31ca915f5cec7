/* SPDX-License-Identifier: GPL-3.0-or-later */
/* restarts: half a cosine from 1 to min over `every` epochs, then again from 1 over `grow` times as many
 * (Loshchilov and Hutter 2017, ICLR: SGDR). Half-way through a period it is (1 + min) / 2. */
#include "model/schedule.h"

#include <math.h>

enum { EVERY, GROW, MIN };

/* Where in its period an epoch lies, from 0 to 1. */
static double place(double epoch, double every, double grow)
{
    if (grow == 1) return fmod(epoch, every) / every;
    while (epoch >= every) {
        epoch -= every;
        every *= grow;
    }
    return epoch / every;
}

static double factor(const SchedulePoint *point)
{
    double low = point->settings[MIN];
    double x = place(point->epoch, point->settings[EVERY], point->settings[GROW]);
    return low + (1 - low) * (1 + cos(M_PI * x)) / 2;
}

static const OptionSpec options[] = {
    { .name = "every",
      .type = OPTION_NUMBER,
      .flags = OPTION_POSITIONAL | OPTION_OPEN_MIN,
      .initial = "10",
      .min = 0,
      .max = 1000000.0,
      .help = "epochs of the first period" },
    { .name = "grow",
      .type = OPTION_NUMBER,
      .initial = "2",
      .min = 1,
      .max = 100,
      .help = "how many times longer each period is than the one before" },
    { .name = "min",
      .type = OPTION_FRACTION,
      .initial = "0",
      .min = 0,
      .max = 1,
      .help = "where a period ends, as a share of the learning rate" },
};

const ScheduleKind schedule_restarts = {
    .kind = { .name = "restarts",
              .help = "falls along half a cosine and starts again, each time for longer",
              .more = "factor = min + (1 - min) (1 + cos(pi x)) / 2, x from 0 to 1 over each period. "
                      "Loshchilov and "
                      "Hutter 2017, ICLR.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=3 "
                         "schedule=restarts(1)",
              .since = "1" },
    .factor = factor,
};
