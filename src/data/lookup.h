/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of the rows of another frame with the same id, in a window before or after a row's time. */
#ifndef FNS_DATA_LOOKUP_H
#define FNS_DATA_LOOKUP_H

#include "data/expr/expr.h"

typedef struct Lookup {
    const Frame *other;       /* with an id and a time role */
    const Function *function; /* a statistic: mean std sum min max median count first last any */
    const Expr *value;        /* over columns of the other frame: a number or on/off */
    Value within;             /* a duration: the rows after the time, up to this much later; or missing */
    Value over;               /* a duration, or rows: those up to the time, itself included; or missing */
    Span span;
} Lookup;

bool function_looks_up(const Function *function); /* whether it is such a statistic */

/* A column over the physical rows of the frame (one reference for the caller). Missing: where the other frame
 * has no row of the id in the window (count: none of the id), or a missing value there; with within= where
 * the other frame's data end earlier than the window; with over= where the id's rows begin later than it. A
 * coarser period of the other frame counts from its end; a coarser one of this frame from its first instant
 * with over=, from its last with within=. Errors: no_lookup_role, bad_type, those of expr_eval. */
bool lookup_column(const Frame *frame, const Lookup *lookup, Notes *notes, Progress *progress, Column **out,
                   Err *err);

#endif
