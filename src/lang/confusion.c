/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/confusion.h"

#include <math.h>

#include "measures/auc.h"
#include "measures/cells.h"

typedef struct Matrix {
    Result *result;
    const Evaluation *evaluation;
    const Model *model;
    Record *place;
    const double *counts; /* (n, n): is, said */
    int n;
    double cutoff; /* of two levels */
} Matrix;

static void show_matrix(const Matrix *matrix)
{
    Arena *arena = matrix->result->arena;
    const Judged *judged = &matrix->evaluation->judged;
    char cutoff[40];
    const char *at =
        judged->kind == 'b' ? arena_format(arena, " at %s", number_short(matrix->cutoff, 4, cutoff)) : "";
    const char *title = arena_format(arena, "%s%s, %s: what is, and what is said", matrix->model->name, at,
                                     figures_part_words(arena, judged->part));
    Table *table = result_table(matrix->result, "confusion", title);
    Record *record = record_record(arena, matrix->place, "confusion");
    table_column(arena, table, arena_format(arena, "%s is", judged->target), ALIGN_LEFT, 0);
    for (int k = 0; k < matrix->n; k++)
        table_column(arena, table, arena_format(arena, "said %s", judged->levels[k]), ALIGN_RIGHT, 6);
    table_column(arena, table, "right", ALIGN_RIGHT, 4);
    for (int i = 0; i < matrix->n; i++) {
        Value *cell = table_row(arena, table);
        Record *said = record_record(arena, record, judged->levels[i]);
        double sum = 0;
        *cell++ = value_text(arena, judged->levels[i]);
        for (int k = 0; k < matrix->n; k++) {
            double count = matrix->counts[i * matrix->n + k];
            sum += count;
            *cell++ = value_number(count);
            record_number(arena, said, judged->levels[k], count);
        }
        *cell = figures_value(matrix->counts[i * matrix->n + i] / sum);
    }
}

/* ---- several levels */

static void show_level(const Matrix *matrix, Table *table, Record *record, const char *name,
                       LevelFigures figures, double auc)
{
    Arena *arena = matrix->result->arena;
    Value *cell = table_row(arena, table);
    cell[0] = value_text(arena, name);
    cell[1] = value_number(figures.n);
    cell[2] = value_number(figures.predicted);
    cell[3] = figures_value(figures.precision);
    cell[4] = figures_value(figures.recall);
    cell[5] = figures_value(figures.f1);
    cell[6] = figures_value(auc);
    record_set(arena, record, "precision", cell[3]);
    record_set(arena, record, "recall", cell[4]);
    record_set(arena, record, "f1", cell[5]);
    record_set(arena, record, "auc", cell[6]);
}

static double micro_of(const Matrix *matrix)
{
    double right = 0, all = 0;
    for (int i = 0; i < matrix->n * matrix->n; i++) {
        all += matrix->counts[i];
        if (i % (matrix->n + 1) == 0) right += matrix->counts[i];
    }
    return right / all;
}

static void show_levels(const Matrix *matrix, const Scored *scored)
{
    static const char *const columns[] = { "n", "said", "precision", "recall", "F1", "AUC" };
    Arena *arena = matrix->result->arena;
    const Judged *judged = &matrix->evaluation->judged;
    LevelFigures levels[CONFUSION_LEVELS], macro, micro;
    Table *table = result_table(matrix->result, "levels",
                                arena_format(arena, "%s, each level against the rest", matrix->model->name));
    Record *record = record_record(arena, matrix->place, "levels");
    double aucs = 0;
    int n_aucs = 0;
    table_column(arena, table, judged->target, ALIGN_LEFT, 0);
    for (int c = 0; c < 6; c++) table_column(arena, table, columns[c], ALIGN_RIGHT, c < 2 ? 0 : 4);
    cells_levels(matrix->counts, matrix->n, levels);
    for (int k = 0; k < matrix->n; k++) {
        double auc = auc_of_level(scored, k);
        if (!isnan(auc)) aucs += auc, n_aucs++;
        show_level(matrix, table, record_record(arena, record, judged->levels[k]), judged->levels[k],
                   levels[k], auc);
    }
    macro = cells_macro(levels, matrix->n);
    micro = macro;
    micro.precision = micro.recall = micro.f1 = micro_of(matrix);
    show_level(matrix, table, record_record(arena, matrix->place, "macro"), "macro mean", macro,
               aucs / n_aucs);
    show_level(matrix, table, record_record(arena, matrix->place, "micro"), "micro mean", micro, NAN);
}

static void add_levels(Matrix *matrix, const Scored *scored)
{
    double counts[CONFUSION_LEVELS * CONFUSION_LEVELS];
    if (!cells_confusion(scored, counts)) return;
    matrix->counts = counts;
    show_matrix(matrix);
    show_levels(matrix, scored);
}

/* ---- two levels */

static void add_cells(Matrix *matrix, const Scored *scored)
{
    Arena *arena = matrix->result->arena;
    Cells cells;
    if (!cells_of(scored, &cells)) return;
    matrix->counts = (const double[]){ cells.tn, cells.fp, cells.fn, cells.tp };
    matrix->cutoff = cells_cutoff(scored);
    show_matrix(matrix);
    Record *record = record_record(arena, matrix->place, "cells");
    record_number(arena, record, "tp", cells.tp);
    record_number(arena, record, "fp", cells.fp);
    record_number(arena, record, "fn", cells.fn);
    record_number(arena, record, "tn", cells.tn);
    record_number(arena, matrix->place, "cutoff", matrix->cutoff);
}

bool confusion_add(Figures *figures, const Evaluation *evaluation, Err *err)
{
    const Judged *judged = &evaluation->judged;
    if (judged->n_levels > CONFUSION_LEVELS || judged->n_levels < 2) return true;
    for (int m = 0; m < judged->n_models; m++) {
        Scored scored = evaluation_scored(evaluation, evaluation->groups, m);
        Record *place = figures_place(figures->result, judged->models[m]->name);
        if (figures->n_parts > 1) place = record_record(figures->result->arena, place, judged->part);
        Matrix matrix = {
            figures->result, evaluation, judged->models[m], place, NULL, judged->n_levels, NAN
        };
        if (!progress_poll(&figures->session->progress, "confusion", m, judged->n_models, err)) return false;
        if (judged->kind == 'b')
            add_cells(&matrix, &scored);
        else
            add_levels(&matrix, &scored);
    }
    return true;
}
