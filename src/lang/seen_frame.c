/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/seen_frame.h"

#include <math.h>
#include <string.h>

#include "data/gather.h"
#include "data/prep.h"
#include "data/rowprogram.h"
#include "lang/bind.h"
#include "lang/session.h"

static bool stays(Role role)
{
    return role == ROLE_TARGET || role == ROLE_ID || role == ROLE_TIME;
}

static bool drop_inputs(Frame *frame, Arena *arena, Err *err)
{
    int n = 0, *columns = arena_take(arena, ((size_t)frame->n_columns + 1) * sizeof *columns);
    for (int c = 0; c < frame->n_columns; c++)
        if (!stays(frame->columns[c].role)) columns[n++] = c;
    return frame_drop_columns(frame, columns, n, err);
}

/* Feature k of every row as a column of the frame. */
static bool put_feature(Frame *frame, const Prep *prep, int k, const real *x, Arena *arena, Err *err)
{
    Column *column = column_new(COLUMN_NUMBER, frame->n_physical, err);
    if (!column) return false;
    for (size_t i = 0; i < frame->n_physical; i++) column->numbers[i] = NAN;
    for (size_t i = 0; i < frame->n_rows; i++)
        column->numbers[frame_physical(frame, i)] = (double)x[i * (size_t)prep->n_features + (size_t)k];
    column_finish(column);
    const char *name = frame_free_name(frame, prep->features[k], "input", arena);
    if (frame_put_column(frame, name, column, ROLE_INPUT, false, err)) return true;
    column_unref(column);
    return false;
}

static bool put_features(Frame *frame, const Prep *prep, const Frame *from, Arena *arena, Result *result,
                         Err *err)
{
    PrepReport report = { 0 };
    real *x = mem_stretch(NULL, 0, from->n_rows, (size_t)prep->n_features * sizeof *x, err);
    bool ok = x && prep_apply(prep, from, NULL, from->n_rows, x, &report, &result->notes, err) &&
              drop_inputs(frame, arena, err);
    for (int k = 0; ok && k < prep->n_features; k++) ok = put_feature(frame, prep, k, x, arena, err);
    mem_free(x);
    return ok;
}

/* Its rows, parts and target, without what makes inputs. */
static Frame *bare_version(const Frame *from, const char *origin)
{
    Frame *frame = frame_version(from);
    rowprogram_unref(frame->program);
    frame->program = NULL;
    frame_set_recipe(frame, NULL, recipe_new());
    frame_set_origin(frame, origin, from, NULL);
    return frame;
}

bool seen_asked(const Call *call)
{
    const Option *given = option_get(&call->options, "recipe");
    return given->given && !(given->value.type == VALUE_BOOL && !given->value.on);
}

/* NULL: the default recipe. */
static bool recipe_name(const Call *call, const char **name, Err *err)
{
    const Value *value = &option_get(&call->options, "recipe")->value;
    *name = value->type == VALUE_WORD || value->type == VALUE_TEXT ? value->text : NULL;
    return *name || value->type == VALUE_BOOL ||
           ERR_AT(err, call_span(call, "recipe"), bad_value, "recipe", "on, off or the name of a recipe",
                  "this");
}

/* The frame as it stands, fitted, and what comes out of it. */
static Frame *see(Session *session, const Call *call, const Frame *from, Result *result, Err *err)
{
    Prep *prep =
        prep_fit(from, call->frame_name, (ValueList){ 0 }, false, &result->notes, &session->progress, err);
    if (!prep) return NULL;
    Frame *frame = bare_version(from, arena_format(call->arena, "%s behind its recipe", call->frame_name));
    bool ok = put_features(frame, prep, from, call->arena, result, err);
    prep_unref(prep);
    if (ok) return frame;
    frame_unref(frame);
    return NULL;
}

bool seen_frame(Session *session, const Call *call, Call *seen, Result *result, Err *err)
{
    const char *name;
    *seen = *call;
    if (!seen_asked(call)) {
        seen->frame = frame_ref(call->frame);
        return true;
    }
    if (!recipe_name(call, &name, err)) return false;
    Frame *from = frame_with_recipe(call->frame, name, err);
    seen->frame = from ? see(session, call, from, result, err) : NULL;
    if (err && !seen->frame && !err->span.source) err->span = call_span(call, "recipe");
    frame_unref(from);
    return seen->frame != NULL;
}
