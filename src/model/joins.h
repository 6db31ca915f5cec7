/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joins: where branches of a net meet, and what takes a branch's columns from the net's input. Layers
 * without weights or options that no one writes by name. */
#ifndef FNS_MODEL_JOINS_H
#define FNS_MODEL_JOINS_H

#include "model/net.h"

/* Concatenation along the last dimension, or element by element; shapes must meet. */
const LayerKind *join_kind(Merge merge);

/* Columns (places in the last dimension) of the net's input. */
typedef struct InputPick {
    const int *columns;
    int n;
    bool last; /* of (steps, columns): the last step alone */
    Shape out; /* n_dims 0: as follows from the columns */
} InputPick;
extern const LayerKind pick_columns; /* plan->detail is an InputPick */

/* Which columns of the net's input (of `width` in the last dimension) a selection means. Errors: a name that
 * is no input. */
bool input_pick(const Prep *prep, size_t width, const BranchInput *input, Arena *arena, InputPick *out,
                Err *err);

#endif
