/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least value: of a row, of a window. */
#include "data/expr/function.h"

#include <math.h>
#include <string.h>

static double min_of(const double *x, size_t n, double *scratch)
{
    double best = x[0];
    (void)scratch;
    for (size_t i = 1; i < n; i++)
        if (x[i] < best) best = x[i];
    return best;
}

static void add_min(GroupState *state, double x)
{
    if (!state->seen || x < state->value[0]) state->value[0] = x;
}

static double group_min(const GroupState *state)
{
    return state->value[0];
}

/* NaN where either is missing. */
static double better(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : b < a ? b : a;
}

static int64_t better_time(int64_t a, int64_t b)
{
    return a == INTEGER_MISSING || b == INTEGER_MISSING ? INTEGER_MISSING : b < a ? b : a;
}

static void min_values(Call *call, size_t n, Vec *out)
{
    const Vec *args = call->args;
    bool times = args[0].type == EXPR_TIME;
    memcpy(out->data, args[0].data, n * sizeof(double));
    out->unit = args[0].unit;
    for (int k = 1; k < call->n; k++) {
        if (args[k].unit > out->unit) out->unit = args[k].unit;
        for (size_t i = 0; i < n; i++)
            if (times)
                out->times[i] = better_time(out->times[i], args[k].times[i]);
            else
                out->numbers[i] = better(out->numbers[i], args[k].numbers[i]);
    }
}

const Function function_min = {
    .kind = { .name = "min",
              .help = "the least of several values of a row; of one value in a window, or across "
                      "rows of one time",
              .more = "min(x, over=21) or min(x, across=date) take one value over rows.",
              FUNCTION_WINDOW_OPTIONS,
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = min(x1, x2, 0.5)",
              .since = "1.0" },
    .row_types = "nn*>n tt*>t",
    .window_types = "n>n",
    .row = min_values,
    .window = min_of,
    .add = add_min,
    .finish = group_min
};
