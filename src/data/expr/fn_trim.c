/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blanks at the ends: spaces, tabs, line ends. */
#include "data/expr/function.h"

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static Text trim(Text text)
{
    while (text.length && is_blank(text.bytes[0])) text.bytes++, text.length--;
    while (text.length && is_blank(text.bytes[text.length - 1])) text.length--;
    return text;
}

static void trim_values(Call *call, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) out->texts[i] = trim(call->args[0].texts[i]);
}

const Function function_trim = {
    .kind = { .name = "trim",
              .help = "the text without blanks at its ends",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = trim(\"  abc \")",
              .since = "1.0" },
    .row_types = "x>x",
    .row = trim_values
};
