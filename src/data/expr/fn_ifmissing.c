/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A value in place of a missing one. */
#include "data/expr/function.h"

#include <math.h>

static void ifmissing_values(Call *call, size_t n, Vec *out)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    out->unit = a->unit > b->unit ? a->unit : b->unit;
    for (size_t i = 0; i < n; i++) switch (out->type) {
        case EXPR_NUMBER: out->numbers[i] = isnan(a->numbers[i]) ? b->numbers[i] : a->numbers[i]; break;
        case EXPR_BOOL: out->bools[i] = a->bools[i] == BOOL_MISSING ? b->bools[i] : a->bools[i]; break;
        case EXPR_TEXT: out->texts[i] = a->texts[i].bytes ? a->texts[i] : b->texts[i]; break;
        case EXPR_TIME: out->times[i] = a->times[i] == INTEGER_MISSING ? b->times[i] : a->times[i]; break;
        default:
            out->durations[i] = a->durations[i].months == INTEGER_MISSING ? b->durations[i] : a->durations[i];
        }
}

const Function function_ifmissing = {
    .kind = { .name = "ifmissing",
              .help = "the value, or the second argument where it is missing",
              .more = "This fills with a constant you choose; impute learns one from the training "
                      "rows.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = ifmissing(x1, 0)",
              .since = "1.0" },
    .row_types = "nn>n xx>x tt>t bb>b dd>d",
    .row = ifmissing_values
};
