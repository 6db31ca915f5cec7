/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of points in their order: lines, scatter, autocorrelation. */
#include <math.h>
#include <string.h>

#include "data/looking/profile.h"
#include "data/looking/shape.h"
#include "data/order.h"
#include "lang/plot.h"

enum { LINE_SLICES = 400, GRID_COLUMNS = 320, GRID_ROWS = 160, ALL_POINTS = 2000 };

typedef struct Points {
    const char *name;
    double *x, *y; /* in the arena */
    size_t n, of;  /* kept, and of how many */
} Points;

/* ---- order */

typedef struct Order {
    const Frame *frame;
    const Column *column;
    uint32_t *ranks;
} Order;

static int compare_rows(const void *context, uint32_t a, uint32_t b)
{
    const Order *order = context;
    return cells_compare(order->column, order->ranks, frame_physical(order->frame, a),
                         frame_physical(order->frame, b));
}

/* Puts the plot's rows in the order of a column. */
static bool sort_rows(Plot *plot, int column, Err *err)
{
    Order order = { plot->frame, plot->frame->columns[column].column, NULL };
    size_t i = 1;
    if (order.column->type == COLUMN_CATEGORY && !(order.ranks = levels_ranks(order.column->levels, err)))
        return false;
    while (i < plot->n && compare_rows(&order, plot->rows[i - 1], plot->rows[i]) <= 0) i++;
    bool ok = i >= plot->n || rows_order(plot->rows, plot->n, compare_rows, &order, err);
    mem_free(order.ranks);
    return ok;
}

/* ---- points */

/* Of the rows of a group (-1: all); x_column -1 counts them. Missing x leaves a point out; missing y makes a
 * gap where `gaps`, else it does too. */
static bool take_points(const Plot *plot, int x_column, int y_column, int group, bool gaps, double *x,
                        double *y, size_t *n)
{
    const Column *across = x_column < 0 ? NULL : plot->frame->columns[x_column].column;
    const Column *up = plot->frame->columns[y_column].column;
    *n = 0;
    for (size_t i = 0; i < plot->n; i++) {
        size_t row = plot->rows[i], physical = frame_physical(plot->frame, row);
        if (group >= 0 && plot->groups.of_row[row] != (uint32_t)group) continue;
        x[*n] = across ? column_number(across, physical) : (double)i + 1;
        y[*n] = column_number(up, physical);
        *n += !isnan(x[*n]) && (gaps || !isnan(y[*n]));
    }
    return *n > 0;
}

static void keep_points(const Plot *plot, Points *points, const double *x, const double *y, size_t n)
{
    points->x = arena_take(plot->result->arena, (n + 1) * sizeof *points->x);
    points->y = arena_take(plot->result->arena, (n + 1) * sizeof *points->y);
    if (n) memcpy(points->x, x, n * sizeof *x);
    if (n) memcpy(points->y, y, n * sizeof *y);
    points->n = n;
}

/* Fewer points that draw the same picture. */
static bool thin(bool line, double *x, double *y, size_t *n, Err *err)
{
    if (line) {
        *n = curve_thin(x, y, *n, LINE_SLICES);
        return true;
    }
    if (*n <= ALL_POINTS) return true;
    unsigned char *seen = mem_get(GRID_COLUMNS * GRID_ROWS, 1, err);
    if (seen) *n = points_thin(x, y, *n, GRID_COLUMNS, GRID_ROWS, seen);
    mem_free(seen);
    return seen != NULL;
}

static bool make_points(Plot *plot, int x_column, bool line, Points *points, int n_points, Err *err)
{
    double *x = mem_get(plot->n, sizeof *x, err), *y = x ? mem_get(plot->n, sizeof *y, err) : NULL;
    bool ok = y != NULL, any = false;
    for (int s = 0; ok && s < n_points; s++) {
        size_t n;
        int y_column = plot->y[plot->by < 0 ? s : 0];
        points[s].name = plot->by < 0 ? plot_name(plot, y_column) : plot->groups.names[s];
        any = take_points(plot, x_column, y_column, plot->by < 0 ? -1 : s, line, x, y, &n) || any;
        points[s].of = n;
        ok = thin(line, x, y, &n, err);
        if (ok) keep_points(plot, &points[s], x, y, n);
    }
    mem_free(x);
    mem_free(y);
    if (!ok) return false;
    return any || ERR(err, plot_empty, plot_name(plot, plot->y[0]));
}

/* ---- showing */

static Value x_value(const Plot *plot, double x)
{
    return plot->chart->time_x ? value_time((int64_t)x, plot->chart->x_unit) : value_number(x);
}

static void record_points(const Plot *plot, Record *record, const Points *points)
{
    Arena *arena = plot->result->arena;
    Value list = value_list(arena, (int)points->n);
    for (size_t i = 0; i < points->n; i++) list.list.items[i] = x_value(plot, points->x[i]);
    record_set(arena, record, "x", list);
    plot_record(plot, record, "y", points->y, points->n);
    record_number(arena, record, "n", (double)points->of);
}

static void show_table(const Plot *plot, const Points *points, int n_points, const char *x_name)
{
    Arena *arena = plot->result->arena;
    table_column(arena, plot->table, "series", ALIGN_LEFT, 0);
    table_column(arena, plot->table, x_name, ALIGN_RIGHT, 0);
    table_column(arena, plot->table, "y", ALIGN_RIGHT, 0);
    for (int s = 0; s < n_points; s++)
        for (size_t i = 0; i < points[s].n; i++) {
            Value *row = table_row(arena, plot->table);
            row[0] = value_text(arena, points[s].name);
            row[1] = x_value(plot, points[s].x[i]);
            if (!isnan(points[s].y[i])) row[2] = value_number(points[s].y[i]);
        }
}

/* The whole range: nothing of data is beyond the edge of its picture. */
static void set_range(Chart *chart)
{
    double low = INFINITY, high = -INFINITY;
    for (int s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->series[s].n; i++) {
            double y = chart->series[s].y[i];
            if (!isfinite(y) || (chart->log_y && y <= 0)) continue;
            low = fmin(low, y);
            high = fmax(high, y);
        }
    if (!(high > low)) return;
    double margin = chart->log_y ? 0 : 0.03 * (high - low);
    chart->y_low = low - margin;
    chart->y_high = high + margin;
}

static const char *point_title(const Plot *plot, const char *between, const char *x_name)
{
    Buf text = { 0 };
    for (int k = 0; k < plot->n_y; k++) buf_printf(&text, "%s%s", k ? ", " : "", plot_name(plot, plot->y[k]));
    buf_printf(&text, " %s %s", between, x_name);
    if (plot->by >= 0) buf_printf(&text, ", each %s", plot_name(plot, plot->by));
    buf_printf(&text, " (%s)", plot->frame_name);
    const char *title = arena_text(plot->result->arena, buf_text(&text));
    buf_free(&text);
    return title;
}

static void count_points(const Plot *plot, const Points *points, int n_points, bool line)
{
    size_t kept = 0, of = 0, beyond = 0;
    for (int s = 0; s < n_points; s++) {
        kept += points[s].n;
        of += points[s].of;
        for (size_t i = 0; i < points[s].n; i++)
            beyond += (plot->log_y && points[s].y[i] <= 0) || (plot->log_x && points[s].x[i] <= 0);
    }
    if (kept < of)
        result_line(plot->result, "%zu points of %zu: %s", kept, of,
                    line ? "of each stretch the first, the least, the greatest, the last"
                         : "those that fall together are drawn once");
    if (beyond)
        result_line(plot->result, "%zu %s 0 or below, which a log scale does not show", beyond,
                    beyond == 1 ? "point is" : "points are");
}

static bool show_points(Plot *plot, int x_column, bool line, Err *err)
{
    static const char glyphs[PLOT_SERIES_MAX + 1] = "ox+*#%@&";
    int n_points = plot->by < 0 ? plot->n_y : (int)plot->groups.n;
    Points points[PLOT_SERIES_MAX];
    Arena *arena = plot->result->arena;
    const char *x_name = x_column < 0 ? "row" : plot_name(plot, x_column);
    if (!make_points(plot, x_column, line, points, n_points, err)) return false;
    plot_begin(plot, CHART_XY, point_title(plot, line ? "over" : "against", x_name), PLOT_ROWS, "points");
    Chart *chart = plot->chart;
    const Column *across = x_column < 0 ? NULL : plot->frame->columns[x_column].column;
    chart->time_x = across && across->type == COLUMN_TIME;
    chart->x_unit = across ? across->unit : UNIT_SECOND;
    chart->x_label = x_name;
    chart->y_label = plot_name(plot, plot->y[0]);
    chart->glyphs = line || n_points == 1 ? NULL : glyphs;
    chart->n_series = n_points;
    chart->series = arena_take(arena, (size_t)n_points * sizeof *chart->series);
    for (int s = 0; s < n_points; s++) {
        chart->series[s] = (Series){ n_points > 1 ? points[s].name : NULL,
                                     line ? SERIES_LINE : SERIES_POINTS,
                                     plot_ink(s),
                                     points[s].x,
                                     points[s].y,
                                     points[s].n };
        Record *record = plot->result->record;
        record_points(plot, n_points > 1 ? record_record(arena, record, points[s].name) : record, &points[s]);
    }
    set_range(chart);
    show_table(plot, points, n_points, x_name);
    count_points(plot, points, n_points, line);
    return true;
}

static bool check_y(const Plot *plot, const char *view, Err *err)
{
    for (int k = 0; k < plot->n_y; k++)
        if (!plot_needs_number(plot, plot->y[k], view, err)) return false;
    return true;
}

bool plot_line(Plot *plot, Err *err)
{
    int x = plot->x >= 0 ? plot->x : frame_role(plot->frame, ROLE_TIME);
    if (!check_y(plot, "line", err)) return false;
    if (x >= 0 && plot->frame->columns[x].column->type != COLUMN_TIME &&
        !plot_needs_number(plot, x, "line", err))
        return false;
    return (x < 0 || sort_rows(plot, x, err)) && show_points(plot, x, true, err);
}

bool plot_scatter(Plot *plot, Err *err)
{
    if (plot->x < 0) return ERR(err, missing_argument, "view=scatter", "x=, the column across");
    if (!check_y(plot, "scatter", err)) return false;
    if (plot->frame->columns[plot->x].column->type != COLUMN_TIME &&
        !plot_needs_number(plot, plot->x, "scatter", err))
        return false;
    return show_points(plot, plot->x, false, err);
}

/* ---- autocorrelation */

/* The values in order of time, NaN where missing. */
static double *series_values(Plot *plot, Err *err)
{
    int time = frame_role(plot->frame, ROLE_TIME);
    double *x = mem_get(plot->n, sizeof *x, err);
    if (!x || (time >= 0 && !sort_rows(plot, time, err))) {
        mem_free(x);
        return NULL;
    }
    for (size_t i = 0; i < plot->n; i++)
        x[i] = column_number(plot->frame->columns[plot->y[0]].column,
                             frame_physical(plot->frame, plot->rows[i]));
    return x;
}

static bool one_series(const Plot *plot, Err *err)
{
    int id = frame_role(plot->frame, ROLE_ID);
    for (size_t i = 1; id >= 0 && i < plot->n; i++) {
        const Column *column = plot->frame->columns[id].column;
        if (cell_bits(column, frame_physical(plot->frame, plot->rows[i])) ==
            cell_bits(column, frame_physical(plot->frame, plot->rows[0])))
            continue;
        ERR(err, plot_series, plot_name(plot, id));
        return err_hint(err, "choose one: if %s == ...", plot_name(plot, id));
    }
    return true;
}

static void show_acf(Plot *plot, const double *r, int n_lags, size_t n)
{
    Arena *arena = plot->result->arena;
    double band = 1.96 / sqrt((double)n), low = -1.3 * band, high = 1.3 * band;
    double *lags = arena_take(arena, ((size_t)n_lags + 1) * sizeof *lags);
    double *values = arena_take(arena, ((size_t)n_lags + 1) * sizeof *values),
           *bounds = arena_take(arena, 6 * sizeof *bounds);
    for (int k = 0; k < n_lags; k++) {
        lags[k] = k + 1;
        values[k] = r[k + 1];
        low = fmin(low, values[k]);
        high = fmax(high, values[k]);
    }
    memcpy(bounds, (double[]){ 1, n_lags, band, band, -band, -band }, 6 * sizeof *bounds);
    plot_begin(plot, CHART_XY,
               arena_format(arena, "autocorrelation of %s (%s), band +-1.96/sqrt(%zu) = %.3g",
                            plot_name(plot, plot->y[0]), plot->frame_name, n, band),
               PLOT_ROWS, "lags");
    Chart *chart = plot->chart;
    chart->x_label = "lag";
    chart->y_low = fmax(low * 1.05, -1);
    chart->y_high = fmin(high * 1.05, 1);
    chart->n_series = 3;
    chart->series = arena_take(arena, 3 * sizeof *chart->series);
    chart->series[0] = (Series){ NULL, SERIES_STEMS, INK_TRAIN, lags, values, (size_t)n_lags };
    chart->series[1] = (Series){ NULL, SERIES_LINE, INK_VALID, bounds, bounds + 2, 2 };
    chart->series[2] = (Series){ NULL, SERIES_LINE, INK_VALID, bounds, bounds + 4, 2 };
    table_column(arena, plot->table, "lag", ALIGN_RIGHT, 0);
    table_column(arena, plot->table, "r", ALIGN_RIGHT, 4);
    int outside = 0;
    for (int k = 0; k < n_lags; k++) {
        Value *row = table_row(arena, plot->table);
        row[0] = value_number(lags[k]);
        row[1] = value_number(values[k]);
        outside += fabs(values[k]) > band;
    }
    result_line(plot->result, "%d of %d lags are outside the band; %.1f would be by chance", outside, n_lags,
                0.05 * n_lags);
    plot_record(plot, plot->result->record, "r", values, (size_t)n_lags);
    record_number(arena, plot->result->record, "band", band);
    record_number(arena, plot->result->record, "n", (double)n);
}

bool plot_acf(Plot *plot, Err *err)
{
    if (plot->n_y > 1 || plot->by >= 0) return ERR(err, plot_one, "acf");
    if (!check_y(plot, "acf", err) || !one_series(plot, err)) return false;
    double *x = series_values(plot, err);
    if (!x) return false;
    int most = plot->n > 2 ? (int)fmin((double)plot->n - 1, 500) : 0;
    int n_lags = plot->lags ? plot->lags : (int)(10 * log10((double)plot->n + 1));
    if (n_lags > most) n_lags = most;
    double *r = arena_take(plot->result->arena, ((size_t)n_lags + 1) * sizeof *r);
    size_t n = n_lags ? autocorrelation(x, plot->n, n_lags, r) : 0;
    mem_free(x);
    if (n < 3 || isnan(r[1])) return ERR(err, plot_empty, plot_name(plot, plot->y[0]));
    show_acf(plot, r, n_lags, n);
    return true;
}
