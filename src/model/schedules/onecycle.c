/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onecycle: rises from 1 / start to 1 over the first share `rise` of the run, then falls to
 * 1 / (start end), both along half a cosine (Smith and Topin 2019). At x = rise it is 1. */
#include "model/schedule.h"

#include <math.h>

enum { RISE, START, END };

static double factor(const SchedulePoint *point)
{
    double rise = point->settings[RISE], first = 1 / point->settings[START];
    double last = first / point->settings[END], x = fmin(point->epoch / point->epochs, 1);
    if (x < rise) return first + (1 - first) * (1 - cos(M_PI * x / rise)) / 2;
    return last + (1 - last) * (1 + cos(M_PI * (x - rise) / (1 - rise))) / 2;
}

static const OptionSpec options[] = {
    { .name = "rise",
      .type = OPTION_FRACTION,
      .flags = OPTION_OPEN_MAX,
      .initial = "30%",
      .min = 0,
      .max = 1,
      .help = "share of the run in which the rate rises" },
    { .name = "start",
      .type = OPTION_NUMBER,
      .initial = "25",
      .min = 1,
      .max = 1000000000.0,
      .help = "the first rate is lr divided by this" },
    { .name = "end",
      .type = OPTION_NUMBER,
      .initial = "10000",
      .min = 1,
      .max = 1000000000000.0,
      .help = "the last rate is the first divided by this" },
};

const ScheduleKind schedule_onecycle = {
    .kind = { .name = "onecycle",
              .help = "rises, then falls far below where it began",
              .more = "From 1 / start up to 1 over a share `rise` of the run, then down to 1 / (start end), "
                      "along half cosines. Smith and Topin 2019, SPIE 11006.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=onecycle",
              .since = "1" },
    .factor = factor,
};
