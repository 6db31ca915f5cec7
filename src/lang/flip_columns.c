/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a row that may change, and the values that they may take: those of the training rows. */
#include <math.h>

#include "data/cellorder.h"
#include "data/rowprogram.h"
#include "lang/bind.h"
#include "lang/flipping.h"

enum { VALUES = 41 }; /* quantiles of a number */

/* ---- columns */

static bool all_there(const Frame *frame, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (frame_find(frame, names[i]) < 0) return false;
    return true;
}

static void add_name(Flip *flip, const char *name)
{
    if (!name || frame_find(flip->frame, name) < 0) return;
    for (int i = 0; i < flip->n_names; i++)
        if (text_equal(flip->names[i], name)) return;
    flip->names[flip->n_names++] = name;
}

void flip_names(Flip *flip, const Prep *prep)
{
    const char **inputs = arena_take(flip->arena, ((size_t)prep->n_inputs + 1) * sizeof *inputs),
               **raw = inputs;
    int n = prep->n_inputs;
    for (int i = 0; i < n; i++) inputs[i] = prep->inputs[i].name;
    if (prep->program) n = rowprogram_inputs(prep->program, NULL, inputs, n, flip->arena, &raw);
    flip->derived = !all_there(flip->frame, raw, n);
    if (flip->derived) raw = inputs, n = prep->n_inputs;
    flip->names = arena_take(flip->arena, ((size_t)n + 2) * sizeof *flip->names);
    for (int i = 0; i < n; i++) add_name(flip, raw[i]);
    add_name(flip, prep->id);
    add_name(flip, prep->time);
}

const FrameColumn *flip_column(const Flip *flip, int name)
{
    return &flip->frame->columns[frame_find(flip->frame, flip->names[name])];
}

/* Flags (n_names) of what keep= names; of a derived column, of all that it is made of. */
static bool find_kept(const Flip *flip, const Call *call, bool *kept, Err *err)
{
    const Prep *prep = flip->judged->models[0]->prep;
    ValueList keep = option_list(&call->options, "keep");
    int *columns = NULL, n = 0;
    if (keep.n && !frame_select(flip->frame, keep, false, flip->arena, &columns, &n, err)) {
        if (err && !err->span.source) err->span = call_span(call, "keep");
        return false;
    }
    for (int c = 0; c < n; c++) {
        const char *name = flip->frame->columns[columns[c]].name, **raw = &name;
        int n_raw = prep->program ? rowprogram_inputs(prep->program, NULL, &name, 1, flip->arena, &raw) : 1;
        for (int r = 0; r < n_raw; r++)
            for (int i = 0; i < flip->n_names; i++)
                kept[i] |= text_equal(flip->names[i], raw[r]) || text_equal(flip->names[i], name);
    }
    return true;
}

static bool can_change(const FrameColumn *column)
{
    ColumnType type = column->column->type;
    return column->role == ROLE_INPUT && type != COLUMN_TEXT && type != COLUMN_TIME;
}

/* ---- the values of a column among the training rows */

static bool same_cell(const Column *column, uint32_t a, uint32_t b)
{
    if (column->type == COLUMN_CATEGORY) return column->codes[a] == column->codes[b];
    return column_number(column, a) == column_number(column, b);
}

static void add_value(const Flip *flip, const Column *column, Knob *knob, uint32_t row, double spread)
{
    bool own_missing = column_is_missing(column, flip->own);
    if (!own_missing && same_cell(column, row, flip->own)) return;
    if (knob->n && same_cell(column, row, knob->rows[knob->n - 1])) return;
    bool is_step = knob->steps && !own_missing;
    knob->rows[knob->n] = row;
    knob->sizes[knob->n++] =
        is_step ? fabs(column_number(column, row) - column_number(column, flip->own)) / spread : 1;
}

/* The interquartile range of sorted rows, else their whole range. */
static double spread_of(const Column *column, const uint32_t *rows, const uint32_t *places, size_t n)
{
    double q1 = column_number(column, rows[places[n / 4]]),
           q3 = column_number(column, rows[places[3 * n / 4]]);
    double low = column_number(column, rows[places[0]]), high = column_number(column, rows[places[n - 1]]);
    return q3 > q1 ? q3 - q1 : high > low ? high - low : 1;
}

static bool find_values(Flip *flip, int name, const uint32_t *rows, size_t n, uint32_t *places, Err *err)
{
    const Column *column = flip_column(flip, name)->column;
    const Column *const columns[CELL_COLUMNS] = { column, NULL };
    Knob *knob = &flip->knobs[flip->n_knobs];
    if (!rows_by_cells(columns, rows, n, places, err)) return false;
    while (n && column_is_missing(column, rows[places[n - 1]])) n--;
    bool steps = column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER;
    size_t most = steps && n > VALUES ? VALUES : n;
    *knob = (Knob){ .name = name, .steps = steps };
    knob->rows = arena_take(flip->arena, (most + 1) * sizeof *knob->rows);
    knob->sizes = arena_take(flip->arena, (most + 1) * sizeof *knob->sizes);
    double spread = n && steps ? spread_of(column, rows, places, n) : 1;
    for (size_t k = 0; k < most; k++)
        add_value(flip, column, knob, rows[places[most > 1 ? k * (n - 1) / (most - 1) : 0]], spread);
    flip->n_knobs += knob->n > 0;
    return true;
}

bool flip_knobs(Flip *flip, const Call *call, const uint32_t *rows, size_t n, Err *err)
{
    bool *kept = arena_take(flip->arena, (size_t)flip->n_names + 1);
    if (!find_kept(flip, call, kept, err)) return false;
    uint32_t *places = mem_get(n, sizeof *places, err);
    bool ok = places != NULL;
    flip->knobs = arena_take(flip->arena, ((size_t)flip->n_names + 1) * sizeof *flip->knobs);
    for (int i = 0; ok && i < flip->n_names; i++)
        if (!kept[i] && can_change(flip_column(flip, i))) ok = find_values(flip, i, rows, n, places, err);
    mem_free(places);
    return ok && (flip->n_knobs > 0 || ERR(err, flip_columns, flip->judged->models[0]->name));
}
