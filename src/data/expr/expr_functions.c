/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of functions, and the options their window forms share. */
#include <string.h>

#include "data/expr/function.h"

#define FUNCTION(name) extern const Function function_##name;
#include "data/expr/functions.def"
#undef FUNCTION

static const Kind *const items[] = {
#define FUNCTION(name) &function_##name.kind,
#include "data/expr/functions.def"
#undef FUNCTION
};
#define N_ITEMS (sizeof items / sizeof *items)

const KindList expr_functions = { "function", items, (int)N_ITEMS };

const OptionSpec function_window_options[3] = {
    { .name = "over",
      .type = OPTION_ANY,
      .help = "the past window, with the row itself: rows (21) or a duration (30d), by id in time "
              "order" },
    { .name = "across", .type = OPTION_COLUMN, .help = "all rows of the same time: the time column" },
    { .name = "within", .type = OPTION_COLUMN, .help = "with across=: only rows of the same value" },
};

const Function *expr_function_find(const char *name)
{
    return (const Function *)kind_find(&expr_functions, name);
}

const Function *expr_function(const char *name, Span span, Err *err)
{
    const Function *function = expr_function_find(name);
    if (function) return function;
    const char *names[N_ITEMS];
    for (size_t i = 0; i < N_ITEMS; i++) names[i] = items[i]->name;
    ERR_AT(err, span, no_function, name);
    err_suggest(err, name, names, N_ITEMS);
    return NULL;
}
