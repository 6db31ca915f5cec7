/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a value is missing. */
#include "data/expr/function.h"

#include <math.h>

static bool is_missing(const Vec *x, size_t i)
{
    switch (x->type) {
    case EXPR_NUMBER: return isnan(x->numbers[i]);
    case EXPR_BOOL: return x->bools[i] == BOOL_MISSING;
    case EXPR_TEXT: return !x->texts[i].bytes;
    case EXPR_TIME: return x->times[i] == INTEGER_MISSING;
    default: return x->durations[i].months == INTEGER_MISSING;
    }
}

static void ismissing_values(Call *call, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) out->bools[i] = is_missing(&call->args[0], i);
}

const Function function_ismissing = {
    .kind = { .name = "ismissing",
              .help = "on where the value is missing; never missing itself",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = ismissing(x1)",
              .since = "1.0" },
    .row_types = "n>b x>b t>b b>b d>b",
    .row = ismissing_values
};
