/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every step is a verb: `impute FRAME [column ...] ...` appends it to the frame's recipe. */
#ifndef FNS_LANG_STEP_COMMAND_H
#define FNS_LANG_STEP_COMMAND_H

#include "data/recipe.h"
#include "lang/command.h"

/* The verb of a step: its table with the frame put before it. */
void step_command_make(const StepKind *step, CommandKind *out);

#endif
