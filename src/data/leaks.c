/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaks that columns show: an input that knows the target. */
#include <math.h>
#include <string.h>

#include "data/suspicions.h"
#include "data/foldplan.h"
#include "data/recipe.h"
#include "measures/metric.h"

#define AUC_MOST  0.95
#define CORR_MOST 0.98

enum { ROWS_MOST = 200000, CLASS_LEAST = 5, LEVELS_SHARE = 20 };

/* The rows whose targets are looked at: those that train or validate, thinned out where they are many. */
typedef struct Look {
    const Frame *frame;
    TargetInfo target;
    uint32_t *rows; /* frame rows */
    double *y;
    size_t n;
    double *score, *kept; /* (n) rooms: of a column, and the targets beside it */
} Look;

static void take_rows(Look *look)
{
    const Frame *frame = look->frame;
    size_t all = 0, k = 0;
    for (size_t i = 0; i < frame->n_rows; i++) all += folds_hold(frame, i);
    size_t step = all / ROWS_MOST + 1;
    for (size_t i = 0; i < frame->n_rows; i++) {
        if (!folds_hold(frame, i) || k++ % step) continue;
        double y = frame_target_value(frame, &look->target, i);
        if (isnan(y)) continue;
        look->rows[look->n] = (uint32_t)i;
        look->y[look->n++] = y;
    }
}

static bool look_open(Look *look, const Frame *frame, Arena *arena, Err *err)
{
    *look = (Look){ .frame = frame };
    if (!frame_target(frame, arena, &look->target, err)) return false;
    look->rows = mem_get(frame->n_rows, sizeof *look->rows, err);
    look->y = look->rows ? mem_get(frame->n_rows, 3 * sizeof *look->y, err) : NULL;
    if (!look->y) return false;
    look->score = look->y + frame->n_rows;
    look->kept = look->score + frame->n_rows;
    if (look->target.kind) take_rows(look);
    return true;
}

static void look_close(Look *look)
{
    mem_free(look->rows);
    mem_free(look->y);
}

static double auc_of(const Look *look, size_t n)
{
    size_t events = 0;
    for (size_t i = 0; i < n; i++) events += look->kept[i] > 0;
    if (events < CLASS_LEAST || n - events < CLASS_LEAST) return NAN;
    Scored scored = { .n = n, .n_outputs = 1, .target = look->kept, .score = look->score, .reference = NAN };
    return metric_find("auc")->value(&scored);
}

static double correlation_of(const Look *look, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mx += look->score[i] / (double)n;
        my += look->kept[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        double x = look->score[i] - mx, y = look->kept[i] - my;
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    return n > 2 * CLASS_LEAST && xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

/* ---- one column as a score */

static size_t read_numbers(const Look *look, const Column *column)
{
    size_t n = 0;
    for (size_t i = 0; i < look->n; i++) {
        double x = column_number(column, frame_physical(look->frame, look->rows[i]));
        if (isnan(x)) continue;
        look->score[n] = x;
        look->kept[n++] = look->y[i];
    }
    return n;
}

static size_t read_missing(const Look *look, const Column *column)
{
    for (size_t i = 0; i < look->n; i++) {
        look->score[i] = column_is_missing(column, frame_physical(look->frame, look->rows[i]));
        look->kept[i] = look->y[i];
    }
    return look->n;
}

/* A level scores as the mean target of its other rows, so that a level of one row says nothing. */
static bool read_levels(const Look *look, const Column *column, size_t *out, Err *err)
{
    size_t levels = (size_t)column->levels->n + 1, n = 0;
    double *sums = mem_get(levels, 2 * sizeof *sums, err);
    if (!sums) return false;
    double *counts = sums + levels;
    for (size_t i = 0; i < look->n; i++) {
        uint32_t code = column->codes[frame_physical(look->frame, look->rows[i])];
        sums[code] += look->y[i];
        counts[code]++;
    }
    for (size_t i = 0; i < look->n; i++) {
        uint32_t code = column->codes[frame_physical(look->frame, look->rows[i])];
        if (!code || counts[code] < 2) continue;
        look->score[n] = (sums[code] - look->y[i]) / (counts[code] - 1);
        look->kept[n++] = look->y[i];
    }
    mem_free(sums);
    *out = n;
    return true;
}

/* Whether every level of the column goes with one level of the target, and there are several. */
static bool says_level(const Look *look, const Column *column, bool *out, Err *err)
{
    double *first = mem_get((size_t)column->levels->n + 1, sizeof *first, err);
    if (!first) return false;
    for (uint32_t k = 0; k <= column->levels->n; k++) first[k] = NAN;
    double seen = NAN;
    bool differs = false, same = column->levels->n <= look->n / LEVELS_SHARE;
    for (size_t i = 0; i < look->n && same; i++) {
        uint32_t code = column->codes[frame_physical(look->frame, look->rows[i])];
        if (isnan(first[code])) first[code] = look->y[i];
        same = first[code] == look->y[i];
        differs = differs || (!isnan(seen) && seen != look->y[i]);
        seen = look->y[i];
    }
    *out = same && differs;
    mem_free(first);
    return true;
}

static double either_way(double auc)
{
    return fmax(auc, 1 - auc);
}

/* The scores of levels point upwards by themselves; that a row's own target is not among them pulls those of
 * levels without meaning down. */
static void judge_scores(const Look *look, int c, size_t n, bool levels, Suspicions *out)
{
    double figure = look->target.kind == 'b' ? auc_of(look, n) : correlation_of(look, n);
    if (!levels) figure = look->target.kind == 'b' ? either_way(figure) : fabs(figure);
    if (look->target.kind == 'b' && figure > AUC_MOST)
        suspicions_add(out, look->frame, c, true, figure, "orders the target alone: AUC",
                       "is it known when the forecast is made? drop it, or role hold=");
    else if (look->target.kind != 'b' && figure > CORR_MOST)
        suspicions_add(out, look->frame, c, true, figure, "it follows the target: |correlation|",
                       "is it known when the forecast is made? drop it, or role hold=");
}

static bool judge_column(const Look *look, int c, Suspicions *out, Err *err)
{
    const Column *column = look->frame->columns[c].column;
    size_t n = 0;
    bool levels = column->type == COLUMN_CATEGORY, copy = false;
    if (column->type == COLUMN_TEXT) return true;
    if (levels && look->target.kind == 'c' && !says_level(look, column, &copy, err)) return false;
    if (copy)
        suspicions_add(out, look->frame, c, true, NAN, "its levels say the target's",
                       "is it known when the forecast is made? drop it, or role hold=");
    if (look->target.kind == 'c') return true;
    if (levels && !read_levels(look, column, &n, err)) return false;
    if (!levels) n = read_numbers(look, column);
    int before = out->n;
    judge_scores(look, c, n, levels, out);
    if (out->n > before || look->target.kind != 'b' || !column->n_missing) return true;
    double figure = either_way(auc_of(look, read_missing(look, column)));
    if (figure > AUC_MOST)
        suspicions_add(out, look->frame, c, true, figure, "being missing tells the target: AUC",
                       "it seems to be written after the outcome: drop it, or role hold=");
    return true;
}

/* ---- encodings */

static bool learns_target(const Recipe *recipe)
{
    for (int i = 0; recipe && i < recipe->n; i++) {
        const StepDef *step = &recipe->steps[i];
        if (strcmp(step->kind->kind.name, "encode")) continue;
        const char *method = option_text(step->options, "method");
        if (method && (!strcmp(method, "target") || !strcmp(method, "woe"))) return true;
    }
    return false;
}

static void judge_levels(const Look *look, int c, bool learns, Suspicions *out)
{
    const Column *column = look->frame->columns[c].column;
    if (column->type != COLUMN_CATEGORY || look->n == 0) return;
    size_t levels = column->levels->n;
    if (levels > look->n / 2 && look->n > 2 * LEVELS_SHARE)
        suspicions_add(out, look->frame, c, false, (double)levels, "nearly a level a row: levels",
                       "an identifier is no input: role id=, or drop it");
    else if (learns && levels > look->n / LEVELS_SHARE)
        suspicions_add(out, look->frame, c, false, (double)levels, "too many for target encoding: levels",
                       "join rare levels: encode rare=");
}

bool leaks_find(const Frame *frame, Suspicions *out, Progress *progress, Err *err)
{
    Look look;
    Arena *arena = arena_new();
    bool ok = look_open(&look, frame, arena, err), learns = learns_target(frame->recipe);
    for (int c = 0; ok && c < frame->n_columns; c++) {
        if (frame->columns[c].role != ROLE_INPUT) continue;
        if (!progress_poll(progress, "check", c, frame->n_columns, err)) ok = false;
        if (frame->columns[c].lead > 0)
            suspicions_add(out, frame, c, true, frame->columns[c].lead, "it looks ahead, by rows",
                           "a future column is a target and nothing else");
        else if (ok && look.n)
            ok = judge_column(&look, c, out, err);
        judge_levels(&look, c, learns, out);
    }
    look_close(&look);
    arena_free(arena);
    if (ok) leaks_find_made(frame, out);
    return ok && leaks_find_split(frame, out, err);
}
