/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/fold_file.h"

#include <math.h>

#include "data/source.h"
#include "data/sources/load_options.h"

static const OptionSpec options[] = { LOAD_OPTIONS };
static const Kind plain_load = { .name = "load", KIND_OPTIONS(options) };

static bool fill(const Frame *frame, const char *path, int32_t *folds, size_t n, Err *err)
{
    int row = frame_find(frame, "row"), fold = frame_find(frame, "fold");
    if (row < 0 || fold < 0) return ERR(err, bad_folds, path, "it needs the columns row and fold");
    for (size_t i = 0; i < n; i++) folds[i] = -1;
    for (size_t i = 0; i < frame->n_rows; i++) {
        double at = column_number(frame->columns[row].column, i),
               value = column_number(frame->columns[fold].column, i);
        if (!(at >= 0 && at < (double)n && at == floor(at)))
            return ERR(err, bad_folds, path, "a row number is not one of the frame's rows, counted from 0");
        if (!(value >= 0 && value < 1000 && value == floor(value)))
            return ERR(err, bad_folds, path, "a fold is not a whole number from 0");
        folds[(size_t)at] = (int32_t)value;
    }
    return true;
}

bool fold_file_read(const char *path, size_t n, int32_t **folds, Progress *progress, Err *err)
{
    Arena *arena = arena_new();
    Args none = { 0 };
    Options bound;
    LoadReport report = { .arena = arena };
    Frame *frame = NULL;
    *folds = NULL;
    bool ok = options_bind(&plain_load, &none, arena, (Span){ 0 }, &bound, err) &&
              (frame = frame_load(path, "csv", &bound, &report, NULL, progress, err)) != NULL &&
              (*folds = mem_get(n, sizeof **folds, err)) != NULL && fill(frame, path, *folds, n, err);
    if (!ok) {
        mem_free(*folds);
        *folds = NULL;
    }
    frame_unref(frame);
    arena_free(arena);
    return ok;
}
