/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of a distribution: histograms, boxes, bars. */
#include <math.h>
#include <string.h>

#include "data/looking/profile.h"
#include "data/looking/shape.h"
#include "lang/plot.h"

/* ---- histograms */

static void count_bins(const Histogram *histogram, const double *x, size_t n, double *counts)
{
    for (size_t i = 0; i < n; i++) counts[histogram_bin(histogram, x[i])]++;
}

/* counts (n_series, n_bins): shares where there are groups. */
static void show_hist(Plot *plot, const Histogram *histogram, double *counts, const size_t *sizes,
                      int n_series)
{
    Arena *arena = plot->result->arena;
    size_t n_bins = (size_t)histogram->n_bins;
    const char *name = plot_name(plot, plot->y[0]);
    double *middles = arena_take(arena, n_bins * sizeof *middles),
           *edges = arena_take(arena, (n_bins + 1) * sizeof *edges);
    const char *by = plot->by < 0 ? "" : arena_format(arena, " by %s, shares", plot_name(plot, plot->by));
    plot_begin(plot, CHART_XY,
               arena_format(arena, "%s%s (%s), %zu bins of %.3g", name, by, plot->frame_name, n_bins,
                            histogram->width),
               PLOT_ROWS, "bins");
    Chart *chart = plot->chart;
    double most = 0;
    for (size_t b = 0; b <= n_bins; b++) edges[b] = histogram->low + (double)b * histogram->width;
    for (size_t b = 0; b < n_bins; b++) middles[b] = (edges[b] + edges[b + 1]) / 2;
    chart->x_label = name;
    chart->log_x = false;
    chart->n_series = n_series;
    chart->series = arena_take(arena, (size_t)n_series * sizeof *chart->series);
    for (int s = 0; s < n_series; s++) {
        double *row = counts + (size_t)s * n_bins;
        const char *of = plot->by < 0 ? NULL : plot->groups.names[s];
        for (size_t b = 0; b < n_bins; b++) {
            if (of) row[b] /= sizes[s] ? (double)sizes[s] : 1;
            most = fmax(most, row[b]);
        }
        chart->series[s] = (Series){ of, of ? SERIES_LINE : SERIES_BARS, plot_ink(s), middles, row, n_bins };
        plot_record(plot, of ? record_record(arena, plot->result->record, of) : plot->result->record,
                    of ? "shares" : "counts", row, n_bins);
    }
    if (!chart->log_y) chart->y_low = 0;
    chart->y_high = most;
    plot_record(plot, plot->result->record, "edges", edges, n_bins + 1);
    record_number(arena, plot->result->record, "width", histogram->width);
    table_column(arena, plot->table, "from", ALIGN_RIGHT, 4);
    table_column(arena, plot->table, "to", ALIGN_RIGHT, 4);
    for (int s = 0; s < n_series; s++)
        table_column(arena, plot->table, plot->by < 0 ? "rows" : plot->groups.names[s], ALIGN_RIGHT,
                     plot->by < 0 ? 0 : 3);
    for (size_t b = 0; b < n_bins; b++) {
        Value *row = table_row(arena, plot->table);
        row[0] = value_number(edges[b]);
        row[1] = value_number(edges[b + 1]);
        for (int s = 0; s < n_series; s++) row[2 + s] = value_number(counts[(size_t)s * n_bins + b]);
    }
}

bool plot_hist(Plot *plot, Err *err)
{
    if (plot->n_y > 1) return ERR(err, plot_one, "hist");
    if (!plot_needs_number(plot, plot->y[0], "hist", err)) return false;
    size_t n, sizes[PLOT_SERIES_MAX];
    int n_series = plot->by < 0 ? 1 : (int)plot->groups.n;
    double *x = plot_values(plot, plot->y[0], -1, &n, err),
           *spare = x ? mem_get(n, sizeof *spare, err) : NULL;
    bool ok = spare && (n > 0 || ERR(err, plot_empty, plot_name(plot, plot->y[0])));
    Histogram histogram = { 0 };
    if (ok) histogram = histogram_fit(x, n, plot->bins, spare);
    mem_free(spare);
    double *counts =
        arena_take(plot->result->arena, (size_t)(n_series * (histogram.n_bins + 1)) * sizeof *counts);
    for (int s = 0; ok && s < n_series; s++) {
        if (plot->by >= 0) {
            mem_free(x);
            ok = (x = plot_values(plot, plot->y[0], s, &n, err)) != NULL;
        }
        sizes[s] = n;
        if (ok) count_bins(&histogram, x, n, counts + (size_t)s * (size_t)histogram.n_bins);
    }
    mem_free(x);
    if (ok) show_hist(plot, &histogram, counts, sizes, n_series);
    return ok;
}

/* ---- boxes */

static void put_box(const Box *box, double *out)
{
    out[BOX_LOW] = box->low;
    out[BOX_WHISKER_LOW] = box->whisker_low;
    out[BOX_Q1] = box->q1;
    out[BOX_MEDIAN] = box->median;
    out[BOX_Q3] = box->q3;
    out[BOX_WHISKER_HIGH] = box->whisker_high;
    out[BOX_HIGH] = box->high;
}

static void show_box(Plot *plot, const char *name, const double *five, size_t n, size_t outside)
{
    static const char *const members[BOX_VALUES] = { "min", "whisker_low",  "q1", "median",
                                                     "q3",  "whisker_high", "max" };
    Arena *arena = plot->result->arena;
    Value *row = table_row(arena, plot->table);
    Record *record = record_record(arena, plot->result->record, name);
    row[0] = value_text(arena, name);
    row[1] = value_number((double)n);
    for (int k = 0; k < BOX_VALUES && n; k++) {
        row[2 + k] = value_number(five[k]);
        record_number(arena, record, members[k], five[k]);
    }
    row[2 + BOX_VALUES] = value_number((double)outside);
    record_number(arena, record, "n", (double)n);
    record_number(arena, record, "outside", (double)outside);
}

static bool fit_box(const Plot *plot, int column, int group, double *five, Box *box, Err *err)
{
    size_t n;
    double *x = plot_values(plot, column, group, &n, err), *spare = x ? mem_get(n, sizeof *spare, err) : NULL;
    *box = (Box){ .n = n };
    for (int k = 0; k < BOX_VALUES; k++) five[k] = NAN;
    if (spare && n) *box = box_fit(x, n, spare);
    if (spare && n) put_box(box, five);
    mem_free(x);
    mem_free(spare);
    return spare != NULL;
}

bool plot_box(Plot *plot, Err *err)
{
    Arena *arena = plot->result->arena;
    if (plot->by >= 0 && plot->n_y > 1) return ERR(err, plot_one, "box with by=");
    for (int k = 0; k < plot->n_y; k++)
        if (!plot_needs_number(plot, plot->y[k], "box", err)) return false;
    int n = plot->by < 0 ? plot->n_y : (int)plot->groups.n;
    double *values = arena_take(arena, ((size_t)n + 1) * BOX_VALUES * sizeof *values);
    const char **names = arena_take(arena, ((size_t)n + 1) * sizeof *names);
    Box *boxes = arena_take(arena, ((size_t)n + 1) * sizeof *boxes);
    size_t outside = 0;
    for (int i = 0; i < n; i++) {
        int column = plot->y[plot->by < 0 ? i : 0];
        names[i] = plot->by < 0 ? plot_name(plot, column) : plot->groups.names[i];
        if (!fit_box(plot, column, plot->by < 0 ? -1 : i, values + (size_t)i * BOX_VALUES, &boxes[i], err))
            return false;
        outside += boxes[i].outside;
    }
    const char *name = plot->n_y == 1 ? plot_name(plot, plot->y[0]) : "value";
    plot_begin(plot, CHART_BOX,
               plot->by < 0
                   ? arena_format(arena, "%s (%s)", name, plot->frame_name)
                   : arena_format(arena, "%s by %s (%s)", name, plot_name(plot, plot->by), plot->frame_name),
               n + 3, "boxes");
    static const char *const heads[] = { "box",    "rows", "min",     "whisker", "q1",
                                         "median", "q3",   "whisker", "max",     "outside" };
    for (int k = 0; k < 10; k++)
        table_column(arena, plot->table, heads[k], k ? ALIGN_RIGHT : ALIGN_LEFT, k > 1 && k < 9 ? 4 : 0);
    for (int i = 0; i < n; i++)
        show_box(plot, names[i], values + (size_t)i * BOX_VALUES, boxes[i].n, boxes[i].outside);
    plot->chart->rows = n;
    plot->chart->columns = 1;
    plot->chart->values = values;
    plot->chart->row_names = names;
    plot->chart->x_label = name;
    if (outside)
        result_line(plot->result, "%zu %s beyond the whiskers (1.5 IQR)", outside,
                    outside == 1 ? "value is" : "values are");
    return true;
}

/* ---- bars: counts of values, or means of a number in groups */

static bool bar_counts(Plot *plot, double **values, const char *const **names, int *n, Err *err)
{
    RowGroups groups;
    if (plot->by >= 0)
        return ERR(err, plot_type, "bar with by=", plot_name(plot, plot->y[0]),
                   column_type_name(plot->frame->columns[plot->y[0]].column));
    bool ok = rowgroups_open(&groups, plot->frame, plot->y[0], PLOT_BARS_MAX, plot->result->arena, err);
    if (ok) {
        *n = (int)groups.n;
        *names = groups.names;
        *values = arena_take(plot->result->arena, ((size_t)groups.n + 1) * sizeof **values);
        for (size_t i = 0; i < plot->n; i++) (*values)[groups.of_row[plot->rows[i]]]++;
    }
    rowgroups_close(&groups);
    return ok;
}

static bool bar_means(Plot *plot, double **values, Err *err)
{
    const Column *column = plot->frame->columns[plot->y[0]].column;
    Arena *arena = plot->result->arena;
    if (!plot_needs_number(plot, plot->y[0], "bar with by=", err)) return false;
    double *sums = arena_take(arena, ((size_t)plot->groups.n + 1) * sizeof *sums);
    double *counts = arena_take(arena, ((size_t)plot->groups.n + 1) * sizeof *counts);
    for (size_t i = 0; i < plot->n; i++) {
        double x = column_number(column, frame_physical(plot->frame, plot->rows[i]));
        if (isnan(x)) continue;
        sums[plot->groups.of_row[plot->rows[i]]] += x;
        counts[plot->groups.of_row[plot->rows[i]]]++;
    }
    for (uint32_t g = 0; g < plot->groups.n; g++) sums[g] /= counts[g];
    *values = sums;
    return true;
}

bool plot_bar(Plot *plot, Err *err)
{
    Arena *arena = plot->result->arena;
    const char *const *names = plot->groups.names;
    const char *name = plot_name(plot, plot->y[0]);
    bool means = plot->by >= 0;
    double *values;
    int n = (int)plot->groups.n;
    if (plot->n_y > 1) return ERR(err, plot_one, "bar");
    if (means ? !bar_means(plot, &values, err) : !bar_counts(plot, &values, &names, &n, err)) return false;
    plot_begin(
        plot, CHART_BARS,
        means ? arena_format(arena, "mean %s by %s (%s)", name, plot_name(plot, plot->by), plot->frame_name)
              : arena_format(arena, "rows by %s (%s)", name, plot->frame_name),
        n + 1, "bars");
    table_column(arena, plot->table, means ? plot_name(plot, plot->by) : name, ALIGN_LEFT, 0);
    table_column(arena, plot->table, means ? "mean" : "rows", ALIGN_RIGHT, means ? 4 : 0);
    for (int i = 0; i < n; i++) {
        Value *row = table_row(arena, plot->table);
        row[0] = value_text(arena, names[i]);
        if (!isnan(values[i])) row[1] = value_number(values[i]);
        if (!isnan(values[i])) record_number(arena, plot->result->record, names[i], values[i]);
    }
    plot->chart->rows = n;
    plot->chart->columns = 1;
    plot->chart->values = values;
    plot->chart->row_names = names;
    return true;
}
