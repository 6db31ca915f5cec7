/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/forecast.h"

#include <math.h>
#include <string.h>

#include "model/decision.h"

typedef struct Builder {
    Arena *arena;
    const Judged *judged;
    const char **names;
    Column **columns;
    int n;
} Builder;

static bool is_taken(const Builder *builder, const char *name)
{
    for (int i = 0; i < builder->n; i++)
        if (!strcmp(builder->names[i], name)) return true;
    return false;
}

/* Takes over the column; a name that is taken gets "_2", "_3", ... */
static bool add(Builder *builder, const char *name, Column *column)
{
    if (!column) return false;
    const char *free_name = name;
    for (int i = 2; is_taken(builder, free_name); i++)
        free_name = arena_format(builder->arena, "%s_%d", name, i);
    column_finish(column);
    builder->names[builder->n] = free_name;
    builder->columns[builder->n++] = column;
    return true;
}

/* ---- cells of the frame's own columns */

static bool gather_text(Column *to, const Column *from, const Judged *judged, Err *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < judged->n; i++) {
        size_t row = frame_physical(judged->frame, judged->rows[i]);
        bytes += from->offsets[row + 1] - from->offsets[row];
    }
    if (!(to->bytes = mem_get(bytes, 1, err)) || !(to->text_missing = mem_get(judged->n / 8 + 1, 1, err)))
        return false;
    to->offsets[0] = 0;
    for (size_t i = 0; i < judged->n; i++) {
        size_t row = frame_physical(judged->frame, judged->rows[i]),
               length = from->offsets[row + 1] - from->offsets[row];
        memcpy(to->bytes + to->offsets[i], from->bytes + from->offsets[row], length);
        to->offsets[i + 1] = to->offsets[i] + length;
        if (column_is_missing(from, row)) to->text_missing[i / 8] |= (uint8_t)(1u << (i % 8));
    }
    return true;
}

static void gather_cells(Column *to, const Column *from, const Judged *judged)
{
    for (size_t i = 0; i < judged->n; i++) {
        size_t row = frame_physical(judged->frame, judged->rows[i]);
        switch (from->type) {
        case COLUMN_NUMBER: to->numbers[i] = from->numbers[row]; break;
        case COLUMN_INTEGER:
        case COLUMN_TIME: to->integers[i] = from->integers[row]; break;
        case COLUMN_CATEGORY: to->codes[i] = from->codes[row]; break;
        case COLUMN_BOOL: to->bools[i] = from->bools[row]; break;
        case COLUMN_TEXT: break;
        }
    }
}

static Column *gather(const Column *from, const Judged *judged, Err *err)
{
    Column *to = column_new(from->type, judged->n, err);
    if (!to) return NULL;
    to->unit = from->unit;
    if (from->levels) to->levels = levels_ref(from->levels);
    if (from->type == COLUMN_TEXT && !gather_text(to, from, judged, err)) {
        column_unref(to);
        return NULL;
    }
    gather_cells(to, from, judged);
    return to;
}

static bool add_own(Builder *builder, int column, Err *err)
{
    if (column < 0) return true;
    const FrameColumn *own = &builder->judged->frame->columns[column];
    return add(builder, own->name, gather(own->column, builder->judged, err));
}

static bool add_rows(Builder *builder, Err *err)
{
    const Judged *judged = builder->judged;
    Column *column = column_new(COLUMN_INTEGER, judged->n, err);
    for (size_t i = 0; column && i < judged->n; i++)
        column->integers[i] = (int64_t)frame_row_number(judged->frame, judged->rows[i]);
    return add(builder, "row", column);
}

/* ---- scores and levels */

static bool add_scores(Builder *builder, const double *scores, Err *err)
{
    const Judged *judged = builder->judged;
    size_t width = (size_t)judged->models[0]->n_outputs;
    bool one = width == 1 || judged->kind == 'b';
    for (size_t k = one ? width - 1 : 0; k < width; k++) {
        const char *name = one ? "score" : arena_format(builder->arena, "score_%s", judged->levels[k]);
        Column *column = column_new(COLUMN_NUMBER, judged->n, err);
        for (size_t i = 0; column && i < judged->n; i++) column->numbers[i] = scores[i * width + k];
        if (!add(builder, name, column)) return false;
    }
    return true;
}

/* The level that a row's scores say, from 0; -1 where they are missing. */
static int predicted(const double *scores, size_t width, bool two_levels, double cutoff)
{
    if (two_levels) return isnan(scores[width - 1]) ? -1 : scores[width - 1] >= cutoff;
    int best = 0;
    for (size_t k = 0; k < width; k++) {
        if (isnan(scores[k])) return -1;
        if (scores[k] > scores[best]) best = (int)k;
    }
    return best;
}

static bool whole_number(const char *text, double *out)
{
    return number_parse(text, strlen(text), out) && *out == floor(*out) && fabs(*out) < 1e15;
}

/* Levels such as 0 and 1 are written as numbers. */
static bool levels_are_numbers(const Judged *judged)
{
    double number;
    for (int k = 0; k < judged->n_levels; k++)
        if (!whole_number(judged->levels[k], &number)) return false;
    return judged->n_levels > 0;
}

static void set_pred(const Judged *judged, Column *column, size_t i, int level)
{
    double number = 0;
    if (column->type == COLUMN_CATEGORY) {
        column->codes[i] = (uint32_t)(level + 1);
        return;
    }
    if (level >= 0) whole_number(judged->levels[level], &number);
    column->integers[i] = level < 0 ? INTEGER_MISSING : (int64_t)number;
}

static bool add_pred(Builder *builder, const double *scores, Err *err)
{
    const Judged *judged = builder->judged;
    if (judged->kind != 'b' && judged->kind != 'c') return true;
    size_t width = (size_t)judged->models[0]->n_outputs;
    double own = model_threshold(judged->models[0]), cutoff = isnan(own) ? 0.5 : own;
    bool numbers = levels_are_numbers(judged);
    Column *column = column_new(numbers ? COLUMN_INTEGER : COLUMN_CATEGORY, judged->n, err);
    if (!column) return false;
    if (!numbers && !(column->levels = levels_new(judged->levels, (uint32_t)judged->n_levels))) {
        column_unref(column);
        return ERR(err, no_memory, "the levels of the target");
    }
    for (size_t i = 0; i < judged->n; i++)
        set_pred(judged, column, i, predicted(scores + i * width, width, judged->kind == 'b', cutoff));
    return add(builder, "pred", column);
}

/* The points and the grade of P(event), where the model has a scale. */
static bool add_decided(Builder *builder, const double *scores, Err *err)
{
    const Judged *judged = builder->judged;
    const Decision *decision = judged->models[0]->decision;
    size_t width = (size_t)judged->models[0]->n_outputs;
    if (!decision || judged->kind != 'b') return true;
    Column *points = decision->points ? column_new(COLUMN_NUMBER, judged->n, err) : NULL;
    for (size_t i = 0; points && i < judged->n; i++)
        points->numbers[i] = points_of(decision->points, scores[i * width + width - 1]);
    if (decision->points && !add(builder, "points", points)) return false;
    Column *grade = decision->grades ? column_new(COLUMN_INTEGER, judged->n, err) : NULL;
    for (size_t i = 0; grade && i < judged->n; i++) {
        int of_row = grades_of(decision->grades, scores[i * width + width - 1]);
        grade->integers[i] = of_row ? of_row : INTEGER_MISSING;
    }
    return !decision->grades || add(builder, "grade", grade);
}

/* Of several outputs for one number: each under its name. */
static bool add_details(Builder *builder, const double *details, Err *err)
{
    const Model *model = builder->judged->models[0];
    size_t width = (size_t)model->n_columns;
    for (size_t k = 0; details && k < width; k++) {
        Column *column = column_new(COLUMN_NUMBER, builder->judged->n, err);
        for (size_t i = 0; column && i < builder->judged->n; i++) column->numbers[i] = details[i * width + k];
        if (!add(builder, model->columns[k], column)) return false;
    }
    return true;
}

static int role_or_name(const Frame *frame, Role role, const char *name)
{
    int column = frame_role(frame, role);
    return column < 0 && name ? frame_find(frame, name) : column;
}

/* id and time by role, or by the names that the model knows them under. */
static bool add_all(Builder *builder, const double *scores, const double *details, Err *err)
{
    const Judged *judged = builder->judged;
    const Prep *prep = judged->models[0]->prep;
    const Frame *frame = judged->frame;
    int target = judged->target ? frame_find(frame, judged->target) : -1;
    return add_rows(builder, err) &&
           add_own(builder, role_or_name(frame, ROLE_ID, prep ? prep->id : NULL), err) &&
           add_own(builder, role_or_name(frame, ROLE_TIME, prep ? prep->time : NULL), err) &&
           add_own(builder, target, err) && add_scores(builder, scores, err) &&
           add_pred(builder, scores, err) && add_decided(builder, scores, err) &&
           add_details(builder, details, err);
}

static void set_roles(Frame *frame, const Judged *judged, Err *err)
{
    if (judged->target && frame_find(frame, judged->target) >= 0)
        frame_set_role(frame, judged->target, ROLE_TARGET, err);
    if (frame_find(frame, "score") >= 0) frame_set_role(frame, "score", ROLE_SCORE, err);
    if (judged->target && judged->frame->event.type != VALUE_MISSING)
        frame->event = value_copy(frame->arena, judged->frame->event);
}

Frame *forecast_frame(const Judged *judged, const double *scores, const double *details, Err *err)
{
    Builder builder = { .arena = arena_new(), .judged = judged };
    size_t most = (size_t)(judged->models[0]->n_outputs + judged->models[0]->n_columns) + 7;
    builder.names = arena_take(builder.arena, most * sizeof *builder.names);
    builder.columns = arena_take(builder.arena, most * sizeof *builder.columns);
    Frame *frame = NULL;
    if (add_all(&builder, scores, details, err)) {
        frame = frame_new(builder.names, builder.columns, builder.n, judged->n, "predict");
        set_roles(frame, judged, NULL);
        frame->taint = judged->frame->taint | judged->models[0]->taint;
    } else {
        for (int i = 0; i < builder.n; i++) column_unref(builder.columns[i]);
    }
    arena_free(builder.arena);
    return frame;
}
