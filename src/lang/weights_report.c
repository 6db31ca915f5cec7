/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/weights_report.h"

#include <math.h>
#include <string.h>

enum { TEXT_ROWS = 24, HIST_ROWS = 10, BINS = 30 };

void weights_report_shape(const TensorStats *tensor, size_t *rows, size_t *columns)
{
    const Shape *shape = &tensor->shape;
    *columns = shape->n_dims ? shape->dims[shape->n_dims - 1] : 1;
    *rows = 1;
    for (int i = 0; i + 1 < shape->n_dims; i++) *rows *= shape->dims[i];
    if (*columns == 1) { /* one unit: its weights side by side */
        *columns = *rows;
        *rows = 1;
    }
}

static Chart *matrix_chart(Arena *arena, const TensorStats *tensor, ChartKind kind)
{
    size_t rows, columns;
    Chart *chart = arena_take(arena, sizeof *chart);
    weights_report_shape(tensor, &rows, &columns);
    double *values = arena_take(arena, rows * columns * sizeof *values + 1);
    for (size_t i = 0; i < rows * columns; i++) values[i] = (double)tensor->values[i];
    *chart = (Chart){ .kind = kind,
                      .values = values,
                      .rows = (int)rows,
                      .columns = (int)columns,
                      .y_low = NAN,
                      .y_high = NAN };
    return chart;
}

static Chart *histogram_chart(Arena *arena, const TensorStats *tensor)
{
    size_t n = shape_size(tensor->shape);
    double reach = tensor->largest > 0 && isfinite(tensor->largest) ? tensor->largest : 1;
    double *x = arena_take(arena, 2 * BINS * sizeof *x), *y = x + BINS;
    Chart *chart = arena_take(arena, sizeof *chart);
    for (int b = 0; b < BINS; b++) x[b] = reach * ((2 * b + 1.0) / BINS - 1);
    for (size_t i = 0; i < n; i++) {
        double at = ((double)tensor->values[i] / reach + 1) / 2 * BINS;
        if (isfinite(at)) y[at >= BINS ? BINS - 1 : at < 0 ? 0 : (int)at] += 1;
    }
    *chart = (Chart){ .kind = CHART_XY, .x_label = "weight", .n_series = 1, .y_low = 0, .y_high = NAN };
    chart->series = arena_take(arena, sizeof *chart->series);
    chart->series[0] = (Series){ tensor->tensor, SERIES_BARS, INK_TRAIN, x, y, BINS };
    return chart;
}

Chart *weights_report_chart(Arena *arena, const TensorStats *tensor, const char *view)
{
    if (text_equal(view, "hist")) return histogram_chart(arena, tensor);
    return matrix_chart(arena, tensor, text_equal(view, "hinton") ? CHART_HINTON : CHART_HEAT);
}

static Value number_or_missing(double x)
{
    return isfinite(x) ? value_number(x) : value_missing();
}

static void add_row(Result *result, Table *table, const TensorStats *tensor)
{
    Arena *arena = result->arena;
    char shape[96];
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, arena_format(arena, "%s.%s", tensor->layer, tensor->tensor));
    row[1] = value_text(arena, shape_text(tensor->shape, shape));
    const double numbers[] = { tensor->mean, tensor->sd, tensor->norm, tensor->largest, tensor->spectral };
    for (int i = 0; i < 5; i++) row[2 + i] = number_or_missing(numbers[i]);
    if (tensor->units)
        row[7] = value_text(arena, arena_format(arena, "%zu of %zu", tensor->dead, tensor->units));
}

static void add_record(Result *result, const TensorStats *tensor)
{
    Arena *arena = result->arena;
    Record *layer = record_record(arena, result->record, tensor->layer);
    Record *record = record_record(arena, layer, tensor->tensor);
    record_number(arena, record, "mean", tensor->mean);
    record_number(arena, record, "sd", tensor->sd);
    record_number(arena, record, "norm", tensor->norm);
    record_number(arena, record, "largest", tensor->largest);
    if (isfinite(tensor->spectral)) record_number(arena, record, "spectral", tensor->spectral);
    if (tensor->units) record_number(arena, record, "dead", (double)tensor->dead);
}

static Table *new_table(Result *result)
{
    static const char *const names[] = { "mean", "sd", "norm", "largest", "spectral", "dead units" };
    Table *table = result_table(result, "tensors", NULL);
    table_column(result->arena, table, "tensor", ALIGN_LEFT, 0);
    table_column(result->arena, table, "shape", ALIGN_LEFT, 0);
    for (int i = 0; i < 6; i++) table_column(result->arena, table, names[i], ALIGN_RIGHT, i < 5 ? 4 : 0);
    return table;
}

/* Rows of text: all of a matrix up to a limit, and the legend. */
static int chart_rows(const Chart *chart)
{
    if (chart->kind == CHART_XY) return HIST_ROWS;
    int rows = chart->rows < TEXT_ROWS ? chart->rows : TEXT_ROWS;
    return rows >= 3 ? rows + 1 : rows;
}

static void add_chart(Result *result, const TensorStats *tensor, const char *view)
{
    char shape[96];
    Chart *chart = weights_report_chart(result->arena, tensor, view);
    const char *meaning = tensor->shape.n_dims < 2 || chart->kind == CHART_XY ? ""
                          : chart->rows > 1 ? ": a row an input, a column a unit"
                                            : ": a column an input";
    result_line_ink(result, INK_TITLE, "%s.%s %s%s", tensor->layer, tensor->tensor,
                    shape_text(tensor->shape, shape), meaning);
    result_chart(result, chart, chart_rows(chart), 0);
}

void weights_report(Result *result, const Net *net, const char *layer, const char *view)
{
    Table *table = new_table(result);
    TensorStats tensor;
    bool table_only = text_equal(view, "table");
    for (int i = 0; net_tensor(net, i, &tensor); i++) {
        if (layer && !text_equal(layer, tensor.layer)) continue;
        add_row(result, table, &tensor);
        add_record(result, &tensor);
    }
    for (int i = 0; !table_only && net_tensor(net, i, &tensor); i++) {
        bool chosen = layer ? text_equal(layer, tensor.layer) : tensor.shape.n_dims >= 2;
        if (chosen) add_chart(result, &tensor, view);
    }
}
