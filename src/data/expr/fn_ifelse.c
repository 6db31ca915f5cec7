/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A choice between two values. */
#include "data/expr/function.h"

#include <math.h>

static void set_missing(Vec *out, size_t i)
{
    switch (out->type) {
    case EXPR_NUMBER: out->numbers[i] = NAN; break;
    case EXPR_BOOL: out->bools[i] = BOOL_MISSING; break;
    case EXPR_TEXT: out->texts[i] = (Text){ NULL, 0 }; break;
    case EXPR_TIME: out->times[i] = INTEGER_MISSING; break;
    default: out->durations[i] = (Duration){ INTEGER_MISSING, 0 }; break;
    }
}

static void take(const Vec *from, size_t i, Vec *out)
{
    switch (out->type) {
    case EXPR_NUMBER: out->numbers[i] = from->numbers[i]; break;
    case EXPR_BOOL: out->bools[i] = from->bools[i]; break;
    case EXPR_TEXT: out->texts[i] = from->texts[i]; break;
    case EXPR_TIME: out->times[i] = from->times[i]; break;
    default: out->durations[i] = from->durations[i]; break;
    }
}

static void ifelse_values(Call *call, size_t n, Vec *out)
{
    const uint8_t *when = call->args[0].bools;
    const Vec *yes = &call->args[1], *no = &call->args[2];
    out->unit = yes->unit > no->unit ? yes->unit : no->unit;
    for (size_t i = 0; i < n; i++)
        if (when[i] == BOOL_MISSING)
            set_missing(out, i);
        else
            take(when[i] ? yes : no, i, out);
}

const Function function_ifelse = {
    .kind = { .name = "ifelse",
              .help = "the second argument where the condition is on, else the third",
              .more = "A missing condition gives a missing value.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = ifelse(x1 > "
                         "0.5, 1, 0)",
              .since = "1.0" },
    .row_types = "bnn>n bxx>x btt>t bbb>b bdd>d",
    .row = ifelse_values
};
