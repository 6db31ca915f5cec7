/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of simulators. */
#include "data/source.h"

#define SIMULATOR(name) extern const SimulatorKind simulator_##name;
#include "data/simulators.def"
#undef SIMULATOR

static const Kind *const items[] = {
#define SIMULATOR(name) &simulator_##name.kind,
#include "data/simulators.def"
#undef SIMULATOR
};

const KindList simulator_kinds = { "simulator", items, (int)(sizeof items / sizeof *items) };
