/* SPDX-License-Identifier: GPL-3.0-or-later */
/* constant: the learning rate stays. */
#include "model/schedule.h"

static double factor(const SchedulePoint *point)
{
    (void)point;
    return 1;
}

const ScheduleKind schedule_constant = {
    .kind = { .name = "constant",
              .help = "the learning rate stays as it is",
              .more = "factor = 1.",
              .example = "simulate uniform as t rows=400 columns=10 seed=1\nsplit t train=80% valid=20%\n"
                         "net pd\n  input t\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=2 "
                         "schedule=constant",
              .since = "1" },
    .factor = factor,
};
