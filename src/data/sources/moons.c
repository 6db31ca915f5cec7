/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two half circles that reach into each other: no line parts them, a small net does. Class 0 is
 * (cos a, sin a), class 1 is (1 - cos a, 1/2 - sin a), a uniform in [0, pi]. */
#include <math.h>

#include "data/sources/curves.h"

static void curve(int label, double t, double point[2])
{
    double angle = M_PI * t;
    point[0] = label ? 1 - cos(angle) : cos(angle);
    point[1] = label ? 0.5 - sin(angle) : sin(angle);
}

static bool draw(Simulation *simulation, Err *err)
{
    return simulate_curves(simulation, curve, err);
}

static const OptionSpec options[] = { CURVE_NOISE("0.2") };

const SimulatorKind simulator_moons = {
    .kind = { .name = "moons",
              .help = "two half moons in the plane: x1, x2, target y",
              .more = "class 0 lies along (cos a, sin a), class 1 along (1 - cos a, 1/2 - sin a), a uniform "
                      "in [0, pi]; noise is added",
              KIND_OPTIONS(options),
              .example = "simulate moons as m rows=500 seed=1 noise=0.1",
              .since = "0.1" },
    .draw = draw
};
