/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns with * and ?, as file and column patterns have them. */
#include "data/expr/function.h"

/* Where the text of the last * may begin to be taken anew. */
typedef struct Retry {
    size_t pattern, text;
    bool is_set;
} Retry;

static size_t step(Text text, size_t at)
{
    int length;
    utf8_next(text.bytes + at, text.length - at, &length);
    return at + (size_t)length;
}

/* Greedy with one point of return, so at most (length of text) * (length of pattern) steps. */
static bool fits(Text text, Text pattern)
{
    size_t t = 0, p = 0;
    Retry retry = { 0, 0, false };
    while (t < text.length) {
        char c = p < pattern.length ? pattern.bytes[p] : '\0';
        bool inside = p < pattern.length;
        if (inside && c == '*')
            retry = (Retry){ ++p, t, true };
        else if (inside && c == '?')
            t = step(text, t), p++;
        else if (inside && c == text.bytes[t])
            t++, p++;
        else if (retry.is_set)
            t = retry.text = step(text, retry.text), p = retry.pattern;
        else
            return false;
    }
    while (p < pattern.length && pattern.bytes[p] == '*') p++;
    return p == pattern.length;
}

static void matches_values(Call *call, size_t n, Vec *out)
{
    const Text *text = call->args[0].texts, *pattern = call->args[1].texts;
    for (size_t i = 0; i < n; i++)
        out->bools[i] = text[i].bytes && pattern[i].bytes ? fits(text[i], pattern[i]) : BOOL_MISSING;
}

const Function function_matches = {
    .kind = { .name = "matches",
              .help = "on where the whole text fits a pattern: * any text, ? one character",
              .more = "The pattern is for the whole text: *abc* finds abc anywhere. Letters count "
                      "as they are written: lower(x) first.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = "
                         "matches(\"rent\", \"r*\")",
              .since = "1.0" },
    .row_types = "xx>b",
    .row = matches_values
};
