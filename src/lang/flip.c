/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least change that turns a decision: one column at a time, then two, and what is shown of it. */
#include "lang/flip.h"

#include <math.h>
#include <string.h>

#include "data/split.h"
#include "lang/bind.h"
#include "lang/figures.h"
#include "lang/flipping.h"

enum { SHOWN = 5 };

double judged_cutoff(const Call *call, const Model *model)
{
    if (option_given(&call->options, "cutoff")) return option_number(&call->options, "cutoff");
    double own = model_threshold(model);
    return isnan(own) ? 0.5 : own;
}

/* ---- what is shown */

static void put_change(const Flip *flip, const Change *change, Table *table, Record *record, Result *result)
{
    Arena *arena = result->arena;
    Record *changes = record ? record_record(arena, record, "changes") : NULL;
    for (int i = 0; i < change->n; i++) {
        const Knob *knob = change->knobs[i];
        const FrameColumn *column = flip_column(flip, knob->name);
        Value *row = table_row(arena, table),
              value = column_value(column->column, knob->rows[change->values[i]], arena);
        row[0] = value_text(arena, column->name);
        row[1] = column_value(column->column, flip->own, arena);
        row[2] = value;
        row[3] = value_number(knob->sizes[change->values[i]]);
        row[4] = value_number(change->score);
        if (changes) record_set(arena, changes, column->name, value);
    }
    if (!record) return;
    record_set(arena, record, "found", value_bool(true));
    record_number(arena, record, "size", change->size);
    record_number(arena, record, "score", change->score);
}

static Table *begin_table(const Flip *flip, bool pair, Result *result)
{
    char score[40], cutoff[40];
    Arena *arena = result->arena;
    Table *table = result_table(
        result, "flip",
        arena_format(arena, "what would turn the score %s, at the cut-off %s; size in interquartile ranges%s",
                     number_short(flip->score, 4, score), number_short(flip->cutoff, 4, cutoff),
                     pair ? "; both changes together" : ""));
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    table_column(arena, table, "now", ALIGN_RIGHT, 5);
    table_column(arena, table, "then", ALIGN_RIGHT, 5);
    table_column(arena, table, "size", ALIGN_RIGHT, 3);
    table_column(arena, table, "score", ALIGN_RIGHT, 4);
    return table;
}

/* The smallest of the changes that are left; -1: none is. */
static int take_smallest(const Change *changes, int n, const bool *taken)
{
    int best = -1;
    for (int k = 0; k < n; k++)
        if (changes[k].n && !taken[k] && (best < 0 || changes[k].size < changes[best].size)) best = k;
    return best;
}

static void show_singles(const Flip *flip, const Change *changes, Result *result)
{
    bool *taken = arena_take(flip->arena, (size_t)flip->n_knobs + 1);
    Record *record = record_record(result->arena, result->record, "flip");
    Table *table = begin_table(flip, false, result);
    for (int shown = 0, k; shown < SHOWN && (k = take_smallest(changes, flip->n_knobs, taken)) >= 0;
         shown++) {
        put_change(flip, &changes[k], table, shown ? NULL : record, result);
        taken[k] = true;
    }
}

static void show_pair(const Flip *flip, const Change *pair, Result *result)
{
    char cutoff[40];
    Record *record = record_record(result->arena, result->record, "flip");
    if (pair->n) {
        put_change(flip, pair, begin_table(flip, true, result), record, result);
        return;
    }
    record_set(result->arena, record, "found", value_bool(false));
    result_line(
        result,
        "no change of one column, nor of two, within what %s holds turns the decision at the cut-off %s",
        flip->judged->frame_name, number_short(flip->cutoff, 7, cutoff));
}

static bool search(Flip *flip, Result *result, Err *err)
{
    Change *changes = arena_take(flip->arena, (size_t)flip->n_knobs * sizeof *changes + 1), pair = { 0 };
    bool *none = arena_take(flip->arena, (size_t)flip->n_knobs + 1);
    if (!flip_singles(flip, changes, err)) return false;
    if (take_smallest(changes, flip->n_knobs, none) >= 0) {
        show_singles(flip, changes, result);
        return true;
    }
    if (!flip_pairs(flip, &pair, err)) return false;
    show_pair(flip, &pair, result);
    return true;
}

/* Physical rows of the training part of the frame itself, else of all of it. */
static bool value_rows(const Flip *flip, uint32_t **rows, size_t *n, Err *err)
{
    const Split *split = flip->frame->split;
    bool is_split = split && memchr(split->part, PART_TRAIN, split->n);
    if (!frame_part(flip->frame, is_split ? "train" : "all", rows, n, err)) return false;
    for (size_t i = 0; i < *n; i++) (*rows)[i] = (uint32_t)frame_physical(flip->frame, (*rows)[i]);
    return true;
}

static bool check(const Judged *judged, Err *err)
{
    const Model *model = judged->models[0];
    if (judged->kind != 'b')
        return ERR(err, judge_events, "flip=", judged->target,
                   judged->kind == 'n' ? "numbers" : "more levels");
    return (model->prep && model->prep->sample.kind == SAMPLE_ROWS) || ERR(err, flip_history, model->name);
}

bool flip_show(Session *session, const Call *call, const Judged *judged, Result *result, Err *err)
{
    const Model *model = judged->models[0];
    double *scores;
    uint32_t *rows = NULL;
    size_t n;
    if (!check(judged, err) || !judge_scores(session, judged, 0, false, &scores, result, err)) return false;
    Flip flip = { .session = session,
                  .judged = judged,
                  .arena = call->arena,
                  .frame = judged->frame,
                  .own = (uint32_t)frame_physical(judged->frame, judged->rows[0]),
                  .cutoff = judged_cutoff(call, model),
                  .score = scores[model->n_outputs - 1] };
    mem_free(scores);
    flip_names(&flip, model->prep);
    bool ok = value_rows(&flip, &rows, &n, err) && flip_knobs(&flip, call, rows, n, err) &&
              search(&flip, result, err);
    mem_free(rows);
    return ok;
}
