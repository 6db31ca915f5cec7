/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curve of a rule by cut-off, as a chart and as numbers. */
#include <math.h>
#include <string.h>

#include "data/looking/shape.h"
#include "lang/chart_file.h"
#include "lang/figures.h"
#include "lang/threshold.h"

enum { CHART_ROWS = 16, CURVE_POINTS = 200 };

static const char *curve_label(const Choosing *choosing)
{
    if (choosing->asked.given) return "recall + specificity - 1";
    switch (choosing->asked.rule) {
    case CUTOFF_COST: return "cost of a row";
    case CUTOFF_KS: return "gap between the classes";
    case CUTOFF_YOUDEN: return "recall + specificity - 1";
    case CUTOFF_F1: return "F1";
    case CUTOFF_RATE: return "share said to be events";
    }
    return "";
}

static double curve_height(const Choosing *choosing, const Cutoff *cut)
{
    const Cells *c = &cut->cells;
    double n = c->tp + c->fp + c->fn + c->tn;
    if (choosing->asked.given) return cutoff_value(CUTOFF_YOUDEN, 0, cut);
    if (choosing->asked.rule == CUTOFF_COST) return cut->cost / n;
    if (choosing->asked.rule == CUTOFF_RATE) return (c->tp + c->fp) / n;
    return cutoff_value(choosing->asked.rule, 0, cut);
}

/* Of the curve as many points as a picture shows, scores rising. */
static Series thin_curve(const Choosing *choosing, double *x)
{
    size_t n = 0, cuts = choosing->n_cuts;
    double *y = x + cuts;
    for (size_t i = cuts; i-- > 1;) {
        x[n] = choosing->cuts[i].score;
        y[n] = curve_height(choosing, &choosing->cuts[i]);
        n += !isnan(y[n]);
    }
    n = curve_thin(x, y, n, CURVE_POINTS);
    double *kept = arena_take(choosing->deciding.result->arena, (2 * n + 1) * sizeof *kept);
    memcpy(kept, x, n * sizeof *x);
    memcpy(kept + n, y, n * sizeof *y);
    return (Series){ NULL, SERIES_LINE, INK_TRAIN, kept, kept + n, n };
}

static void show_numbers(Result *result, const Series *series, const char *label)
{
    Arena *arena = result->arena;
    Record *curve = record_record(arena, result->record, "curve");
    Value x = value_list(arena, (int)series->n), y = value_list(arena, (int)series->n);
    Table *table = result_table(result, "curve", NULL);
    table->behind_chart = true;
    table_column(arena, table, "cut-off", ALIGN_RIGHT, 0);
    table_column(arena, table, label, ALIGN_RIGHT, 0);
    for (size_t i = 0; i < series->n; i++) {
        Value *row = table_row(arena, table);
        row[0] = x.list.items[i] = value_number(series->x[i]);
        row[1] = y.list.items[i] = value_number(series->y[i]);
    }
    record_set(arena, curve, "x", x);
    record_set(arena, curve, "y", y);
}

/* A line from the bottom to the top where the event is said from. */
static Series chosen_line(Arena *arena, const Series *curve, double chosen)
{
    double *mark = arena_take(arena, 4 * sizeof *mark);
    mark[0] = mark[1] = chosen;
    mark[2] = INFINITY;
    mark[3] = -INFINITY;
    for (size_t i = 0; i < curve->n; i++) {
        mark[2] = fmin(mark[2], curve->y[i]);
        mark[3] = fmax(mark[3], curve->y[i]);
    }
    return (Series){ NULL, SERIES_LINE, INK_BAD, mark, mark + 2, curve->n ? 2 : 0 };
}

bool threshold_show_curve(const Choosing *choosing, double chosen, Err *err)
{
    const Deciding *deciding = &choosing->deciding;
    Arena *arena = deciding->result->arena;
    char at[40];
    double *x = mem_get(choosing->n_cuts, 2 * sizeof *x, err);
    if (!x) return false;
    Series *series = arena_take(arena, 2 * sizeof *series);
    Chart *chart = arena_take(arena, sizeof *chart);
    series[0] = thin_curve(choosing, x);
    series[1] = chosen_line(arena, &series[0], chosen);
    *chart = (Chart){ .kind = CHART_XY,
                      .title = arena_format(arena, "%s of %s by cut-off, chosen %s", curve_label(choosing),
                                            deciding->name, number_short(chosen, 4, at)),
                      .x_label = "cut-off",
                      .y_label = curve_label(choosing),
                      .series = series,
                      .n_series = 2,
                      .y_low = NAN,
                      .y_high = NAN };
    result_chart(deciding->result, chart, CHART_ROWS, 0);
    show_numbers(deciding->result, &series[0], curve_label(choosing));
    mem_free(x);
    return chart_file_write(deciding->session, deciding->call, chart, deciding->result, err);
}
