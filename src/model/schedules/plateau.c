/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plateau: multiplied with `by` whenever the monitored value was no better for `patience` epochs.
 * After one such plateau with by=0.5: 0.5. */
#include "model/schedule.h"

#include <math.h>

enum { BY, PATIENCE, MIN };
enum { FALLS, WAITED, BEST, SEEN };

static double factor(const SchedulePoint *point)
{
    return fmax(point->settings[MIN], pow(point->settings[BY], point->state[FALLS]));
}

static void observe(const double *settings, double *state, double value)
{
    bool better = state[SEEN] == 0 || value < state[BEST];
    state[SEEN] = 1;
    state[BEST] = better ? value : state[BEST];
    state[WAITED] = better ? 0 : state[WAITED] + 1;
    if (state[WAITED] < settings[PATIENCE]) return;
    state[WAITED] = 0;
    state[FALLS]++;
}

static const OptionSpec options[] = {
    { .name = "by",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "0.5",
      .min = 0,
      .max = 1,
      .help = "what it is multiplied with" },
    { .name = "patience",
      .type = OPTION_INTEGER,
      .initial = "5",
      .min = 1,
      .max = 1000000000.0,
      .help = "epochs without a better value" },
    { .name = "min",
      .type = OPTION_FRACTION,
      .initial = "0",
      .min = 0,
      .max = 1,
      .help = "smallest share of the learning rate" },
};

const ScheduleKind schedule_plateau = {
    .kind = { .name = "plateau",
              .help = "falls when the monitored value no longer gets better",
              .more = "factor = by^n, n the number of times the monitored value was no better for `patience` "
                      "epochs.",
              KIND_OPTIONS(options),
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=plateau(patience=2)",
              .since = "1" },
    .factor = factor,
    .observe = observe,
};
