/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters a to z; others are left as they are, so that the result does not depend on the locale. */
#include "data/expr/function.h"

static Text change_case(Text text, Arena *arena)
{
    if (!text.bytes) return text;
    char *copy = arena_copy(arena, text.bytes, text.length);
    for (size_t i = 0; i < text.length; i++)
        if (copy[i] >= 'a' && copy[i] <= 'z') copy[i] = (char)(copy[i] - 32);
    return (Text){ copy, text.length };
}

static void upper_values(Call *call, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) out->texts[i] = change_case(call->args[0].texts[i], call->arena);
}

const Function function_upper = {
    .kind = { .name = "upper",
              .help = "the text in capital letters",
              .more = "Only the letters a to z change, whatever the locale.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = upper(\"Abc\")",
              .since = "1.0" },
    .row_types = "x>x",
    .row = upper_values
};
