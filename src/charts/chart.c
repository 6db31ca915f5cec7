/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts: choosing the drawer, titles, copies. */
#include "charts/chart.h"

#include <string.h>

#include "charts/draw.h"

static void (*const drawers[])(const Chart *, Area, Arena *) = { [CHART_XY] = draw_xy,
                                                                 [CHART_HEAT] = draw_heat,
                                                                 [CHART_HINTON] = draw_hinton,
                                                                 [CHART_BARS] = draw_bar_rows,
                                                                 [CHART_BOX] = draw_boxes };

void draw_text(Grid *grid, int row, int column, int width, Ink ink, const char *text)
{
    Buf cut = { 0 };
    int own = text_width(text);
    if (width > 0) {
        if (own > width) buf_cell(&cut, text, width);
        grid_text(grid, row, column, ink, own > width ? buf_text(&cut) : text);
    }
    buf_free(&cut);
}

void chart_draw(const Chart *chart, Grid *grid, int row, int column, int rows, int columns, Marks marks)
{
    if (row < 0 || column < 0) return;
    if (rows > grid->rows - row) rows = grid->rows - row;
    if (columns > grid->columns - column) columns = grid->columns - column;
    if (rows < 1 || columns < 1) return;
    Arena *arena = arena_new();
    bool in_rows = chart->kind == CHART_BARS || chart->kind == CHART_BOX;
    if (chart->title && rows >= (in_rows ? 2 : 5)) {
        draw_text(grid, row++, column, columns, INK_TITLE, chart->title);
        rows--;
    }
    drawers[chart->kind](chart, (Area){ grid, row, column, rows, columns, marks }, arena);
    arena_free(arena);
}

static const double *copy_numbers(Arena *arena, const double *from, size_t n)
{
    if (!from) return NULL;
    double *copy = arena_take(arena, n * sizeof *copy + 1);
    if (n) memcpy(copy, from, n * sizeof *copy);
    return copy;
}

static const char *copy_text(Arena *arena, const char *text)
{
    return text ? arena_text(arena, text) : NULL;
}

static const char *const *copy_names(Arena *arena, const char *const *names, int n)
{
    if (!names) return NULL;
    const char **copy = arena_take(arena, (size_t)n * sizeof *copy + 1);
    for (int i = 0; i < n; i++) copy[i] = copy_text(arena, names[i]);
    return copy;
}

Chart *chart_copy(Arena *arena, const Chart *chart)
{
    Chart *copy = arena_take(arena, sizeof *copy);
    *copy = *chart;
    copy->title = copy_text(arena, chart->title);
    copy->x_label = copy_text(arena, chart->x_label);
    copy->y_label = copy_text(arena, chart->y_label);
    copy->series = arena_take(arena, (size_t)chart->n_series * sizeof *copy->series + 1);
    for (int s = 0; s < chart->n_series; s++) {
        copy->series[s] = chart->series[s];
        copy->series[s].name = copy_text(arena, chart->series[s].name);
        copy->series[s].x = copy_numbers(arena, chart->series[s].x, chart->series[s].n);
        copy->series[s].y = copy_numbers(arena, chart->series[s].y, chart->series[s].n);
    }
    size_t width = chart->kind == CHART_BOX    ? BOX_VALUES
                   : chart->kind == CHART_BARS ? 1
                                               : (size_t)chart->columns;
    copy->glyphs = copy_text(arena, chart->glyphs);
    copy->values = copy_numbers(arena, chart->values, (size_t)chart->rows * width);
    copy->row_names = copy_names(arena, chart->row_names, chart->rows);
    copy->column_names = copy_names(arena, chart->column_names, chart->columns);
    return copy;
}
