/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Targets and weights of frame rows, as the model's levels number them. */
#include <math.h>
#include <string.h>

#include "data/prepwork.h"
#include "data/rowprogram.h"

static size_t physical_row(const Frame *frame, const uint32_t *rows, size_t i)
{
    return frame_physical(frame, rows ? rows[i] : i);
}

/* The frame with the column `name` in it, made by the row program where it is derived; one reference. */
static Frame *with_column(const Prep *prep, const Frame *frame, const char *name, Err *err)
{
    if (!prep->program) return frame_ref(frame);
    return (Frame *)rowprogram_apply(prep->program, frame, &name, 1, NULL, NULL, err);
}

/* ---- levels */

typedef struct LevelReader {
    const Prep *prep;
    const Column *column;
    int *map;       /* CATEGORY: the level number of each code, -1 for none */
    double *values; /* the levels as numbers, NaN where they are none */
} LevelReader;

static int find_level(const Prep *prep, const char *text)
{
    for (int k = 0; k < prep->n_target_levels; k++)
        if (strcmp(prep->target_levels[k], text) == 0) return k;
    return -1;
}

static double level_number(const char *level)
{
    double x;
    if (strcmp(level, "off") == 0) return 0;
    if (strcmp(level, "on") == 0) return 1;
    return number_parse(level, strlen(level), &x) ? x : NAN;
}

static bool open_levels(LevelReader *reader, Err *err)
{
    const Column *column = reader->column;
    size_t n = (size_t)reader->prep->n_target_levels;
    reader->values = mem_get(n, sizeof *reader->values, err);
    if (!reader->values) return false;
    for (size_t k = 0; k < n; k++) reader->values[k] = level_number(reader->prep->target_levels[k]);
    if (column->type != COLUMN_CATEGORY) return true;
    size_t n_codes = column->levels ? column->levels->n : 0;
    reader->map = mem_get(n_codes + 1, sizeof *reader->map, err);
    for (size_t code = 1; reader->map && code <= n_codes; code++)
        reader->map[code] = find_level(reader->prep, column->levels->names[code - 1]);
    return reader->map != NULL;
}

static void close_levels(LevelReader *reader)
{
    mem_free(reader->values);
    mem_free(reader->map);
}

/* The level number of a cell that is not missing, or -1. */
static int cell_level(const LevelReader *reader, size_t row)
{
    const Column *column = reader->column;
    if (column->type == COLUMN_CATEGORY) return reader->map[column->codes[row]];
    if (column->type == COLUMN_TEXT || column->type == COLUMN_TIME) {
        Buf text = { 0 };
        column_text(column, row, &text);
        int level = find_level(reader->prep, buf_text(&text));
        buf_free(&text);
        return level;
    }
    double x = column_number(column, row);
    for (int k = 0; k < reader->prep->n_target_levels; k++)
        if (reader->values[k] == x) return k;
    return -1;
}

static bool unknown_level(const Prep *prep, const Column *column, size_t row, Err *err)
{
    Buf text = { 0 };
    column_text(column, row, &text);
    ERR(err, unknown_target_level, INT(row + 1), prep->target, buf_text(&text));
    buf_clear(&text);
    for (int k = 0; k < prep->n_target_levels && k < 8; k++)
        buf_printf(&text, "%s%s", k ? ", " : "", prep->target_levels[k]);
    err_hint(err, "it knows %s%s", buf_text(&text), prep->n_target_levels > 8 ? ", ..." : "");
    buf_free(&text);
    return false;
}

static bool read_levels(const LevelReader *reader, const Frame *frame, const uint32_t *rows, size_t n,
                        double *y, Err *err)
{
    for (size_t i = 0; i < n; i++) {
        size_t row = physical_row(frame, rows, i);
        bool is_missing = column_is_missing(reader->column, row);
        int level = is_missing ? 0 : cell_level(reader, row);
        if (level < 0) return unknown_level(reader->prep, reader->column, row, err);
        y[i] = is_missing ? (double)NAN : (double)level;
    }
    return true;
}

/* ---- numbers */

static bool read_numbers(const Prep *prep, const Frame *frame, const Column *column, const uint32_t *rows,
                         size_t n, double *y, Err *err)
{
    if (column->type == COLUMN_CATEGORY || column->type == COLUMN_TEXT || column->type == COLUMN_TIME)
        return ERR(err, bad_target, prep->target, column_type_name(column), "the model learned a number");
    for (size_t i = 0; i < n; i++) y[i] = column_number(column, physical_row(frame, rows, i));
    return true;
}

static bool read_target(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *y,
                        Err *err)
{
    int number;
    if (!frame_column(frame, prep->target, &number, err)) return false;
    const Column *column = frame->columns[number].column;
    if (prep->target_kind == 'n') return read_numbers(prep, frame, column, rows, n, y, err);
    LevelReader reader = { .prep = prep, .column = column };
    bool ok = open_levels(&reader, err) && read_levels(&reader, frame, rows, n, y, err);
    close_levels(&reader);
    return ok;
}

/* The labels of windows with a horizon stand in later rows. */
static bool read_labels(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *y,
                        Err *err)
{
    if (prep->sample.kind != SAMPLE_WINDOW || prep->sample.horizon <= 0)
        return read_target(prep, frame, rows, n, y, err);
    SampleBy by = prep_samples(prep);
    uint32_t *labels = mem_get(n, 2 * sizeof *labels, err), *there = labels ? labels + n : NULL;
    size_t found = 0, at = 0;
    bool ok = labels && sample_labels(frame, &by, rows, n, labels, &(SampleLabels){ 0 }, err);
    for (size_t i = 0; ok && i < n; i++)
        if (labels[i] != SAMPLE_NO_ROW) there[found++] = labels[i];
    ok = ok && read_target(prep, frame, there, found, y, err);
    at = found;
    for (size_t i = n; ok && i-- > 0;) y[i] = labels[i] == SAMPLE_NO_ROW ? (double)NAN : y[--at];
    mem_free(labels);
    return ok;
}

bool prep_target(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *y, Err *err)
{
    if (!prep->target) return ERR(err, no_target, prep->frame_name);
    Frame *derived = with_column(prep, frame, prep->target, err);
    bool ok = derived && read_labels(prep, derived, rows, n, y, err);
    frame_unref(derived);
    return ok;
}

static bool read_weights(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *w,
                         Err *err)
{
    int number = prep->weight ? frame_find(frame, prep->weight) : -1;
    for (size_t i = 0; i < n; i++) {
        size_t row = physical_row(frame, rows, i);
        w[i] = number < 0 ? 1 : column_number(frame->columns[number].column, row);
        if (!(w[i] >= 0) || isinf(w[i]))
            return ERR(err, bad_weight, INT(row + 1), prep->weight, isnan(w[i]) ? "missing" : NUM(w[i]));
    }
    return true;
}

bool prep_weights(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, double *w, Err *err)
{
    if (!prep->weight) return read_weights(prep, frame, rows, n, w, err);
    Frame *derived = with_column(prep, frame, prep->weight, err);
    bool ok = derived && read_weights(prep, derived, rows, n, w, err);
    frame_unref(derived);
    return ok;
}
