/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The truncation test: what rows up to a cut say must not change when the rows after it are there. */
#include <math.h>
#include <string.h>

#include "data/suspicions.h"
#include "data/labeltimes.h"
#include "data/prep.h"
#include "data/rowprogram.h"
#include "numeric/rng.h"

#define CELLS_MOST      50e6 /* of a recipe's inputs */
#define TOLERANCE       1e-9 /* of numbers, relative */
#define INPUT_TOLERANCE 1e-5

typedef struct Cutting {
    const Frame *frame;
    Frame *whole;   /* its derived columns made anew from all rows */
    uint8_t *again; /* (n_columns) which */
    LabelTimes times;
    uint8_t *keep;         /* (n_rows): rows up to the cut */
    size_t *changed;       /* (n_columns): cells, over all cuts */
    Prep *prep;            /* NULL: there is no recipe to test */
    real *inputs;          /* (n_rows, n_features) of all rows */
    size_t *input_changed; /* (n_features) */
} Cutting;

static bool same_number(double a, double b, double tolerance)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= tolerance * fmax(1, fmax(fabs(a), fabs(b))) || a == b;
}

static bool same_cell(const Column *a, size_t i, const Column *b, size_t j, Buf rooms[2])
{
    bool missing = column_is_missing(a, i);
    if (missing != column_is_missing(b, j)) return false;
    if (missing) return true;
    if (a->type != COLUMN_CATEGORY && a->type != COLUMN_TEXT)
        return same_number(column_number(a, i), column_number(b, j), TOLERANCE);
    rooms[0].length = rooms[1].length = 0;
    column_text(a, i, &rooms[0]);
    column_text(b, j, &rooms[1]);
    return strcmp(buf_text(&rooms[0]), buf_text(&rooms[1])) == 0;
}

static void compare_columns(Cutting *work, const Frame *cut)
{
    Buf rooms[2] = { { 0 }, { 0 } };
    for (int c = 0; c < cut->n_columns; c++) {
        if (!work->again[c]) continue;
        for (size_t i = 0; i < cut->n_rows; i++) {
            size_t physical = frame_physical(cut, i);
            work->changed[c] +=
                !same_cell(work->whole->columns[c].column, physical, cut->columns[c].column, physical, rooms);
        }
    }
    buf_free(&rooms[0]);
    buf_free(&rooms[1]);
}

static bool compare_inputs(Cutting *work, const Frame *cut, Err *err)
{
    if (!work->prep) return true;
    size_t width = (size_t)work->prep->n_features, at = 0;
    real *x = mem_get(cut->n_rows * width, sizeof *x, err);
    PrepReport report = { 0 };
    bool ok = x && prep_apply(work->prep, cut, NULL, cut->n_rows, x, &report, NULL, err);
    for (size_t i = 0; ok && i < work->frame->n_rows; i++) {
        if (!work->keep[i]) continue;
        for (size_t j = 0; j < width; j++)
            work->input_changed[j] +=
                !same_number((double)work->inputs[i * width + j], (double)x[at * width + j], INPUT_TOLERANCE);
        at++;
    }
    mem_free(x);
    return ok;
}

static bool cut_once(Cutting *work, int64_t last, Notes *notes, Progress *progress, Err *err)
{
    uint8_t *again = mem_get((size_t)work->frame->n_columns, 1, err);
    if (!again) return false;
    for (size_t i = 0; i < work->frame->n_rows; i++)
        work->keep[i] = work->times.from[i] >= 0 && work->times.from[i] <= last;
    Frame *cut = frame_version(work->frame);
    bool ok = frame_filter(cut, work->keep, err) && rowprogram_again(cut, NULL, again, notes, progress, err);
    if (ok) compare_columns(work, cut);
    ok = ok && compare_inputs(work, cut, err);
    frame_unref(cut);
    mem_free(again);
    return ok;
}

/* A recipe that cannot be fitted says so when it is used; here it is left out. */
static bool prepare_inputs(Cutting *work, Err *err)
{
    const Frame *frame = work->whole;
    Err own = { 0 };
    work->prep = prep_fit(frame, frame_label(frame), (ValueList){ 0 }, false, NULL, NULL, &own);
    if (!work->prep) return true;
    size_t width = (size_t)work->prep->n_features;
    PrepReport report = { 0 };
    if ((double)frame->n_rows * (double)width > CELLS_MOST) {
        prep_unref(work->prep);
        work->prep = NULL;
        return true;
    }
    work->inputs = mem_get(frame->n_rows * width, sizeof *work->inputs, err);
    work->input_changed = work->inputs ? mem_get(width, sizeof *work->input_changed, err) : NULL;
    return work->input_changed &&
           prep_apply(work->prep, frame, NULL, frame->n_rows, work->inputs, &report, NULL, err);
}

static bool open_cutting(Cutting *work, Notes *notes, Progress *progress, Err *err)
{
    const Frame *frame = work->frame;
    LabelRule rule = { .purge = value_missing(), .embargo = value_missing() };
    work->again = mem_get((size_t)frame->n_columns, 1, err);
    work->changed = work->again ? mem_get((size_t)frame->n_columns, sizeof *work->changed, err) : NULL;
    work->keep = work->changed ? mem_get(frame->n_rows, 1, err) : NULL;
    work->whole = frame_version(frame);
    return work->keep && labeltimes_make(frame, &rule, &work->times, err) &&
           rowprogram_again(work->whole, NULL, work->again, notes, progress, err) &&
           prepare_inputs(work, err);
}

static void close_cutting(Cutting *work)
{
    frame_unref(work->whole);
    prep_unref(work->prep);
    labeltimes_free(&work->times);
    mem_free(work->again);
    mem_free(work->changed);
    mem_free(work->keep);
    mem_free(work->inputs);
    mem_free(work->input_changed);
}

/* A target looks ahead, and may; so may a column that no net reads. */
static void report_columns(const Cutting *work, int *tested, Suspicions *out)
{
    for (int c = 0; c < work->frame->n_columns; c++) {
        const FrameColumn *column = &work->frame->columns[c];
        bool may = column->role == ROLE_TARGET || column->role == ROLE_HELD;
        *tested += work->again[c] && !may;
        if (!work->changed[c] || may) continue;
        suspicions_add(out, work->frame, c, true, (double)work->changed[c],
                       "changes when later rows are cut off", "make it from past rows: lag(), over=");
    }
}

static void report_inputs(const Cutting *work, int *tested, Suspicions *out)
{
    for (int j = 0; work->prep && j < work->prep->n_features; j++) {
        int c = frame_find(work->frame, work->prep->feature_from[j]);
        ++*tested;
        if (!work->input_changed[j] || (c >= 0 && work->changed[c])) continue;
        suspicions_add(out, work->frame, c, true, (double)work->input_changed[j],
                       "its recipe changes when later rows are cut off", "a step of the recipe looks ahead");
    }
}

/* Between 20% and 95% of the times. */
static int64_t cut_point(const LabelTimes *times, RngKey key, int k)
{
    uint32_t words[4];
    rng_block(key, (uint32_t[4]){ (uint32_t)k }, words);
    double share = 0.2 + 0.75 * words[0] / 4294967296.0;
    return (int64_t)(share * (double)times->n_times);
}

bool truncation_find(const Frame *frame, int cuts, uint64_t seed, int *tested, Suspicions *out, Notes *notes,
                     Progress *progress, Err *err)
{
    Cutting work = { .frame = frame };
    RngKey key = rng_key(seed, "cuts", "");
    bool ok = open_cutting(&work, notes, progress, err);
    for (int k = 0; ok && k < cuts; k++) {
        ok = progress_poll(progress, "check", k, cuts, err) &&
             cut_once(&work, cut_point(&work.times, key, k), notes, progress, err);
    }
    *tested = 0;
    if (ok) report_columns(&work, tested, out);
    if (ok) report_inputs(&work, tested, out);
    close_cutting(&work);
    return ok;
}
