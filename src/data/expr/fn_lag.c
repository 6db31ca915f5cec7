/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifting by rows of an id. */
#include "data/expr/function.h"

const Function function_lag = {
    .kind = { .name = "lag",
              .help = "the value k rows before, of the same id in time order (k is 1 if left out)",
              .more = "Missing where the id has no such row.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = lag(x1, 1)",
              .since = "1.0" },
    .window_types = "n?n>n x?n>x t?n>t b?n>b",
    .flags = FUNCTION_ROWS | FUNCTION_FILTERS,
    .shift = -1
};
