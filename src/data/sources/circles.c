/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two circles around the origin: class 0 of radius 1, class 1 of radius 1/2. */
#include <math.h>

#include "data/sources/curves.h"

static void curve(int label, double t, double point[2])
{
    double radius = label ? 0.5 : 1;
    point[0] = radius * cos(2 * M_PI * t);
    point[1] = radius * sin(2 * M_PI * t);
}

static bool draw(Simulation *simulation, Err *err)
{
    return simulate_curves(simulation, curve, err);
}

static const OptionSpec options[] = { CURVE_NOISE("0.1") };

const SimulatorKind simulator_circles = {
    .kind = { .name = "circles",
              .help = "a circle inside another: x1, x2, target y",
              .more = "class 0 has radius 1, class 1 radius 1/2; noise is added",
              KIND_OPTIONS(options),
              .example = "simulate circles as c rows=500 seed=1",
              .since = "0.1" },
    .draw = draw
};
