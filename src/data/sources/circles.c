/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two circles around the origin: class 0 of radius 1, class 1 of radius 1/2. */
#include <math.h>

#include "data/sources/simulate.h"

static void curve(int label, double t, double point[2])
{
    double radius = label ? 0.5 : 1;
    point[0] = radius * cos(2 * M_PI * t);
    point[1] = radius * sin(2 * M_PI * t);
}

static Frame *make(size_t n_rows, uint64_t seed, const Options *options, Notes *notes, Progress *progress,
                   Err *err)
{
    (void)notes;
    return simulate_curves("circles", curve, n_rows, seed, options, progress, err);
}

static const OptionSpec options[] = { { .name = "noise",
                                        .type = OPTION_NUMBER,
                                        .initial = "0.1",
                                        .min = 0.01,
                                        .max = 10,
                                        .help = "standard deviation of the noise in both coordinates" } };

const SimulatorKind simulator_circles = { .kind = { .name = "circles",
                                                    .help = "a circle inside another: x1, x2, target y",
                                                    KIND_OPTIONS(options),
                                                    .example = "simulate circles as c rows=500 seed=1",
                                                    .since = "0.1" },
                                          .make = make };
