/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking one value against one row of an option table; private to the option files of base. */
#ifndef FNS_BASE_OPTION_CHECK_H
#define FNS_BASE_OPTION_CHECK_H

#include "base/option.h"

typedef struct Check {
    const Kind *owner; /* whose table the row is in: for messages */
    const OptionSpec *spec;
    Arena *arena;
    Span span; /* of the value */
} Check;

/* Whether an operand may stand in this row by its type alone (used to pass over optional numbers).
 */
bool option_check_fits(const OptionSpec *spec, const Value *value);
/* Sets item's value, kind and options. Errors: bad_value, out_of_range, and those of a nested kind.
 */
bool option_check_value(const Check *check, const Value *value, Option *item, Err *err);
/* "dense units", or "units" where the table's owner has no name. */
const char *option_check_title(Arena *arena, const Kind *owner, const OptionSpec *spec);

#endif
