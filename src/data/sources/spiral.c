/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two arms of a spiral, one turned by half a circle against the other: radius 0.1 + 0.9 t,
 * angle 3 pi t, t uniform in [0, 1]. */
#include <math.h>

#include "data/sources/simulate.h"

static void curve(int label, double t, double point[2])
{
    double radius = 0.1 + 0.9 * t, angle = 3 * M_PI * t + (label ? M_PI : 0);
    point[0] = radius * cos(angle);
    point[1] = radius * sin(angle);
}

static Frame *make(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err)
{
    (void)notes;
    return simulate_curves("spiral", curve, n_rows, seed, options, progress, err);
}

static const OptionSpec options[] = { { .name = "noise",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.05",
                                        .min = 0.01,
                                        .max = 10,
                                        .help = "standard deviation of the noise in both coordinates" } };

const SimulatorKind simulator_spiral = { .kind = { .name = "spiral",
                                                   .help = "two arms of a spiral: x1, x2, target y",
                                                   KIND_OPTIONS(options),
                                                   .example = "simulate spiral as s rows=500 seed=1",
                                                   .since = "0.1" },
                                         .make = make };
