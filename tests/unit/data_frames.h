/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small frames, options and recipes for the tests of the data room. */
#ifndef FNS_TESTS_DATA_FRAMES_H
#define FNS_TESTS_DATA_FRAMES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/prep.h"

/* A repeatable sequence of numbers in [0, 1), for test data. */
static inline double test_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static inline Column *numbers_column(const double *x, size_t n)
{
    Column *column = column_new(COLUMN_NUMBER, n, NULL);
    for (size_t i = 0; i < n; i++) column->numbers[i] = x[i];
    column_finish(column);
    return column;
}

static inline Column *integers_column(ColumnType type, const int64_t *x, size_t n)
{
    Column *column = column_new(type, n, NULL);
    for (size_t i = 0; i < n; i++) column->integers[i] = x[i];
    column_finish(column);
    return column;
}

/* codes from 1 into the level names; 0 is missing. */
static inline Column *category_column(const char *const *names, uint32_t n_names, const uint32_t *codes,
                                      size_t n)
{
    Column *column = column_new(COLUMN_CATEGORY, n, NULL);
    for (size_t i = 0; i < n; i++) column->codes[i] = codes[i];
    column->levels = levels_new(names, n_names);
    column_finish(column);
    return column;
}

static inline Column *text_column(const char *const *texts, size_t n)
{
    Column *column = column_new(COLUMN_TEXT, n, NULL);
    Buf bytes = { 0 };
    for (size_t i = 0; i < n; i++) {
        buf_puts(&bytes, texts[i] ? texts[i] : "");
        column->offsets[i + 1] = bytes.length;
        if (texts[i]) continue;
        if (!column->text_missing) column->text_missing = mem_get(n / 8 + 1, 1, NULL);
        column->text_missing[i >> 3] |= (uint8_t)(1 << (i & 7));
    }
    column->bytes = mem_get(bytes.length + 1, 1, NULL);
    memcpy(column->bytes, buf_text(&bytes), bytes.length);
    buf_free(&bytes);
    column_finish(column);
    return column;
}

static inline Value word(const char *text)
{
    return (Value){ .type = VALUE_WORD, .text = text };
}

/* Options of a step: columns as words "a b" (or NULL), then one KEY and its value (or NULL). */
static inline Options *step_options(Arena *arena, const Kind *kind, const char *columns, const char *key,
                                    Value value)
{
    Arg *items = arena_take(arena, 32 * sizeof *items);
    Args args = { items, 0 };
    char *text = columns ? arena_text(arena, columns) : NULL, *rest = text;
    for (char *name = text ? strtok_r(text, " ", &rest) : NULL; name; name = strtok_r(NULL, " ", &rest))
        items[args.n++] = (Arg){ .value = word(name) };
    if (key) items[args.n++] = (Arg){ .key = key, .value = value };
    Options *options = arena_take(arena, sizeof *options);
    Err err = { 0 };
    if (!options_bind(kind, &args, arena, (Span){ 0 }, options, &err)) fail_msg("%s", err.message);
    return options;
}

/* Appends a step to an unpublished frame's recipe. */
static inline void add_step(Frame *frame, Arena *arena, const char *step, const char *columns,
                            const char *key, Value value)
{
    const Kind *kind = kind_find(&step_kinds, step);
    assert_non_null(kind);
    Recipe *longer =
        recipe_with(frame->recipe, (const StepKind *)kind, step_options(arena, kind, columns, key, value));
    recipe_unref(frame->recipe);
    frame->recipe = longer;
}

static inline SplitPlan fractions(double train, double valid, double test)
{
    return (SplitPlan){ .train = train,
                        .valid = valid,
                        .test = test,
                        .given_train = train > 0,
                        .given_valid = valid > 0,
                        .given_test = test > 0,
                        .stratify = -1,
                        .group = -1,
                        .fold_column = -1,
                        .seed = 1,
                        .words = "" };
}

static inline void split_frame(Frame *frame, const SplitPlan *plan)
{
    Err err = { 0 };
    frame->split = split_make(frame, plan, NULL, &err);
    if (!frame->split) fail_msg("%s", err.message);
}

#endif
