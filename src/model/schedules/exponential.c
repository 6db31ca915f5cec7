/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exponential: by^epoch, by whole epochs. After 2 epochs with by=0.5: 0.25. */
#include "model/schedule.h"

#include <math.h>

enum { BY };

static double factor(const SchedulePoint *point)
{
    return pow(point->settings[BY], floor(point->epoch));
}

static const OptionSpec options[] = {
    { .name = "by",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "0.95",
      .min = 0,
      .max = 1,
      .help = "what it is multiplied with" },
};

const ScheduleKind schedule_exponential = {
    .kind = { .name = "exponential",
              .help = "falls by a factor every epoch",
              .more = "factor = by^epoch.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=exponential(by=0.9)",
              .since = "1" },
    .factor = factor,
};
