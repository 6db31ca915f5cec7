/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values to texts. */
#include "data/expr/function.h"

#include <math.h>
#include <string.h>

static Text number_as_text(double x, Arena *arena)
{
    char room[40];
    if (isnan(x)) return (Text){ NULL, 0 };
    const char *text = number_text(x, room);
    size_t length = strlen(text);
    return (Text){ arena_copy(arena, text, length), length };
}

static Text value_as_text(Value value, Arena *arena)
{
    Buf buf = { 0 };
    value_show(&buf, &value, 0);
    Text text = { arena_copy(arena, buf_text(&buf), buf.length), buf.length };
    buf_free(&buf);
    return text;
}

static Text one_text(const Vec *x, size_t i, Arena *arena)
{
    const Text missing = { NULL, 0 };
    Duration d;
    switch (x->type) {
    case EXPR_NUMBER: return number_as_text(x->numbers[i], arena);
    case EXPR_TEXT: return x->texts[i];
    case EXPR_BOOL:
        return x->bools[i] == BOOL_MISSING ? missing : x->bools[i] ? (Text){ "on", 2 } : (Text){ "off", 3 };
    case EXPR_TIME:
        if (x->times[i] == INTEGER_MISSING) return missing;
        return value_as_text(value_time(x->times[i], x->unit), arena);
    default:
        d = x->durations[i];
        if (d.months == INTEGER_MISSING) return missing;
        return value_as_text((Value){ .type = VALUE_DURATION, .duration = { d.months, d.ns } }, arena);
    }
}

static void text_values(Call *call, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) out->texts[i] = one_text(&call->args[0], i, call->arena);
}

const Function function_text = {
    .kind = { .name = "text",
              .help = "a number, time, duration or on/off as fns writes it",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = text(x1)",
              .since = "1.0" },
    .row_types = "x>x n>x t>x b>x d>x",
    .row = text_values
};
