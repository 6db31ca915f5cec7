/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/plot.h"

#include <math.h>

#include "data/looking/profile.h"

const char *plot_name(const Plot *plot, int column)
{
    return arena_text(plot->result->arena, plot->frame->columns[column].name);
}

bool plot_needs_number(const Plot *plot, int column, const char *view, Err *err)
{
    const Column *cells = plot->frame->columns[column].column;
    if (column_is_numeric(cells)) return true;
    return ERR(err, plot_type, view, plot_name(plot, column), column_type_name(cells));
}

double *plot_values(const Plot *plot, int column, int group, size_t *n, Err *err)
{
    double *x = mem_get(plot->n, sizeof *x, err);
    *n = 0;
    for (size_t i = 0; x && i < plot->n; i++) {
        size_t row = plot->rows[i];
        if (group >= 0 && plot->groups.of_row[row] != (uint32_t)group) continue;
        double value = column_number(plot->frame->columns[column].column, frame_physical(plot->frame, row));
        x[*n] = value;
        *n += !isnan(value);
    }
    return x;
}

void plot_begin(Plot *plot, ChartKind kind, const char *title, int rows, const char *table)
{
    Arena *arena = plot->result->arena;
    plot->chart = arena_take(arena, sizeof *plot->chart);
    *plot->chart = (Chart){
        .kind = kind, .title = title, .log_x = plot->log_x, .log_y = plot->log_y, .y_low = NAN, .y_high = NAN
    };
    plot->chart_rows = rows;
    result_chart(plot->result, plot->chart, rows, 0);
    plot->table = result_table(plot->result, table, NULL);
    plot->table->behind_chart = true;
}

Ink plot_ink(int series)
{
    static const Ink inks[PLOT_SERIES_MAX] = { INK_TRAIN,  INK_VALID,   INK_GOOD,   INK_BAD,
                                               INK_ADVICE, INK_EARLIER, INK_SMOOTH, INK_KEY };
    return inks[series % PLOT_SERIES_MAX];
}

void plot_record(const Plot *plot, Record *record, const char *name, const double *x, size_t n)
{
    Arena *arena = plot->result->arena;
    Value list = value_list(arena, (int)n);
    for (size_t i = 0; i < n; i++) list.list.items[i] = isnan(x[i]) ? value_missing() : value_number(x[i]);
    record_set(arena, record, name, list);
}
