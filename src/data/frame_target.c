/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of target a frame has: a number, two levels with an event, or more levels. */
#include <math.h>
#include <string.h>

#include "data/frame.h"
#include "data/order.h"

enum { SHOWN_LEVELS = 8 };

/* The levels that the frame's rows show, with their counts. */
typedef struct Found {
    const char **names;
    size_t *counts;
    int n;
} Found;

static bool count_codes(const Frame *frame, const Column *column, Arena *arena, Found *found, Err *err)
{
    size_t n = column->levels ? column->levels->n : 0;
    size_t *counts = mem_get(n + 1, sizeof *counts, err);
    uint32_t *ranks = levels_ranks(column->levels, err);
    bool ok = counts && ranks;
    for (size_t i = 0; ok && i < frame->n_rows; i++) counts[column->codes[frame_physical(frame, i)]]++;
    size_t shown = 0;
    for (size_t code = 1; ok && code <= n; code++) shown += counts[code] > 0;
    bool every = shown < 2; /* too few rows left: what the column knows */
    found->names = arena_take(arena, (n + 1) * sizeof *found->names);
    found->counts = arena_take(arena, (n + 1) * sizeof *found->counts);
    size_t *code_at = arena_take(arena, (n + 1) * sizeof *code_at);
    for (size_t code = 1; ok && code <= n; code++) code_at[ranks[code]] = code;
    for (size_t rank = 0; ok && rank < n; rank++) {
        size_t code = code_at[rank];
        if (!every && !counts[code]) continue;
        found->names[found->n] = arena_text(arena, column->levels->names[code - 1]);
        found->counts[found->n++] = counts[code];
    }
    mem_free(counts);
    mem_free(ranks);
    return ok;
}

/* Distinct values of a numeric column in rising order; 3 stands for more than two. */
static int count_values(const Frame *frame, const Column *column, double values[2], size_t counts[2])
{
    int n = 0;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double x = column_number(column, frame_physical(frame, i));
        if (isnan(x)) continue;
        int k = 0;
        while (k < n && values[k] != x) k++;
        if (k == 2) return 3;
        if (k == n) {
            values[n] = x;
            counts[n++] = 0;
        }
        counts[k]++;
    }
    if (n == 2 && values[0] > values[1]) {
        double value = values[0];
        size_t count = counts[0];
        values[0] = values[1], values[1] = value;
        counts[0] = counts[1], counts[1] = count;
    }
    return n;
}

static void find_numbers(Arena *arena, const double *values, const size_t *counts, int n, Found *found)
{
    found->names = arena_take(arena, 2 * sizeof *found->names);
    found->counts = arena_take(arena, 2 * sizeof *found->counts);
    found->n = n;
    for (int i = 0; i < n; i++) {
        char text[40];
        found->names[i] = arena_text(arena, number_text(values[i], text));
        found->counts[i] = counts[i];
    }
}

static bool no_event(const FrameColumn *target, const Found *found, Err *err)
{
    ERR(err, no_event, target->name, found->names[0], found->names[1]);
    err_detail(err, "'%s' has %zu rows, '%s' has %zu", found->names[0], found->counts[0], found->names[1],
               found->counts[1]);
    int rarer = found->counts[1] <= found->counts[0];
    return err_hint(err, "write role FRAME event=%s (the rarer level is %s)", found->names[rarer],
                    found->names[rarer]);
}

/* 0/1 and off/on need no event; names are in rising order. */
static bool is_plain_pair(const Found *found)
{
    const char *const *names = found->names;
    return (text_equal(names[0], "0") && text_equal(names[1], "1")) ||
           (text_equal(names[0], "off") && text_equal(names[1], "on"));
}

static bool choose_event(const Frame *frame, const Found *found, Arena *arena, TargetInfo *out, Err *err)
{
    const FrameColumn *target = &frame->columns[out->column];
    int event = 1;
    if (frame->event.type != VALUE_MISSING) {
        Buf text = { 0 };
        value_show(&text, &frame->event, 0);
        for (event = 0; event < 2; event++)
            if (text_equal(found->names[event], buf_text(&text))) break;
        if (event == 2) {
            ERR(err, bad_event, buf_text(&text), target->name);
            err_hint(err, "its levels are %s and %s", found->names[0], found->names[1]);
        }
        buf_free(&text);
        if (event == 2) return false;
    } else if (!is_plain_pair(found)) {
        return no_event(target, found, err);
    }
    const char **levels = arena_take(arena, 2 * sizeof *levels);
    levels[0] = found->names[1 - event];
    levels[1] = found->names[event];
    out->kind = 'b';
    out->n_levels = 2;
    out->levels = levels;
    return true;
}

static bool category_target(const Frame *frame, Arena *arena, TargetInfo *out, Err *err)
{
    const FrameColumn *target = &frame->columns[out->column];
    Found found = { 0 };
    if (!count_codes(frame, target->column, arena, &found, err)) return false;
    if (found.n < 2) return ERR(err, bad_target, target->name, "category", "it has fewer than two levels");
    if (found.n == 2) return choose_event(frame, &found, arena, out, err);
    if (frame->event.type != VALUE_MISSING) {
        ERR(err, event_levels, target->name, INT(found.n));
        for (int i = 0; i < found.n && i < SHOWN_LEVELS; i++)
            err_detail(err, "'%s' has %zu rows", found.names[i], found.counts[i]);
        return err_hint(err, "derive a target of two levels: ifelse(%s == \"%s\", 1, 0)", target->name,
                        found.names[0]);
    }
    out->kind = 'c';
    out->n_levels = found.n;
    out->levels = found.names;
    return true;
}

static bool number_target(const Frame *frame, Arena *arena, TargetInfo *out, Err *err)
{
    const FrameColumn *target = &frame->columns[out->column];
    double values[2] = { 0, 0 };
    size_t counts[2] = { 0, 0 };
    int n = count_values(frame, target->column, values, counts);
    bool binary = n > 0 && n <= 2;
    for (int i = 0; i < n && i < 2; i++) binary = binary && (values[i] == 0 || values[i] == 1);
    if (n != 2 && !binary) {
        if (frame->event.type != VALUE_MISSING)
            return ERR(err, event_levels, target->name, n == 1 ? "one value" : "more values");
        out->kind = 'n';
        return true;
    }
    if (binary) { /* also where only one of the two occurs */
        if (n == 1 && values[0] == 1) counts[1] = counts[0], counts[0] = 0;
        values[0] = 0, values[1] = 1;
    }
    Found found = { 0 };
    find_numbers(arena, values, counts, 2, &found);
    return choose_event(frame, &found, arena, out, err);
}

static bool bool_target(const Frame *frame, Arena *arena, TargetInfo *out, Err *err)
{
    const char **names = arena_take(arena, 2 * sizeof *names);
    size_t *counts = arena_take(arena, 2 * sizeof *counts);
    names[0] = "off";
    names[1] = "on";
    return choose_event(frame, &(Found){ names, counts, 2 }, arena, out, err);
}

bool frame_target(const Frame *frame, Arena *arena, TargetInfo *out, Err *err)
{
    *out = (TargetInfo){ .column = frame_role(frame, ROLE_TARGET) };
    if (out->column < 0) return true;
    const FrameColumn *target = &frame->columns[out->column];
    switch (target->column->type) {
    case COLUMN_CATEGORY: return category_target(frame, arena, out, err);
    case COLUMN_BOOL: return bool_target(frame, arena, out, err);
    case COLUMN_NUMBER:
    case COLUMN_INTEGER: return number_target(frame, arena, out, err);
    case COLUMN_TEXT:
    case COLUMN_TIME: break;
    }
    return ERR(err, bad_target, target->name, column_type_name(target->column),
               "a target is a number, a category or on/off");
}

double frame_target_value(const Frame *frame, const TargetInfo *target, size_t row)
{
    size_t physical = frame_physical(frame, row);
    const Column *column = frame->columns[target->column].column;
    if (column_is_missing(column, physical)) return NAN;
    if (target->kind == 'n') return column_number(column, physical);
    if (column->type == COLUMN_CATEGORY) {
        const char *name = column->levels->names[column->codes[physical] - 1];
        for (int i = 0; i < target->n_levels; i++)
            if (strcmp(name, target->levels[i]) == 0) return i;
        return NAN;
    }
    if (column->type == COLUMN_BOOL)
        return text_equal(column->bools[physical] ? "on" : "off", target->levels[1]);
    double event; /* the level is the number's shortest text */
    return number_parse(target->levels[1], strlen(target->levels[1]), &event) &&
           column_number(column, physical) == event;
}

/* The truth is that of level 1; event=0 turns it over. */
double frame_truth_value(const Frame *frame, const TargetInfo *target, size_t row)
{
    if (!frame->truth || (target->kind != 'n' && target->kind != 'b')) return NAN;
    double p = column_number(frame->truth, frame_physical(frame, row));
    bool turned =
        target->kind == 'b' && (text_equal(target->levels[1], "0") || text_equal(target->levels[1], "off"));
    return turned ? 1 - p : p;
}
