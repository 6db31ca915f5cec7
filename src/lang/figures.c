/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/figures.h"

#include <math.h>
#include <string.h>

#include "lang/pairs_table.h"

Value figures_value(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

const char *figures_naive_name(char kind)
{
    return kind == 'n' ? "training mean" : kind == 'b' ? "base rate" : "majority class";
}

const char *figures_part_words(Arena *arena, const char *part)
{
    if (!strcmp(part, "train")) return "training rows";
    if (!strcmp(part, "valid")) return "validation rows";
    if (!strcmp(part, "all")) return "all rows";
    return arena_format(arena, "%s rows", part);
}

/* ---- the record */

Record *figures_place(Result *result, const char *name)
{
    const char *dot = strchr(name, '.');
    Record *record = result->record;
    if (dot)
        record = record_record(result->arena, record, arena_copy(result->arena, name, (size_t)(dot - name)));
    return record_record(result->arena, record, dot ? dot + 1 : name);
}

void figures_set_interval(Arena *arena, Record *record, const char *name, Interval interval)
{
    if (isnan(interval.low)) return;
    Record *ends = record_record(arena, record_record(arena, record, "ci"), name);
    record_set(arena, ends, "low", figures_value(interval.low));
    record_set(arena, ends, "high", figures_value(interval.high));
}

/* The figures of one row of the table. */
typedef struct Row {
    const Evaluation *evaluation;
    const Group *group;
    const char *shown, *name; /* in the table, in the record */
    const Figure *figures;    /* (n_metrics) */
} Row;

static void set_record(const Row *row, Record *record, Arena *arena)
{
    const Choice *choice = &row->evaluation->choice;
    record_number(arena, record, "n", (double)row->group->n);
    for (int i = 0; i < choice->n_metrics; i++) {
        const char *metric = choice->metrics[i]->kind.name;
        record_set(arena, record, metric, figures_value(row->figures[i].value));
        figures_set_interval(arena, record, metric, row->figures[i].interval);
    }
}

/* Under the name of the part, and where there is one part without it too. */
static void set_places(const Figures *figures, const Row *row, Record *place)
{
    Arena *arena = figures->result->arena;
    const Evaluation *evaluation = row->evaluation;
    Record *places[2] = { record_record(arena, place, evaluation->judged.part),
                          figures->n_parts == 1 ? place : NULL };
    for (int i = 0; i < 2 && places[i]; i++) {
        Record *record = places[i];
        if (row->group != evaluation->groups)
            record = record_record(arena, record_record(arena, record, "groups"), row->group->name);
        set_record(row, record, arena);
    }
}

/* ---- the table: a row a model, or with intervals a row a figure */

static const char *title_of(const Figures *figures, const Evaluation *evaluation)
{
    const Judged *judged = &evaluation->judged;
    Arena *arena = figures->result->arena;
    const char *rows =
        figures->n_parts > 1
            ? judged->frame_name
            : arena_format(arena, "%s of %s", figures_part_words(arena, judged->part), judged->frame_name);
    return arena_format(arena, "%s, target %s%s", rows, judged->target,
                        evaluation->expected ? ", expected labels" : "");
}

static void begin_table(Figures *figures, const Evaluation *evaluation)
{
    Arena *arena = figures->result->arena;
    Table *table = result_table(figures->result, "figures", title_of(figures, evaluation));
    figures->table = table;
    if (figures->n_parts > 1) table_column(arena, table, "part", ALIGN_LEFT, 0);
    if (figures->by) table_column(arena, table, figures->by, ALIGN_LEFT, 0);
    if (evaluation->choice.ci != CI_OFF) table_column(arena, table, "metric", ALIGN_LEFT, 0);
    table_column(arena, table, "model", ALIGN_LEFT, 0);
    table_column(arena, table, "n", ALIGN_RIGHT, 0);
    if (evaluation->choice.ci == CI_OFF) {
        for (int i = 0; i < evaluation->choice.n_metrics; i++)
            table_column(arena, table, evaluation->choice.metrics[i]->kind.name, ALIGN_RIGHT,
                         evaluation->choice.metrics[i]->digits);
        return;
    }
    table_column(arena, table, "value", ALIGN_RIGHT, 4);
    table_column(arena, table, "low", ALIGN_RIGHT, 4);
    table_column(arena, table, "high", ALIGN_RIGHT, 4);
    table_column(arena, table, "interval", ALIGN_LEFT, 0);
    table_column(arena, table, figures_naive_name(evaluation->judged.kind), ALIGN_RIGHT, 4);
    if (evaluation->truth) table_column(arena, table, "attainable", ALIGN_RIGHT, 4);
}

static Value *begin_row(const Figures *figures, const Row *row)
{
    Arena *arena = figures->result->arena;
    Value *cell = table_row(arena, figures->table);
    if (figures->n_parts > 1) *cell++ = value_text(arena, row->evaluation->judged.part);
    if (figures->by) *cell++ = value_text(arena, row->group->name);
    return cell;
}

static void show_wide(const Figures *figures, const Row *row)
{
    Value *cell = begin_row(figures, row);
    *cell++ = value_text(figures->result->arena, row->shown);
    *cell++ = value_number((double)row->group->n);
    for (int i = 0; i < row->evaluation->choice.n_metrics; i++)
        *cell++ = figures_value(row->figures[i].value);
}

/* With the figures of the rows for the constant prediction and, where the truth is known, for that. */
static void show_figure(const Figures *figures, const Row *row, const Row *naive, const Row *best, int i)
{
    Arena *arena = figures->result->arena;
    const Figure *figure = &row->figures[i];
    Value *cell = begin_row(figures, row);
    *cell++ = value_text(arena, row->evaluation->choice.metrics[i]->kind.name);
    *cell++ = value_text(arena, row->shown);
    *cell++ = value_number((double)row->group->n);
    *cell++ = figures_value(figure->value);
    *cell++ = figures_value(figure->interval.low);
    *cell++ = figures_value(figure->interval.high);
    if (figure->by) *cell = value_text(arena, figure->by);
    cell[1] = figures_value(naive->figures[i].value);
    if (best && row->evaluation->truth) cell[2] = figures_value(best->figures[i].value);
}

/* ---- the rows of a group */

static bool is_any(const Figure *figures, int n)
{
    for (int i = 0; i < n; i++)
        if (!isnan(figures[i].value)) return true;
    return false;
}

static Figure *constant_figures(const Evaluation *evaluation, const Group *group, Arena *arena,
                                double (*of)(const Evaluation *evaluation, const Group *group, int i))
{
    int n = evaluation->choice.n_metrics;
    Figure *figures = arena_take(arena, ((size_t)n + 1) * sizeof *figures);
    for (int i = 0; i < n; i++) figures[i] = (Figure){ of(evaluation, group, i), { NAN, NAN }, NULL };
    return figures;
}

/* Models, the constant prediction, and where the truth is known what it attains. */
static bool take_rows(Figures *figures, const Evaluation *evaluation, const Group *group, Row *rows, int *n,
                      Err *err)
{
    Arena *arena = figures->result->arena;
    const Judged *judged = &evaluation->judged;
    int n_metrics = evaluation->choice.n_metrics;
    Figure *values = arena_take(arena, (size_t)(judged->n_models * n_metrics + 1) * sizeof *values);
    if (!intervals_of_group(figures->session, evaluation, group, values, err)) return false;
    for (*n = 0; *n < judged->n_models; ++*n)
        rows[*n] = (Row){ evaluation, group, judged->models[*n]->name, judged->models[*n]->name,
                          values + *n * n_metrics };
    rows[(*n)++] = (Row){ evaluation, group, figures_naive_name(judged->kind), "naive",
                          constant_figures(evaluation, group, arena, evaluation_naive) };
    const Figure *best = constant_figures(evaluation, group, arena, evaluation_attainable);
    if (is_any(best, n_metrics)) rows[(*n)++] = (Row){ evaluation, group, "attainable", "attainable", best };
    return true;
}

static bool add_group(Figures *figures, const Evaluation *evaluation, const Group *group, Err *err)
{
    int n, n_models = evaluation->judged.n_models;
    Row *rows = arena_take(figures->result->arena, (size_t)(n_models + 2) * sizeof *rows);
    if (!take_rows(figures, evaluation, group, rows, &n, err)) return false;
    for (int r = 0; r < n; r++) {
        set_places(figures, &rows[r], figures_place(figures->result, rows[r].name));
        if (evaluation->choice.ci == CI_OFF) show_wide(figures, &rows[r]);
    }
    if (n_models == 1 && group == evaluation->groups) set_places(figures, &rows[0], figures->result->record);
    for (int i = 0; evaluation->choice.ci != CI_OFF && i < evaluation->choice.n_metrics; i++)
        for (int r = 0; r < n_models; r++)
            show_figure(figures, &rows[r], &rows[n_models], n > n_models + 1 ? &rows[n_models + 1] : NULL, i);
    return true;
}

bool figures_add(Figures *figures, const Evaluation *evaluation, Err *err)
{
    if (!figures->table) begin_table(figures, evaluation);
    for (int g = 1; g <= evaluation->n_groups; g++)
        if (!add_group(figures, evaluation, &evaluation->groups[g % evaluation->n_groups], err)) return false;
    return evaluation->judged.n_models < 2 || pairs_add(figures, evaluation, err);
}
