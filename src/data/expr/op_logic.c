/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three-valued logic. */
#include "data/expr/function.h"

/* On, off or missing: missing where the known operand does not decide. */
static void or_values(Call *call, size_t n, Vec *out)
{
    const uint8_t *a = call->args[0].bools, *b = call->args[1].bools;
    for (size_t i = 0; i < n; i++)
        out->bools[i] = a[i] == 1 || b[i] == 1                         ? 1
                        : a[i] == BOOL_MISSING || b[i] == BOOL_MISSING ? BOOL_MISSING
                                                                       : 0;
}

static void and_values(Call *call, size_t n, Vec *out)
{
    const uint8_t *a = call->args[0].bools, *b = call->args[1].bools;
    for (size_t i = 0; i < n; i++)
        out->bools[i] = !a[i] || !b[i] ? 0 : a[i] == BOOL_MISSING || b[i] == BOOL_MISSING ? BOOL_MISSING : 1;
}

static void not_values(Call *call, size_t n, Vec *out)
{
    const uint8_t *a = call->args[0].bools;
    for (size_t i = 0; i < n; i++) out->bools[i] = a[i] == BOOL_MISSING ? BOOL_MISSING : !a[i];
}

const Function function_or = { .kind = { .name = "or",
                                         .help = "on where either is on; three-valued",
                                         .example = "simulate uniform as f rows=50 columns=3 "
                                                    "seed=1; derive f z = x1 > 0.9 or x2 > 0.9",
                                         .since = "1.0" },
                               .row_types = "bb>b",
                               .verb = "joined by or",
                               .precedence = 1,
                               .flags = 0,
                               .row = or_values };

const Function function_and = { .kind = { .name = "and",
                                          .help = "on where both are on; three-valued",
                                          .example = "simulate uniform as f rows=50 columns=3 "
                                                     "seed=1; derive f z = x1 > 0.5 and x2 > 0.5",
                                          .since = "1.0" },
                                .row_types = "bb>b",
                                .verb = "joined by and",
                                .precedence = 2,
                                .flags = 0,
                                .row = and_values };

const Function function_not = {
    .kind = { .name = "not",
              .help = "on where it is off",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = not x1 > 0.5",
              .since = "1.0" },
    .row_types = "b>b",
    .verb = "negated",
    .precedence = 3,
    .flags = 0,
    .row = not_values
};
