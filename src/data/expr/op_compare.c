/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparison operators: a three-way order of each type, and what each operator makes of it. */
#include "data/expr/function.h"

#include <math.h>

typedef bool (*Decide)(int order);

static bool is_equal(int order)
{
    return order == 0;
}
static bool is_unequal(int order)
{
    return order != 0;
}
static bool is_less(int order)
{
    return order < 0;
}
static bool is_less_equal(int order)
{
    return order <= 0;
}
static bool is_greater(int order)
{
    return order > 0;
}
static bool is_greater_equal(int order)
{
    return order >= 0;
}

static int number_order(double a, double b)
{
    return (a > b) - (a < b);
}

static uint8_t compare_texts(Text a, Text b, Decide decide)
{
    return a.bytes && b.bytes ? decide(!text_same(a, b)) : BOOL_MISSING;
}

static void compare_times(const Vec *a, const Vec *b, size_t n, Decide decide, uint8_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a->times[i] == INTEGER_MISSING || b->times[i] == INTEGER_MISSING
                     ? BOOL_MISSING
                     : decide(time_order(a->times[i], a->unit, b->times[i], b->unit));
}

static void compare_bools(const uint8_t *a, const uint8_t *b, size_t n, Decide decide, uint8_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] == BOOL_MISSING || b[i] == BOOL_MISSING ? BOOL_MISSING : decide(a[i] - b[i]);
}

static void compare_durations(const Vec *a, const Vec *b, size_t n, Decide decide, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        double x = duration_length(a->durations[i]), y = duration_length(b->durations[i]);
        out[i] = isnan(x) || isnan(y) ? BOOL_MISSING : decide(number_order(x, y));
    }
}

static void compare_numbers(const double *a, const double *b, size_t n, Decide decide, uint8_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = isnan(a[i]) || isnan(b[i]) ? BOOL_MISSING : decide(number_order(a[i], b[i]));
}

/* Inlined into each operator, so that `decide` costs no call. */
static inline __attribute__((always_inline)) void compare(Call *call, size_t n, Vec *out, Decide decide)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    switch (a->type) {
    case EXPR_TEXT:
        for (size_t i = 0; i < n; i++) out->bools[i] = compare_texts(a->texts[i], b->texts[i], decide);
        break;
    case EXPR_TIME: compare_times(a, b, n, decide, out->bools); break;
    case EXPR_BOOL: compare_bools(a->bools, b->bools, n, decide, out->bools); break;
    case EXPR_DURATION: compare_durations(a, b, n, decide, out->bools); break;
    default: compare_numbers(a->numbers, b->numbers, n, decide, out->bools); break;
    }
}

static void equal(Call *call, size_t n, Vec *out)
{
    compare(call, n, out, is_equal);
}

const Function function_equal = {
    .kind = { .name = "==",
              .help = "on where both are equal",
              .more = "A month or year beside a date is its whole period. Texts compare with == != "
                      "in only.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 == x2",
              .since = "1.0" },
    .row_types = "nn>b tt>b dd>b xx>b bb>b",
    .verb = "compared",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = equal
};

static void unequal(Call *call, size_t n, Vec *out)
{
    compare(call, n, out, is_unequal);
}

const Function function_unequal = {
    .kind = { .name = "!=",
              .help = "on where they differ",
              .more = "A month or year beside a date is its whole period. Texts compare with == != "
                      "in only.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 != x2",
              .since = "1.0" },
    .row_types = "nn>b tt>b dd>b xx>b bb>b",
    .verb = "compared",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = unequal
};

static void less(Call *call, size_t n, Vec *out)
{
    compare(call, n, out, is_less);
}

const Function function_less = {
    .kind = { .name = "<",
              .help = "on where the left is less, or earlier",
              .more = "A month or year beside a date is its whole period. Texts compare with == != "
                      "in only.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 < 0.5",
              .since = "1.0" },
    .row_types = "nn>b tt>b dd>b",
    .verb = "compared",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = less
};

static void less_equal(Call *call, size_t n, Vec *out)
{
    compare(call, n, out, is_less_equal);
}

const Function function_less_equal = {
    .kind = { .name = "<=",
              .help = "on where the left is less or equal",
              .more = "A month or year beside a date is its whole period. Texts compare with == != "
                      "in only.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 <= 0.5",
              .since = "1.0" },
    .row_types = "nn>b tt>b dd>b",
    .verb = "compared",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = less_equal
};

static void greater(Call *call, size_t n, Vec *out)
{
    compare(call, n, out, is_greater);
}

const Function function_greater = {
    .kind = { .name = ">",
              .help = "on where the left is greater, or later",
              .more = "A month or year beside a date is its whole period. Texts compare with == != "
                      "in only.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 > 0.5",
              .since = "1.0" },
    .row_types = "nn>b tt>b dd>b",
    .verb = "compared",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = greater
};

static void greater_equal(Call *call, size_t n, Vec *out)
{
    compare(call, n, out, is_greater_equal);
}

const Function function_greater_equal = {
    .kind = { .name = ">=",
              .help = "on where the left is greater or equal",
              .more = "A month or year beside a date is its whole period. Texts compare with == != "
                      "in only.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 >= 0.5",
              .since = "1.0" },
    .row_types = "nn>b tt>b dd>b",
    .verb = "compared",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = greater_equal
};
