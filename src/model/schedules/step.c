/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step: by^floor(epoch / every). After 20 epochs with every=10, by=0.5: 0.25. */
#include "model/schedule.h"

#include <math.h>

enum { EVERY, BY };

static double factor(const SchedulePoint *point)
{
    return pow(point->settings[BY], floor(point->epoch / point->settings[EVERY]));
}

static const OptionSpec options[] = {
    { .name = "every",
      .type = OPTION_INTEGER,
      .initial = "10",
      .min = 1,
      .max = 1000000000.0,
      .help = "epochs from one fall to the next" },
    { .name = "by",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "0.5",
      .min = 0,
      .max = 1,
      .help = "what it is multiplied with" },
};

const ScheduleKind schedule_step = {
    .kind = { .name = "step",
              .help = "falls by a factor every so many epochs",
              .more = "factor = by^floor(epoch / every).",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=step(every=1)",
              .since = "1" },
    .factor = factor,
};
