/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How drift is shown: a table of the groups, one of the columns, a chart, and $last. */
#include <string.h>

#include "lang/drift.h"
#include "lang/figures.h"

enum { CHART_ROWS = 16, CHART_BARS_MAX = 40 };

static Value words_value(Arena *arena, DriftFigure figure)
{
    const char *words = drift_words(figure);
    return words ? value_text(arena, words) : value_missing();
}

/* ---- groups */

/* What is shown of the target: numbers have means, more than two levels a ranking. */
static const struct {
    const char *name, *kinds;
    int digits;
} judged[] = {
    { "observed", "nb", 4 }, { "predicted", "nb", 4 }, { "intercept", "b", 3 }, { "z", "b", 3 },
    { "AUC", "bc", 4 },      { "low", "b", 4 },        { "high", "b", 4 },
};
enum { JUDGED = sizeof judged / sizeof *judged };

static bool is_judged(const Drift *drift, int c)
{
    return drift->has_target && strchr(judged[c].kinds, drift->reference.judged.kind);
}

static Table *begin_groups(const Drift *drift)
{
    Arena *arena = drift->result->arena;
    const Judged *reference = &drift->reference.judged;
    const char *rows = figures_part_words(arena, reference->part);
    const char *title =
        arena_format(arena, "drift of %s against %s%s of %s", drift->model->name,
                     strcmp(reference->part, "all") ? "the " : "", rows, reference->frame_name);
    Table *table = result_table(drift->result, "drift", title);
    table_column(arena, table, drift->by ? drift->by : "rows", ALIGN_LEFT, 0);
    table_column(arena, table, "n", ALIGN_RIGHT, 0);
    table_column(arena, table, "PSI", ALIGN_RIGHT, 3);
    table_column(arena, table, "critical", ALIGN_RIGHT, 3);
    table_column(arena, table, "drift", ALIGN_LEFT, 0);
    for (int c = 0; c < JUDGED; c++)
        if (is_judged(drift, c)) table_column(arena, table, judged[c].name, ALIGN_RIGHT, judged[c].digits);
    return table;
}

static void show_group(const Drift *drift, Table *table, const DriftGroup *group)
{
    Arena *arena = drift->result->arena;
    const double figures[JUDGED] = { group->observed,  group->predicted,
                                     group->intercept, group->intercept / group->error,
                                     group->auc,       group->auc_low,
                                     group->auc_high };
    Value *cell = table_row(arena, table);
    *cell++ = value_text(arena, group->name);
    *cell++ = value_number((double)group->n);
    bool base = group == &drift->base;
    *cell++ = base ? value_missing() : figures_value(group->score.psi);
    *cell++ = base ? value_missing() : figures_value(group->score.critical);
    *cell++ = base ? value_missing() : words_value(arena, group->score);
    for (int c = 0; c < JUDGED; c++)
        if (is_judged(drift, c)) *cell++ = figures_value(figures[c]);
}

static void show_groups(const Drift *drift)
{
    Table *table = begin_groups(drift);
    show_group(drift, table, &drift->base);
    for (int g = 0; g < drift->n_groups; g++) show_group(drift, table, &drift->groups[g]);
}

/* ---- columns */

static int largest_group(const Drift *drift, int c)
{
    int largest = 0;
    for (int g = 1; g < drift->n_groups; g++) {
        double psi = drift->groups[g].columns[c].psi, most = drift->groups[largest].columns[c].psi;
        if (isnan(most) || psi > most) largest = g;
    }
    return largest;
}

static int count_shown(const Drift *drift, int c)
{
    int shown = 0;
    for (int g = 0; g < drift->n_groups; g++) shown += drift_is_shown(drift->groups[g].columns[c]);
    return shown;
}

static void show_columns(const Drift *drift)
{
    Arena *arena = drift->result->arena;
    bool many = drift->n_groups > 1;
    if (drift->n_columns == 0) return;
    Table *table = result_table(drift->result, "columns",
                                many ? "CSI of the inputs, where it is largest" : "CSI of the inputs");
    table_column(arena, table, "column", ALIGN_LEFT, 0);
    if (many) table_column(arena, table, drift->by ? drift->by : "rows", ALIGN_LEFT, 0);
    table_column(arena, table, "CSI", ALIGN_RIGHT, 3);
    table_column(arena, table, "critical", ALIGN_RIGHT, 3);
    table_column(arena, table, "drift", ALIGN_LEFT, 0);
    table_column(arena, table, "missing", ALIGN_RIGHT, 3);
    if (many) table_column(arena, table, "shown in", ALIGN_RIGHT, 0);
    for (int c = 0; c < drift->n_columns; c++) {
        const DriftGroup *group = &drift->groups[largest_group(drift, c)];
        Value *cell = table_row(arena, table);
        *cell++ = value_text(arena, drift->names[c]);
        if (many) *cell++ = value_text(arena, group->name);
        *cell++ = figures_value(group->columns[c].psi);
        *cell++ = figures_value(group->columns[c].critical);
        *cell++ = words_value(arena, group->columns[c]);
        *cell++ = figures_value(group->columns[c].missing);
        if (many)
            *cell =
                value_text(arena, arena_format(arena, "%d of %d", count_shown(drift, c), drift->n_groups));
    }
}

/* ---- $last */

static void set_figure(Arena *arena, Record *record, const char *name, double x)
{
    record_set(arena, record, name, figures_value(x));
}

static void record_group(const Drift *drift, const DriftGroup *group, Record *record)
{
    Arena *arena = drift->result->arena;
    record_number(arena, record, "n", (double)group->n);
    if (group != &drift->base) {
        set_figure(arena, record, "psi", group->score.psi);
        set_figure(arena, record, "critical", group->score.critical);
        record_set(arena, record, "drift", words_value(arena, group->score));
    }
    if (drift->has_target) {
        set_figure(arena, record, "observed", group->observed);
        set_figure(arena, record, "predicted", group->predicted);
        set_figure(arena, record, "intercept", group->intercept);
        set_figure(arena, record, "intercept_error", group->error);
        set_figure(arena, record, "auc", group->auc);
        set_figure(arena, record, "auc_low", group->auc_low);
        set_figure(arena, record, "auc_high", group->auc_high);
    }
    if (group == &drift->base) return;
    Record *csi = record_record(arena, record, "csi"),
           *critical = record_record(arena, record, "csi_critical");
    for (int c = 0; c < drift->n_columns; c++) {
        set_figure(arena, csi, drift->names[c], group->columns[c].psi);
        set_figure(arena, critical, drift->names[c], group->columns[c].critical);
    }
}

static void record_all(const Drift *drift, int *n, int *shown)
{
    Arena *arena = drift->result->arena;
    Record *record = drift->result->record;
    record_group(drift, &drift->base, record_record(arena, record, "reference"));
    if (drift->n_groups == 1) record_group(drift, &drift->groups[0], record);
    Record *groups = record_record(arena, record, "groups");
    for (int g = 0; g < drift->n_groups; g++) {
        const DriftGroup *group = &drift->groups[g];
        record_group(drift, group, record_record(arena, groups, group->name));
        if (group->n == 0) continue;
        *n += 1 + drift->n_columns;
        *shown += drift_is_shown(group->score);
        for (int c = 0; c < drift->n_columns; c++) *shown += drift_is_shown(group->columns[c]);
    }
    record_number(arena, record, "comparisons", *n);
    record_number(arena, record, "above", *shown);
}

/* ---- the chart */

static Chart *chart_new(const Drift *drift, ChartKind kind, const char *title)
{
    Chart *chart = arena_take(drift->result->arena, sizeof *chart);
    *chart = (Chart){ .kind = kind, .title = title, .y_low = NAN, .y_high = NAN };
    return chart;
}

/* PSI of the score by period, beside its critical value. */
static Chart *chart_periods(const Drift *drift)
{
    Arena *arena = drift->result->arena;
    size_t n = (size_t)drift->n_groups;
    double *x = arena_take(arena, 3 * n * sizeof *x), *psi = x + n, *critical = psi + n;
    Series *series = arena_take(arena, 2 * sizeof *series);
    Chart *chart = chart_new(drift, CHART_XY, arena_format(arena, "PSI of %s", drift->model->name));
    chart->y_low = 0;
    chart->y_high = 0;
    for (size_t g = 0; g < n; g++) {
        x[g] = drift->groups[g].time;
        psi[g] = drift->groups[g].score.psi;
        critical[g] = drift->groups[g].score.critical;
        chart->y_high = fmax(chart->y_high, fmax(psi[g], critical[g]));
    }
    if (!(chart->y_high > 0)) chart->y_high = 1;
    series[0] = (Series){ "PSI", SERIES_LINE, INK_TRAIN, x, psi, n };
    series[1] = (Series){ "critical", SERIES_LINE, INK_EARLIER, x, critical, n };
    chart->time_x = true;
    chart->x_unit = drift->unit;
    chart->series = series;
    chart->n_series = 2;
    return chart;
}

static Chart *chart_bars(const Drift *drift, const char *title, const double *values,
                         const char *const *names, int n)
{
    Chart *chart = chart_new(drift, CHART_BARS, title);
    chart->rows = n < CHART_BARS_MAX ? n : CHART_BARS_MAX;
    chart->columns = 1;
    chart->values = values;
    chart->row_names = names;
    return chart;
}

/* Of one group the score and its columns; of several the score of each. */
static Chart *chart_groups(const Drift *drift)
{
    Arena *arena = drift->result->arena;
    bool many = drift->n_groups > 1;
    int n = many ? drift->n_groups : drift->n_columns + 1;
    double *values = arena_take(arena, (size_t)n * sizeof *values);
    const char **names = arena_take(arena, (size_t)n * sizeof *names);
    for (int k = 0; k < n; k++) {
        const DriftGroup *group = &drift->groups[many ? k : 0];
        values[k] = many || k == 0 ? group->score.psi : group->columns[k - 1].psi;
        names[k] = many ? group->name : k == 0 ? "score" : drift->names[k - 1];
        if (isnan(values[k])) values[k] = 0;
    }
    return chart_bars(drift, many ? "PSI of the score" : "PSI of the score, CSI of the columns", values,
                      names, n);
}

static bool fits_bars(const Drift *drift)
{
    return (drift->n_groups > 1 ? drift->n_groups : drift->n_columns + 1) <= CHART_BARS_MAX;
}

bool drift_show(Drift *drift, Chart **chart, Err *err)
{
    int n = 0, shown = 0;
    Result *result = drift->result;
    if (drift->n_groups == 0) return ERR(err, drift_no_rows, drift->reference.judged.frame_name);
    show_groups(drift);
    show_columns(drift);
    record_all(drift, &n, &shown);
    result_line(result, "above the critical value: %d of %d; without drift one in 20", shown, n);
    if (drift->halved) NOTE(&result->notes, drift_half, INT(drift->halved));
    *chart = drift->periods && drift->n_groups > 1 ? chart_periods(drift) : chart_groups(drift);
    if ((*chart)->kind == CHART_XY || fits_bars(drift))
        result_chart(result, *chart, (*chart)->kind == CHART_XY ? CHART_ROWS : (*chart)->rows + 1, 0);
    return true;
}
