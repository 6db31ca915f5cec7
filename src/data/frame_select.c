/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Column selections: names, all, numeric, category, patterns (* and ?), ranges x1..x5. */
#include <string.h>

#include "data/frame.h"

typedef struct Selection {
    const Frame *frame;
    bool inputs_only;
    bool *taken; /* a frame column */
    int *out;
    int n;
} Selection;

static bool is_input(const FrameColumn *column)
{
    return column->role == ROLE_INPUT && column->lead == 0;
}

static void take(Selection *selection, int column)
{
    if (selection->taken[column]) return;
    selection->taken[column] = true;
    selection->out[selection->n++] = column;
}

/* For selections by property: columns that are no inputs are passed over. */
static void take_allowed(Selection *selection, int column)
{
    if (!selection->inputs_only || is_input(&selection->frame->columns[column])) take(selection, column);
}

static bool is_numeric(const Column *column)
{
    return column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER || column->type == COLUMN_BOOL;
}

/* Glob over bytes; after a failure the last * takes one byte more. */
static bool matches(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return *pattern == 0;
}

static bool select_pattern(Selection *selection, const char *pattern, Err *err)
{
    const Frame *frame = selection->frame;
    bool found = false;
    for (int i = 0; i < frame->n_columns; i++) {
        if (!matches(pattern, frame->columns[i].name)) continue;
        found = true;
        take_allowed(selection, i);
    }
    return found || ERR(err, no_column, pattern, frame_label(frame), INT(frame->n_columns));
}

static bool not_input(const FrameColumn *column, Err *err)
{
    if (column->lead > 0) return frame_future_column(column, err);
    char what[64] = "the ";
    bool adjective = column->role == ROLE_PROTECTED || column->role == ROLE_HELD;
    strcpy(what + (adjective ? 0 : 4), role_name(column->role));
    return ERR(err, not_input, column->name, what);
}

static bool select_name(Selection *selection, const char *name, Err *err)
{
    int column;
    if (!frame_column(selection->frame, name, &column, err)) return false;
    if (selection->inputs_only && !is_input(&selection->frame->columns[column]))
        return not_input(&selection->frame->columns[column], err);
    take(selection, column);
    return true;
}

static bool select_word(Selection *selection, const char *word, Err *err)
{
    const Frame *frame = selection->frame;
    bool all = strcmp(word, "all") == 0, numeric = strcmp(word, "numeric") == 0;
    if (!all && !numeric && strcmp(word, "category") != 0) return select_name(selection, word, err);
    for (int i = 0; i < frame->n_columns; i++) {
        const Column *column = frame->columns[i].column;
        bool fits = numeric ? is_numeric(column) : column->type == COLUMN_CATEGORY;
        if (all || fits) take_allowed(selection, i);
    }
    return true;
}

static bool range_end(const Frame *frame, const Value *end, int open, int *column, Err *err)
{
    *column = open;
    if (!end) return true;
    if (end->type != VALUE_WORD && end->type != VALUE_TEXT)
        return ERR(err, bad_selection, value_type_name(end->type));
    return frame_column(frame, end->text, column, err);
}

/* From one column to another in the frame's order, both included. */
static bool select_range(Selection *selection, const Value *range, Err *err)
{
    const Frame *frame = selection->frame;
    int from, to;
    if (!range_end(frame, range->range.from, 0, &from, err)) return false;
    if (!range_end(frame, range->range.to, frame->n_columns - 1, &to, err)) return false;
    if (from > to) return ERR(err, empty_range, frame->columns[from].name, frame->columns[to].name);
    for (int i = from; i <= to; i++) take_allowed(selection, i);
    return true;
}

static bool select_item(Selection *selection, const Value *item, Err *err)
{
    switch (item->type) {
    case VALUE_WORD: return select_word(selection, item->text, err);
    case VALUE_TEXT: return select_name(selection, item->text, err);
    case VALUE_PATTERN: return select_pattern(selection, item->text, err);
    case VALUE_RANGE: return select_range(selection, item, err);
    case VALUE_LIST:
        for (int i = 0; i < item->list.n; i++)
            if (!select_item(selection, &item->list.items[i], err)) return false;
        return true;
    default: return ERR(err, bad_selection, value_type_name(item->type));
    }
}

bool frame_select(const Frame *frame, ValueList list, bool inputs_only, Arena *arena, int **out, int *n,
                  Err *err)
{
    size_t columns = (size_t)frame->n_columns;
    Selection selection = { frame, inputs_only, arena_take(arena, columns + 1),
                            arena_take(arena, (columns + 1) * sizeof(int)), 0 };
    for (int i = 0; i < list.n; i++)
        if (!select_item(&selection, &list.items[i], err)) return false;
    *out = selection.out;
    *n = selection.n;
    return true;
}
