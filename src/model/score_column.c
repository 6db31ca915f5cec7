/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/score_column.h"

#include <math.h>
#include <string.h>

typedef struct ScoreColumn {
    const char *column;
    double sign, shift; /* score = shift + sign * cell */
} ScoreColumn;

static bool find_numbers(const Frame *frame, const char *name, const Column **out, Err *err)
{
    int at;
    if (!frame_column(frame, name, &at, err)) return false;
    const Column *column = frame->columns[at].column;
    *out = column;
    if (column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER || column->type == COLUMN_BOOL)
        return true;
    return ERR(err, score_not_number, name, column_type_name(column));
}

static bool within_unit(const Frame *frame, const Column *column)
{
    for (size_t i = 0; i < frame->n_rows; i++) {
        double x = column_number(column, frame_physical(frame, i));
        if (x < 0 || x > 1) return false;
    }
    return true;
}

static bool score(const Model *model, const Frame *frame, const uint32_t *rows, size_t n, double *out,
                  PrepReport *report, Notes *notes, Progress *progress, Err *err)
{
    const ScoreColumn *state = model->state;
    const Column *column;
    if (!progress_poll(progress, "scores", 0, 1, err) || !find_numbers(frame, state->column, &column, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        double x = column_number(column, frame_physical(frame, rows ? rows[i] : i));
        out[i] = state->shift + state->sign * x;
        if (isnan(x) && report) report->missing++;
    }
    if (state->sign < 0) NOTE(notes, score_turned, model->name);
    return true;
}

static Value record(const Model *model, Arena *arena)
{
    const ScoreColumn *state = model->state;
    Value value = value_record(arena);
    record_text(arena, value.record, "frame", model->frame_name);
    record_text(arena, value.record, "column", state->column);
    record_number(arena, value.record, "sign", state->sign);
    record_number(arena, value.record, "shift", state->shift);
    return value;
}

static bool restore(Model *model, const Record *from, Err *err)
{
    const Value *column = record_get(from, "column"), *sign = record_get(from, "sign");
    const Value *shift = record_get(from, "shift"), *frame = record_get(from, "frame");
    bool whole = frame && frame->type == VALUE_TEXT && column && column->type == VALUE_TEXT && sign &&
                 sign->type == VALUE_NUMBER && shift && shift->type == VALUE_NUMBER;
    if (!whole) return ERR(err, bad_model_part, "score column", "a member is missing");
    ScoreColumn *state = arena_take(model->arena, sizeof *state);
    state->column = arena_text(model->arena, column->text);
    model->frame_name = arena_text(model->arena, frame->text);
    state->sign = sign->number < 0 ? -1 : 1;
    state->shift = shift->number;
    model->state = state;
    return true;
}

static void free_state(Model *model)
{
    model->state = NULL; /* in the model's arena */
}

static const ModelKind score_model = {
    .name = "score",
    .since = "1",
    .score = score,
    .record = record,
    .restore = restore,
    .free_state = free_state,
};

const ModelKind *score_column_kind(void)
{
    return &score_model;
}

Model *model_of_column(const Frame *frame, const char *column, const char *name, Err *err)
{
    const Column *cells;
    if (!find_numbers(frame, column, &cells, err)) return NULL;
    Model *model = model_new(&score_model, name, NULL, 1);
    ScoreColumn *state = arena_take(model->arena, sizeof *state);
    state->column = arena_text(model->arena, column);
    int score_role = frame_role(frame, ROLE_SCORE);
    bool turned =
        frame->higher_is_safer && score_role >= 0 && text_equal(frame->columns[score_role].name, column);
    state->sign = turned ? -1 : 1;
    state->shift = turned && within_unit(frame, cells) ? 1 : 0;
    model->state = state;
    model->frame_name = arena_copy(model->arena, name, strcspn(name, "."));
    model->taint = frame->taint;
    return model;
}
