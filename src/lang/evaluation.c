/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/evaluation.h"

#include <math.h>
#include <string.h>

#include "data/cellorder.h"

/* ---- rows */

static bool frame_weights(const Judged *judged, double *w, Err *err)
{
    for (int i = 0; i < judged->n_models; i++) {
        const Prep *prep = judged->models[i]->prep;
        if (prep) return prep_weights(prep, judged->frame, judged->rows, judged->n, w, err);
    }
    int column = frame_role(judged->frame, ROLE_WEIGHT);
    for (size_t i = 0; i < judged->n; i++)
        w[i] = column < 0 ? 1
                          : column_number(judged->frame->columns[column].column,
                                          frame_physical(judged->frame, judged->rows[i]));
    return true;
}

static bool has_scores(const Evaluation *evaluation, size_t row)
{
    for (int m = 0; m < evaluation->judged.n_models; m++) {
        size_t width = (size_t)evaluation->judged.models[m]->n_outputs;
        for (size_t k = 0; k < width; k++)
            if (isnan(evaluation->scores[m][row * width + k])) return false;
    }
    return true;
}

static void move_row(Evaluation *evaluation, size_t from, size_t to)
{
    Judged *judged = &evaluation->judged;
    judged->rows[to] = judged->rows[from];
    evaluation->y[to] = evaluation->y[from];
    evaluation->w[to] = evaluation->w[from];
    for (int m = 0; m < judged->n_models; m++) {
        size_t width = (size_t)judged->models[m]->n_outputs;
        double *scores = evaluation->scores[m];
        memmove(scores + to * width, scores + from * width, width * sizeof *scores);
    }
}

/* All models are judged on the same rows: those with a target and a score of each. */
static bool keep_scored(Evaluation *evaluation, Result *result, Err *err)
{
    size_t kept = 0, n = evaluation->judged.n;
    for (size_t i = 0; i < n; i++)
        if (!isnan(evaluation->y[i]) && !isnan(evaluation->w[i]) && has_scores(evaluation, i))
            move_row(evaluation, i, kept++);
    if (kept < n) NOTE(&result->notes, rows_left_out, INT(n - kept));
    evaluation->n = evaluation->judged.n = kept;
    return kept > 0 || ERR(err, judge_no_rows, evaluation->judged.frame_name);
}

/* ---- groups */

/* Puts the rows in the order of their classes, rows of a class in their own order. */
static bool gather(void *block, size_t size, const uint32_t *order, size_t n, Err *err)
{
    char *copy = mem_get(n, size, err), *to = block;
    if (!copy) return false;
    memcpy(copy, block, n * size);
    for (size_t i = 0; i < n; i++) memcpy(to + i * size, copy + order[i] * size, size);
    mem_free(copy);
    return true;
}

static bool gather_all(Evaluation *evaluation, const uint32_t *order, Err *err)
{
    Judged *judged = &evaluation->judged;
    size_t n = evaluation->n;
    bool ok = gather(judged->rows, sizeof *judged->rows, order, n, err) &&
              gather(evaluation->y, sizeof(double), order, n, err) &&
              gather(evaluation->w, sizeof(double), order, n, err);
    for (int m = 0; ok && m < judged->n_models; m++)
        ok = gather(evaluation->scores[m], (size_t)judged->models[m]->n_outputs * sizeof(double), order, n,
                    err);
    return ok;
}

static void name_groups(Evaluation *evaluation, const Column *column, Arena *arena)
{
    Buf text = { 0 };
    for (int g = 1; g < evaluation->n_groups; g++) {
        Group *group = &evaluation->groups[g];
        size_t physical = frame_physical(evaluation->judged.frame, evaluation->judged.rows[group->from]);
        buf_clear(&text);
        column_text(column, physical, &text);
        group->name = arena_text(arena, column_is_missing(column, physical) ? "missing" : buf_text(&text));
    }
    buf_free(&text);
}

/* Counting sort of the rows by class; groups follow the group of all rows. */
static void divide(Evaluation *evaluation, const uint32_t *classes, uint32_t n_classes, uint32_t *order,
                   Arena *arena)
{
    size_t n = evaluation->n;
    Group *groups = arena_take(arena, ((size_t)n_classes + 1) * sizeof *groups);
    groups[0] = evaluation->groups[0];
    for (size_t i = 0; i < n; i++) groups[classes[i] + 1].n++;
    for (uint32_t c = 1; c < n_classes; c++) groups[c + 1].from = groups[c].from + groups[c].n;
    for (uint32_t c = 1; c <= n_classes; c++) groups[c].n = 0;
    for (size_t i = 0; i < n; i++) {
        Group *group = &groups[classes[i] + 1];
        order[group->from + group->n++] = (uint32_t)i;
    }
    evaluation->groups = groups;
    evaluation->n_groups = (int)n_classes + 1;
}

static bool sort_by_class(Evaluation *evaluation, const Column *column, const char *name, uint32_t *physical,
                          uint32_t *classes, Arena *arena, Err *err)
{
    const Judged *judged = &evaluation->judged;
    uint32_t n_classes;
    for (size_t i = 0; i < evaluation->n; i++)
        physical[i] = (uint32_t)frame_physical(judged->frame, judged->rows[i]);
    if (!rows_classes(column, physical, evaluation->n, classes, &n_classes, err)) return false;
    if (n_classes > EVALUATION_GROUPS) return ERR(err, by_many, name, INT(EVALUATION_GROUPS));
    divide(evaluation, classes, n_classes, physical, arena);
    if (!gather_all(evaluation, physical, err)) return false;
    name_groups(evaluation, column, arena);
    return true;
}

static bool make_groups(Evaluation *evaluation, int by, Arena *arena, Err *err)
{
    evaluation->groups = arena_take(arena, sizeof *evaluation->groups);
    evaluation->groups[0] = (Group){ "all", 0, evaluation->n };
    evaluation->n_groups = 1;
    if (by < 0) return true;
    const FrameColumn *column = &evaluation->judged.frame->columns[by];
    if (column->column->type == COLUMN_TEXT)
        return ERR(err, by_type, column->name, column_type_name(column->column));
    uint32_t *physical = mem_get(evaluation->n, sizeof *physical, err);
    uint32_t *classes = mem_get(evaluation->n, sizeof *classes, err);
    bool ok = physical && classes &&
              sort_by_class(evaluation, column->column, column->name, physical, classes, arena, err);
    mem_free(physical);
    mem_free(classes);
    return ok;
}

/* The truth is that of the frame's own target and of each row's own label, not of one a horizon later. */
static bool knows_truth(const Judged *judged)
{
    int target = frame_role(judged->frame, ROLE_TARGET);
    bool known = judged->frame->truth && judged->kind != 'c' && target >= 0 &&
                 !strcmp(judged->frame->columns[target].name, judged->target);
    for (int i = 0; known && i < judged->n_models; i++)
        known = !judged->models[i]->prep || judged->models[i]->prep->sample.horizon == 0;
    return known;
}

static bool find_truth(Evaluation *evaluation, Err *err)
{
    const Judged *judged = &evaluation->judged;
    TargetInfo target = { .kind = judged->kind, .levels = judged->levels };
    if (!knows_truth(judged)) return true;
    evaluation->truth = mem_get(evaluation->n, sizeof(double), err);
    for (size_t i = 0; evaluation->truth && i < evaluation->n; i++)
        evaluation->truth[i] = frame_truth_value(judged->frame, &target, judged->rows[i]);
    return evaluation->truth != NULL;
}

static bool expect_labels(Evaluation *evaluation, Err *err)
{
    if (!evaluation->expected) return true;
    if (!evaluation->truth) return ERR(err, no_truth, evaluation->judged.frame_name);
    memcpy(evaluation->y, evaluation->truth, evaluation->n * sizeof *evaluation->y);
    return true;
}

static void settle_cutoffs(Evaluation *evaluation, Arena *arena)
{
    const Judged *judged = &evaluation->judged;
    evaluation->settings = arena_take(arena, (size_t)judged->n_models * sizeof *evaluation->settings);
    for (int m = 0; m < judged->n_models; m++) {
        evaluation->settings[m] = evaluation->choice.settings;
        if (isnan(evaluation->choice.settings.cutoff))
            evaluation->settings[m].cutoff = model_threshold(judged->models[m]);
    }
}

bool evaluation_make(Session *session, Evaluation *evaluation, int by, Result *result, Err *err)
{
    Judged *judged = &evaluation->judged;
    if (!(evaluation->y = mem_get(judged->n, sizeof(double), err)) ||
        !(evaluation->w = mem_get(judged->n, sizeof(double), err)) ||
        !judge_targets(judged, evaluation->y, err) || !frame_weights(judged, evaluation->w, err))
        return false;
    settle_cutoffs(evaluation, result->arena);
    evaluation->scores = arena_take(result->arena, (size_t)judged->n_models * sizeof *evaluation->scores);
    for (int m = 0; m < judged->n_models; m++)
        if (!judge_scores(session, judged, m, false, &evaluation->scores[m], result, err)) return false;
    return keep_scored(evaluation, result, err) && make_groups(evaluation, by, result->arena, err) &&
           find_truth(evaluation, err) && expect_labels(evaluation, err);
}

void evaluation_free(Evaluation *evaluation)
{
    for (int m = 0; evaluation->scores && m < evaluation->judged.n_models; m++)
        mem_free(evaluation->scores[m]);
    mem_free(evaluation->y);
    mem_free(evaluation->w);
    mem_free(evaluation->truth);
    judge_close(&evaluation->judged);
}

/* ---- figures */

bool evaluation_check_outputs(const Judged *judged, Err *err)
{
    int levels = judged->kind == 'n' ? 1 : judged->n_levels;
    for (int i = 0; i < judged->n_models; i++) {
        const Model *model = judged->models[i];
        bool fits = model->n_outputs == levels || (judged->kind == 'b' && model->n_outputs == 1);
        if (!fits)
            return ERR(err, judge_outputs, model->name, INT(model->n_outputs), judged->target, INT(levels));
    }
    return true;
}

static Scored scored_of(const Evaluation *evaluation, const Group *group, const double *scores, int n_outputs,
                        const MetricSettings *settings)
{
    return (Scored){ .n = group->n,
                     .n_outputs = n_outputs,
                     .target = evaluation->y + group->from,
                     .score = scores + group->from * (size_t)n_outputs,
                     .weight = evaluation->w + group->from,
                     .reference = evaluation->judged.reference,
                     .settings = settings };
}

Scored evaluation_scored(const Evaluation *evaluation, const Group *group, int model)
{
    return scored_of(evaluation, group, evaluation->scores[model],
                     evaluation->judged.models[model]->n_outputs, &evaluation->settings[model]);
}

double evaluation_figure(const Evaluation *evaluation, const Group *group, int model, int i)
{
    Scored scored = evaluation_scored(evaluation, group, model);
    return evaluation->choice.metrics[i]->value(&scored);
}

double evaluation_naive(const Evaluation *evaluation, const Group *group, int i)
{
    Scored scored = evaluation_scored(evaluation, group, 0);
    return evaluation->choice.metrics[i]->naive(&scored);
}

double evaluation_attainable(const Evaluation *evaluation, const Group *group, int i)
{
    if (!evaluation->truth) return NAN;
    Scored best = scored_of(evaluation, group, evaluation->truth, 1, &evaluation->choice.settings);
    return metric_attainable(evaluation->choice.metrics[i], evaluation->judged.kind, &best);
}
