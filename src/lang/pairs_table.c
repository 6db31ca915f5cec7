/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/pairs_table.h"

#include <math.h>

void pairs_record(Arena *arena, Record *record, const char *name, const Compared *compared)
{
    Record *place = record_record(arena, record, name);
    record_set(arena, place, "difference", figures_value(compared->difference.value));
    record_set(arena, place, "low", figures_value(compared->difference.interval.low));
    record_set(arena, place, "high", figures_value(compared->difference.interval.high));
    record_set(arena, place, "p", figures_value(compared->difference.p));
    record_text(arena, place, "test", compared->test);
}

static void begin_table(Figures *figures)
{
    Arena *arena = figures->result->arena;
    Table *table = result_table(figures->result, "tests", "paired tests on the same rows");
    figures->tests = table;
    if (figures->n_parts > 1) table_column(arena, table, "part", ALIGN_LEFT, 0);
    table_column(arena, table, "models", ALIGN_LEFT, 0);
    table_column(arena, table, "metric", ALIGN_LEFT, 0);
    table_column(arena, table, "difference", ALIGN_RIGHT, 4);
    table_column(arena, table, "low", ALIGN_RIGHT, 4);
    table_column(arena, table, "high", ALIGN_RIGHT, 4);
    table_column(arena, table, "p", ALIGN_RIGHT, 3);
    table_column(arena, table, "test", ALIGN_LEFT, 0);
}

static void add_row(Figures *figures, const Evaluation *evaluation, int m, int i, const Compared *compared)
{
    Arena *arena = figures->result->arena;
    const Judged *judged = &evaluation->judged;
    const char *name = judged->models[m]->name, *metric = evaluation->choice.metrics[i]->kind.name;
    if (!figures->tests) begin_table(figures);
    Value *cell = table_row(arena, figures->tests);
    if (figures->n_parts > 1) *cell++ = value_text(arena, judged->part);
    *cell++ = value_text(arena, arena_format(arena, "%s - %s", name, judged->models[0]->name));
    *cell++ = value_text(arena, metric);
    *cell++ = figures_value(compared->difference.value);
    *cell++ = figures_value(compared->difference.interval.low);
    *cell++ = figures_value(compared->difference.interval.high);
    *cell++ = figures_value(compared->difference.p);
    *cell = value_text(arena, compared->test);
    Record *place = record_record(arena, record_record(arena, figures->result->record, "tests"), name);
    if (figures->n_parts > 1) place = record_record(arena, place, judged->part);
    pairs_record(arena, place, metric, compared);
}

bool pairs_add(Figures *figures, const Evaluation *evaluation, Err *err)
{
    Evaluation closed = *evaluation; /* tests alone: what needs resampling is for compare */
    int n_models = evaluation->judged.n_models, n_metrics = evaluation->choice.n_metrics;
    Compared *pairs = arena_take(figures->result->arena, (size_t)(n_models * n_metrics + 1) * sizeof *pairs);
    closed.choice.ci = CI_CLOSED;
    if (!intervals_of_pairs(figures->session, &closed, pairs, err)) return false;
    for (int m = 1; m < n_models; m++)
        for (int i = 0; i < n_metrics; i++) {
            const Compared *compared = &pairs[(m - 1) * n_metrics + i];
            if (compared->test) add_row(figures, evaluation, m, i, compared);
        }
    return true;
}
