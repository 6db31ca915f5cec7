/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/screening.h"

#include <math.h>
#include <stdlib.h>

#include "data/looking/screen.h"
#include "data/split.h"

#define ROWS_MAX 250000
#define TOO_GOOD 0.95

typedef struct Screened {
    int column;
    Screening value;
} Screened;

typedef struct Rows {
    uint32_t *rows;
    double *y;
    size_t n, of; /* taken, and of how many */
    bool training;
    TargetInfo target;
} Rows;

/* The rows and their targets: 0, 1, NaN. */
static bool take_rows(const Frame *frame, Rows *out, Err *err)
{
    Err ignored = { 0 };
    out->training = frame->split && frame_part(frame, "train", &out->rows, &out->of, &ignored);
    if (!out->training && !frame_part(frame, "all", &out->rows, &out->of, err)) return false; /* folds */
    out->n = out->of < ROWS_MAX ? out->of : ROWS_MAX;
    out->y = mem_get(out->n, sizeof *out->y, err);
    for (size_t i = 0; out->y && i < out->n; i++) {
        out->rows[i] = out->rows[(size_t)((double)i * (double)out->of / (double)out->n)];
        out->y[i] = frame_target_value(frame, &out->target, out->rows[i]);
    }
    return out->y != NULL;
}

static int strongest_first(const void *a, const void *b)
{
    const Screened *x = a, *y = b;
    if (x->value.iv != y->value.iv) return x->value.iv < y->value.iv ? 1 : -1;
    return x->column - y->column;
}

static void show(const Frame *frame, const Screened *found, int n, int top, const Rows *rows, Result *result)
{
    Arena *arena = result->arena;
    int shown = n < top ? n : top;
    const char *part = rows->training ? " (training rows)" : "";
    const char *target = frame->columns[rows->target.column].name;
    Table *table =
        result_table(result, "single",
                     arena_format(arena, "one column against %s=%s%s", target, rows->target.levels[1], part));
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "auc", ALIGN_RIGHT, 4);
    table_column(arena, table, "iv", ALIGN_RIGHT, 4);
    table_column(arena, table, "by chance", ALIGN_RIGHT, 2);
    table_column(arena, table, "bins", ALIGN_RIGHT, 0);
    for (int i = 0; i < shown; i++) {
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, frame->columns[found[i].column].name);
        row[1] = value_number(found[i].value.auc);
        row[2] = value_number(found[i].value.iv);
        row[3] = value_number(found[i].value.chance);
        row[4] = value_number(found[i].value.bins);
    }
    if (shown < n) result_line(result, "%d of %d columns; top= shows more", shown, n);
    if (rows->n < rows->of)
        result_line(result, "auc and iv from %zu of %zu rows, evenly spaced", rows->n, rows->of);
    result_line(
        result,
        "auc below 0.5: low values go with %s=%s; iv: woe = ln(%%event / %%other) is above 0 where they do",
        target, rows->target.levels[1]);
}

static bool screen(Session *session, const Frame *frame, const int *columns, int n, const Rows *rows,
                   Screened *found, int *n_found, Err *err)
{
    for (int i = 0; i < n; i++) {
        const FrameColumn *column = &frame->columns[columns[i]];
        Screened *one = &found[*n_found];
        if (column->role != ROLE_INPUT && column->role != ROLE_PROTECTED && column->role != ROLE_HELD)
            continue;
        if (!progress_poll(&session->progress, "describe: single columns", i, n, err)) return false;
        one->column = columns[i];
        if (!screen_column(&one->value, frame, columns[i], rows->rows, rows->y, rows->n, err)) return false;
        *n_found += !isnan(one->value.iv);
    }
    return true;
}

static void record_column(const Frame *frame, const Screened *found, Findings *findings, Result *result)
{
    const char *name = frame->columns[found->column].name;
    double auc = found->value.auc;
    Record *record = record_record(result->arena, result->record, name);
    if (!isnan(auc)) record_number(result->arena, record, "auc", auc);
    record_number(result->arena, record, "iv", found->value.iv);
    if (auc > TOO_GOOD || auc < 1 - TOO_GOOD)
        findings_add(findings, "nearly the target", name, NAN,
                     arena_format(result->arena, "auc %.4f: is it known before the target is?", auc));
}

bool screening_show(Session *session, const Frame *frame, const int *columns, int n, int top,
                    Findings *findings, Result *result, Err *err)
{
    Err ignored = { 0 };
    Rows rows = { 0 };
    int n_found = 0;
    Screened *found = arena_take(result->arena, ((size_t)n + 1) * sizeof *found);
    if (!frame_target(frame, result->arena, &rows.target, &ignored) || rows.target.kind != 'b') return true;
    bool ok = take_rows(frame, &rows, err) && screen(session, frame, columns, n, &rows, found, &n_found, err);
    for (int i = 0; ok && i < n_found; i++) record_column(frame, &found[i], findings, result);
    qsort(found, (size_t)n_found, sizeof *found, strongest_first);
    if (ok && n_found) show(frame, found, n_found, top, &rows, result);
    mem_free(rows.rows);
    mem_free(rows.y);
    return ok;
}
