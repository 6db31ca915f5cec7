/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames: making, sharing and asking them. */
#include "data/frame.h"

#include <string.h>

#include "data/recipe.h"
#include "data/rowprogram.h"
#include "data/split.h"

static const char *const role_names[] = {
    [ROLE_INPUT] = "input", [ROLE_TARGET] = "target",       [ROLE_ID] = "id",
    [ROLE_TIME] = "time",   [ROLE_GROUP] = "group",         [ROLE_WEIGHT] = "weight",
    [ROLE_SCORE] = "score", [ROLE_PROTECTED] = "protected", [ROLE_HELD] = "held"
};

const char *role_name(Role role)
{
    return role_names[role];
}

const char *frame_label(const Frame *frame)
{
    if (frame->name) return frame->name;
    return frame->origin && *frame->origin ? frame->origin : "the frame";
}

static Frame *frame_blank(int n_columns)
{
    Frame *frame = mem_own(sizeof *frame);
    atomic_init(&frame->refs, 1);
    frame->arena = arena_new();
    frame->columns = arena_take(frame->arena, (size_t)n_columns * sizeof *frame->columns);
    frame->n_columns = n_columns;
    return frame;
}

Frame *frame_new(const char *const *names, Column *const *columns, int n_columns, size_t n_physical,
                 const char *origin)
{
    Frame *frame = frame_blank(n_columns);
    for (int i = 0; i < n_columns; i++)
        frame->columns[i] = (FrameColumn){ .name = arena_text(frame->arena, names[i]), .column = columns[i] };
    frame->n_physical = frame->n_rows = n_physical;
    frame->recipe = recipe_new();
    frame->event = value_missing();
    frame->origin = arena_text(frame->arena, origin ? origin : "");
    return frame;
}

Frame *frame_ref(const Frame *frame)
{
    Frame *shared = (Frame *)frame;
    if (shared) atomic_fetch_add(&shared->refs, 1);
    return shared;
}

static void index_unref(RowIndex *index)
{
    if (index && atomic_fetch_sub(&index->refs, 1) == 1) mem_free(index);
}

void frame_unref(const Frame *frame)
{
    Frame *own = (Frame *)frame;
    if (!own || atomic_fetch_sub(&own->refs, 1) != 1) return;
    for (int i = 0; i < own->n_columns; i++) column_unref(own->columns[i].column);
    column_unref(own->truth);
    column_unref(own->numbers);
    index_unref(own->index);
    rowprogram_unref(own->program);
    split_unref(own->split);
    recipe_unref(own->recipe);
    for (int i = 0; i < own->n_named; i++) recipe_unref(own->named[i].recipe);
    arena_free(own->arena);
    mem_free(own);
}

void frame_set_sample(Frame *frame, SampleRule rule)
{
    frame->sample = rule;
    if (rule.parent) frame->sample.parent = arena_text(frame->arena, rule.parent);
    if (rule.node) frame->sample.node = arena_text(frame->arena, rule.node);
}

Frame *frame_version(const Frame *frame)
{
    Frame *version = frame_blank(frame->n_columns);
    Arena *arena = version->arena;
    for (int i = 0; i < frame->n_columns; i++) {
        version->columns[i] = frame->columns[i];
        version->columns[i].name = arena_text(arena, frame->columns[i].name);
        if (frame->columns[i].made) version->columns[i].made = arena_text(arena, frame->columns[i].made);
        column_ref(frame->columns[i].column);
    }
    version->n_physical = frame->n_physical;
    version->n_rows = frame->n_rows;
    version->index = frame->index;
    if (version->index) atomic_fetch_add(&version->index->refs, 1);
    version->program = rowprogram_ref(frame->program);
    version->split = split_ref(frame->split);
    version->recipe = recipe_ref(frame->recipe);
    for (int i = 0; i < frame->n_named; i++)
        frame_set_recipe(version, frame->named[i].name, recipe_ref(frame->named[i].recipe));
    frame_set_sample(version, frame->sample);
    version->event = value_copy(arena, frame->event);
    version->name = frame->name ? arena_text(arena, frame->name) : NULL;
    version->origin = arena_text(arena, frame->origin);
    version->hash = frame->hash ? arena_text(arena, frame->hash) : NULL;
    version->truth = column_ref(frame->truth);
    version->numbers = column_ref(frame->numbers);
    version->taint = frame->taint;
    version->higher_is_safer = frame->higher_is_safer;
    return version;
}

int frame_find(const Frame *frame, const char *name)
{
    for (int i = 0; i < frame->n_columns; i++)
        if (strcmp(frame->columns[i].name, name) == 0) return i;
    return -1;
}

static bool no_column(const Frame *frame, const char *name, Err *err)
{
    Arena *scratch = arena_new();
    const char **names = arena_take(scratch, (size_t)frame->n_columns * sizeof *names);
    for (int i = 0; i < frame->n_columns; i++) names[i] = frame->columns[i].name;
    ERR(err, no_column, name, frame_label(frame), INT(frame->n_columns));
    err_suggest(err, name, names, (size_t)frame->n_columns);
    arena_free(scratch);
    return false;
}

bool frame_column(const Frame *frame, const char *name, int *column, Err *err)
{
    *column = frame_find(frame, name);
    return *column >= 0 || no_column(frame, name, err);
}

int frame_role(const Frame *frame, Role role)
{
    for (int i = 0; i < frame->n_columns; i++)
        if (frame->columns[i].role == role) return i;
    return -1;
}

LeadTime ahead_longer(LeadTime a, LeadTime b)
{
    double day = 86400e9, month = 30.436875 * day;
    return (double)a.months * month + (double)a.ns >= (double)b.months * month + (double)b.ns ? a : b;
}

LeadTime frame_ahead(const Frame *frame)
{
    LeadTime most = { 0, 0 };
    for (int i = 0; i < frame->n_columns; i++) most = ahead_longer(most, frame->columns[i].ahead);
    return most;
}

bool frame_future_column(const FrameColumn *column, Err *err)
{
    if (!column->ahead.months && !column->ahead.ns)
        return ERR(err, future_column, column->name, INT(column->lead));
    Value window = { .type = VALUE_DURATION, .duration = { column->ahead.months, column->ahead.ns } };
    Buf text = { 0 };
    value_write(&text, &window);
    ERR(err, future_window, column->name, buf_text(&text));
    buf_free(&text);
    return false;
}
