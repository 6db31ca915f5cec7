/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/grouping.h"

#include <math.h>
#include <string.h>

#include "data/cellorder.h"
#include "data/summary.h"
#include "lang/bind.h"

enum { BANDS = 4, DISTINCT = 10 };

static bool classes(const Evaluation *evaluation, Grouping *grouping, uint32_t *physical, Err *err)
{
    const Judged *judged = &evaluation->judged;
    for (size_t i = 0; i < evaluation->n; i++)
        physical[i] = (uint32_t)frame_physical(judged->frame, judged->rows[i]);
    return rows_classes(grouping->column->column, physical, evaluation->n, grouping->group, &grouping->n,
                        err);
}

static void name_classes(const Call *call, const Evaluation *evaluation, Grouping *grouping,
                         const uint32_t *physical)
{
    Arena *arena = call->arena;
    const Column *column = grouping->column->column;
    Buf text = { 0 };
    grouping->names = arena_take(arena, (size_t)grouping->n * sizeof *grouping->names + 1);
    for (size_t i = 0; i < evaluation->n; i++) {
        uint32_t g = grouping->group[i];
        if (grouping->names[g]) continue;
        buf_clear(&text);
        column_text(column, physical[i], &text);
        grouping->names[g] =
            arena_text(arena, column_is_missing(column, physical[i]) ? "missing" : buf_text(&text));
    }
    buf_free(&text);
}

/* Quartiles of the rows, equal ones once; out: their number. */
static int quartiles(const double *x, size_t n, double *ends, Err *err)
{
    double *spare = mem_get(n, sizeof *spare, err);
    size_t known = 0;
    int out = 0;
    if (!spare) return -1;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) spare[known++] = x[i];
    for (int k = 1; known && k < BANDS; k++) {
        double end = summary_quantile(spare, known, (double)k / BANDS);
        if (out == 0 || end > ends[out - 1]) ends[out++] = end;
    }
    mem_free(spare);
    return out;
}

static bool given_bands(const Call *call, const FrameColumn *column, double *ends, int *n, Err *err)
{
    ValueList list = option_list(&call->options, "bands");
    bool sound = list.n < GROUPS_MAX;
    for (*n = 0; sound && *n < list.n; ++*n) {
        ends[*n] = list.items[*n].number;
        sound = *n == 0 || ends[*n] > ends[*n - 1];
    }
    return sound || ERR_AT(err, call_span(call, "bands"), fair_bands, column->name);
}

static void name_bands(Grouping *grouping, const double *ends, int n, Arena *arena)
{
    char low[40], high[40];
    grouping->n = (uint32_t)n + 2;
    grouping->names = arena_take(arena, (size_t)grouping->n * sizeof *grouping->names);
    for (int g = 0; g <= n; g++) {
        if (g > 0) number_short(ends[g - 1], 5, low);
        if (g < n) number_short(ends[g], 5, high);
        grouping->names[g] = n == 0   ? "all"
                             : g == 0 ? arena_format(arena, "to %s", high)
                             : g == n ? arena_format(arena, "above %s", low)
                                      : arena_format(arena, "%s to %s", low, high);
    }
    grouping->names[n + 1] = "missing";
}

static bool make_bands(const Call *call, const Evaluation *evaluation, Grouping *grouping,
                       const uint32_t *physical, Err *err)
{
    size_t n = evaluation->n;
    double ends[GROUPS_MAX], *x = mem_get(n, sizeof *x, err);
    int bands = 0;
    if (!x) return false;
    for (size_t i = 0; i < n; i++) x[i] = column_number(grouping->column->column, physical[i]);
    bool ok = option_given(&call->options, "bands") ? given_bands(call, grouping->column, ends, &bands, err)
                                                    : (bands = quartiles(x, n, ends, err)) >= 0;
    for (size_t i = 0; ok && i < n; i++) {
        uint32_t g = 0;
        while (g < (uint32_t)bands && x[i] > ends[g]) g++;
        grouping->group[i] = isnan(x[i]) ? (uint32_t)bands + 1 : g;
    }
    if (ok) name_bands(grouping, ends, bands, call->arena);
    mem_free(x);
    return ok;
}

bool grouping_make(const Call *call, const Evaluation *evaluation, Grouping *grouping, Err *err)
{
    ColumnType type = grouping->column->column->type;
    size_t n = evaluation->n;
    uint32_t *physical = mem_get(n, sizeof *physical, err);
    grouping->group = physical ? mem_get(n, sizeof *grouping->group, err) : NULL;
    bool number = type == COLUMN_NUMBER || type == COLUMN_INTEGER;
    bool ok = grouping->group != NULL;
    if (ok && type == COLUMN_TEXT)
        ok = ERR(err, by_type, grouping->column->name, column_type_name(grouping->column->column));
    ok = ok && classes(evaluation, grouping, physical, err);
    bool banded = number && (grouping->n > DISTINCT || option_given(&call->options, "bands"));
    if (ok && banded) ok = make_bands(call, evaluation, grouping, physical, err);
    if (ok && grouping->n > GROUPS_MAX) ok = ERR(err, by_many, grouping->column->name, INT(GROUPS_MAX));
    if (ok && !banded) name_classes(call, evaluation, grouping, physical);
    mem_free(physical);
    return ok;
}
