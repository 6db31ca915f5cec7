/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two arms of a spiral, one turned by half a circle against the other: radius 0.1 + 0.9 t,
 * angle 3 pi t, t uniform in [0, 1]. */
#include <math.h>

#include "data/sources/curves.h"

static void curve(int label, double t, double point[2])
{
    double radius = 0.1 + 0.9 * t, angle = 3 * M_PI * t + (label ? M_PI : 0);
    point[0] = radius * cos(angle);
    point[1] = radius * sin(angle);
}

static bool draw(Simulation *simulation, Err *err)
{
    return simulate_curves(simulation, curve, err);
}

static const OptionSpec options[] = { CURVE_NOISE("0.05") };

const SimulatorKind simulator_spiral = {
    .kind = { .name = "spiral",
              .help = "two arms of a spiral: x1, x2, target y",
              .more = "radius 0.1 + 0.9 t and angle 3 pi t, t uniform in [0, 1], the second arm turned by "
                      "pi; noise is added (Lang and Witbrock 1988)",
              KIND_OPTIONS(options),
              .example = "simulate spiral as s rows=500 seed=1",
              .since = "0.1" },
    .draw = draw
};
