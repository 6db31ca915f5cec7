/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two classes along two curves in the plane, each point with normal noise of standard deviation `noise` (an
 * option of the kind) in both coordinates. Columns x1, x2 and the target y; the truth is P(y = 1 | x1, x2).
 */
#ifndef FNS_DATA_SOURCES_CURVES_H
#define FNS_DATA_SOURCES_CURVES_H

#include "data/sources/simulate.h"

/* The point of class 0 or 1 at t in [0, 1], which is drawn uniformly. */
typedef void (*SimulatedCurve)(int label, double t, double point[2]);
bool simulate_curves(Simulation *simulation, SimulatedCurve curve, Err *err);

#define CURVE_NOISE(sd)                                                                                      \
    {                                                                                                        \
        .name = "noise", .type = OPTION_NUMBER, .initial = sd, .min = 0.01, .max = 10,                       \
        .help = "standard deviation of the noise in both coordinates"                                        \
    }

#endif
