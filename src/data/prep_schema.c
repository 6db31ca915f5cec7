/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema: which columns enter, and what the training rows show of each. */
#include <math.h>
#include <string.h>

#include "data/order.h"
#include "data/prepfit.h"
#include "data/special.h"

static bool is_usable(PrepFit *fit, const FrameColumn *column)
{
    if (column->column->type == COLUMN_TEXT)
        NOTE(fit->notes, text_column_unused, column->name);
    else if (column->column->type == COLUMN_TIME)
        NOTE(fit->notes, time_column_unused, column->name, column_type_name(column->column));
    else
        return true;
    return false;
}

bool prepfit_columns(PrepFit *fit, ValueList selection, Err *err)
{
    const Frame *frame = fit->frame;
    Value all = { .type = VALUE_WORD, .text = "all" };
    if (selection.n == 0) selection = (ValueList){ &all, 1 };
    int *columns, n;
    if (!frame_select(frame, selection, true, fit->arena, &columns, &n, err)) return false;
    for (int i = 0; i < n; i++)
        if (is_usable(fit, &frame->columns[columns[i]])) columns[fit->n_columns++] = columns[i];
    fit->columns = columns;
    if (fit->n_columns > 0) return true;
    ERR(err, no_inputs, fit->prep->frame_name);
    return err_hint(err, "describe %s shows types and roles", fit->prep->frame_name);
}

static bool fit_levels(const PrepFit *fit, const Column *column, SchemaColumn *schema, Err *err)
{
    size_t n = column->levels ? column->levels->n : 0;
    uint8_t *seen = mem_get(n + 1, 1, err);
    uint32_t *ranks = levels_ranks(column->levels, err), *by_rank = mem_get(n + 1, 4, err);
    bool ok = seen && ranks && by_rank;
    for (size_t i = 0; ok && i < fit->n; i++)
        seen[column->codes[frame_physical(fit->frame, fit->rows[i])]] = 1;
    int count = 0;
    for (uint32_t code = 1; ok && code <= n; code++) {
        by_rank[ranks[code]] = code;
        count += seen[code];
    }
    if (ok) {
        const char **levels = arena_take(fit->arena, ((size_t)count + 1) * sizeof *levels);
        for (size_t rank = 0; rank < n; rank++)
            if (seen[by_rank[rank]])
                levels[schema->n_levels++] = arena_text(fit->arena, column->levels->names[by_rank[rank] - 1]);
        schema->levels = levels;
        schema->had_missing = seen[0];
    }
    mem_free(seen);
    mem_free(ranks);
    mem_free(by_rank);
    return ok;
}

static void fit_range(const PrepFit *fit, const Column *column, SchemaColumn *schema)
{
    double low = INFINITY, high = -INFINITY;
    int32_t specials[SPECIALS_MAX];
    for (size_t i = 0; i < fit->n; i++) {
        double x = column_number(column, frame_physical(fit->frame, fit->rows[i]));
        if (x != x) {
            schema->had_missing = true;
            special_collect(&x, 1, specials, &schema->n_specials);
        }
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    schema->low = low <= high ? low : NAN;
    schema->high = low <= high ? high : NAN;
    if (schema->n_specials == 0) return;
    size_t size = (size_t)schema->n_specials * sizeof *specials;
    schema->specials = memcpy(arena_take(fit->arena, size), specials, size);
}

bool prepfit_schema(PrepFit *fit, Err *err)
{
    SchemaColumn *inputs = arena_take(fit->arena, (size_t)fit->n_columns * sizeof *inputs);
    for (int i = 0; i < fit->n_columns; i++) {
        const FrameColumn *column = &fit->frame->columns[fit->columns[i]];
        inputs[i] = (SchemaColumn){ .name = arena_text(fit->arena, column->name),
                                    .type = column->column->type,
                                    .unit = column->column->unit,
                                    .low = NAN,
                                    .high = NAN };
        if (column->column->type != COLUMN_CATEGORY)
            fit_range(fit, column->column, &inputs[i]);
        else if (!fit_levels(fit, column->column, &inputs[i], err))
            return false;
    }
    fit->prep->inputs = inputs;
    fit->prep->n_inputs = fit->n_columns;
    return true;
}

bool prepfit_coded(PrepFit *fit, Err *err)
{
    int *columns, n;
    SchemaColumn *inputs = (SchemaColumn *)fit->prep->inputs;
    if (!frame_select(fit->frame, fit->coded, true, fit->arena, &columns, &n, err)) return false;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < fit->n_columns; i++)
            if (fit->columns[i] == columns[k]) inputs[i].coded = schema_is_category(&inputs[i]);
    return true;
}
