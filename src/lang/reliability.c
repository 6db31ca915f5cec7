/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/reliability.h"

#include <math.h>
#include <string.h>

#include "lang/figures.h"
#include "lang/plot.h"
#include "measures/bands.h"
#include "measures/cox.h"
#include "measures/scored.h"

enum { CHART_ROWS = 16 };
#define NOISE 1e-12 /* of sums that are 0 */

static const struct {
    const char *name, *label;
} shown[] = {
    { "ece", "ECE, 10 bands of equal width" },
    { "ecemass", "ECE, 10 bands of equal weight" },
    { "intercept", "calibration intercept (0)" },
    { "slope", "calibration slope (1)" },
    { "inlarge", "in the large, slope 1 (0)" },
    { "brier", "Brier score" },
    { "logloss", "log-loss" },
    { "auc", "AUC" },
};

/* Those of Cox come from one fit. */
static double cox_value(const Cox *cox, const char *name, double otherwise)
{
    if (!strcmp(name, "intercept")) return cox->intercept;
    if (!strcmp(name, "slope")) return cox->slope;
    return strcmp(name, "inlarge") ? otherwise : cox->large;
}

static bool is_cox(const char *name)
{
    return !isnan(cox_value(&(Cox){ 0 }, name, NAN));
}

static double mean_score(const Scored *scored)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < scored->n; i++) {
        sum += scored_weight(scored, i) * scored_event(scored, i);
        weights += scored_weight(scored, i);
    }
    return sum / weights;
}

static void add_row(Arena *arena, Table *table, Result *result, const char *label, const char *name,
                    const double *values, int n)
{
    static const char *const members[] = { "before", "after", "held" };
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, label);
    for (int k = 0; k < n; k++) {
        row[k + 1] = figures_value(fabs(values[k]) < NOISE ? 0 : values[k]);
        record_set(arena, record_record(arena, result->record, members[k]), name, row[k + 1]);
    }
}

static void show_measures(const Reliability *of, Result *result)
{
    Arena *arena = result->arena;
    int n = of->has_held ? 3 : 2;
    const Scored *scored[] = { &of->before, &of->after, &of->held };
    Table *table = result_table(result, "calibration", arena_format(arena, "%s on %s", of->name, of->rows));
    table_column(arena, table, "measure", ALIGN_LEFT, 0);
    table_column(arena, table, "before", ALIGN_RIGHT, 4);
    table_column(arena, table, "after", ALIGN_RIGHT, 4);
    if (of->has_held) table_column(arena, table, "held out", ALIGN_RIGHT, 4);
    double means[3];
    Cox cox[3];
    for (int k = 0; k < n; k++) {
        means[k] = mean_score(scored[k]);
        if (of->kind != 'b' || !cox_fit(scored[k], &cox[k])) cox[k] = (Cox){ NAN, NAN, NAN, NAN, NAN, NAN };
    }
    if (of->kind == 'b') add_row(arena, table, result, "mean score", "mean", means, n);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const Metric *metric = metric_find(shown[i].name);
        double values[3];
        if (!metric || !strchr(metric->targets, of->kind)) continue;
        for (int k = 0; k < n; k++)
            values[k] =
                is_cox(shown[i].name) ? cox_value(&cox[k], shown[i].name, NAN) : metric->value(scored[k]);
        add_row(arena, table, result, shown[i].label, shown[i].name, values, n);
    }
    if (of->has_held)
        result_line_ink(result, INK_DIM, "held out: each fifth of these rows by a fit to the other four");
}

/* ---- bands and chart */

static size_t band_points(const Scored *scored, double *x, double *y, double *n)
{
    Band bands[BANDS_USUAL];
    size_t kept = 0;
    if (!scored_is_probability(scored) || !bands_by_mass(scored, BANDS_USUAL, bands)) return 0;
    for (int k = 0; k < BANDS_USUAL; k++) {
        if (!(bands[k].n > 0)) continue;
        n[kept] = bands[k].n;
        x[kept] = bands[k].sum / bands[k].n;
        y[kept++] = bands[k].events / bands[k].n;
    }
    return kept;
}

static void add_bands(Table *table, Arena *arena, const Series *series, const double *n)
{
    for (size_t i = 0; i < series->n; i++) {
        Value *row = table_row(arena, table);
        row[0] = value_text(arena, series->name);
        row[1] = value_number(n[i]);
        row[2] = value_number(series->x[i]);
        row[3] = value_number(series->y[i]);
        row[4] = value_number(series->y[i] - series->x[i]);
    }
}

static Table *begin_bands(Result *result)
{
    static const char *const columns[] = { "n", "mean score", "event rate", "difference" };
    Table *table = result_table(result, "bands", NULL);
    table_column(result->arena, table, "series", ALIGN_LEFT, 0);
    for (int c = 0; c < 4; c++) table_column(result->arena, table, columns[c], ALIGN_RIGHT, 4);
    table->behind_chart = true;
    return table;
}

static Chart *begin_chart(const Reliability *of, Series *series, Arena *arena)
{
    Chart *chart = arena_take(arena, sizeof *chart);
    *chart = (Chart){ .kind = CHART_XY,
                      .title = arena_format(arena, "reliability of %s, %s", of->name, of->rows),
                      .x_label = "mean score of a band",
                      .y_label = "event rate",
                      .series = series,
                      .y_low = NAN,
                      .y_high = NAN };
    return chart;
}

static void show_bands(const Reliability *of, Result *result)
{
    Arena *arena = result->arena;
    const Scored *scored[] = { &of->before, &of->after };
    Series *series = arena_take(arena, 3 * sizeof *series);
    double *ends = arena_take(arena, 2 * sizeof *ends);
    Chart *chart = begin_chart(of, series, arena);
    Table *table = begin_bands(result);
    series[chart->n_series++] = (Series){ NULL, SERIES_LINE, INK_EARLIER, ends, ends, 2 };
    for (int k = 0; k < 2; k++) {
        double *x = arena_take(arena, 3 * BANDS_USUAL * sizeof *x), *y = x + BANDS_USUAL;
        size_t n = band_points(scored[k], x, y, y + BANDS_USUAL);
        if (n == 0) continue;
        series[chart->n_series] =
            (Series){ k ? "after" : "before", SERIES_LINE, k ? INK_VALID : INK_TRAIN, x, y, n };
        add_bands(table, arena, &series[chart->n_series++], y + BANDS_USUAL);
        for (size_t i = 0; i < n; i++) ends[1] = fmax(ends[1], fmax(x[i], y[i]));
    }
    if (chart->n_series == 1 || !(ends[1] > 0)) return; /* nothing but the diagonal */
    chart->y_low = 0;
    chart->y_high = ends[1];
    result_chart(result, chart, CHART_ROWS, 0);
}

void reliability_show(const Reliability *of, Result *result)
{
    show_measures(of, result);
    if (of->kind == 'b') show_bands(of, result);
}
