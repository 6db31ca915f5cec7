/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of recipe steps. */
#include "data/recipe.h"

#define STEP(name) extern const StepKind step_##name;
#include "data/steps.def"
#undef STEP

static const Kind *const items[] = {
#define STEP(name) &step_##name.kind,
#include "data/steps.def"
#undef STEP
};

const KindList step_kinds = { "step", items, (int)(sizeof items / sizeof *items) };
