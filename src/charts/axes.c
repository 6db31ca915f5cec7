/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "charts/axes.h"

#include <math.h>
#include <string.h>

#include "charts/canvas.h"

enum {
    Y_AXIS_COLUMNS = 20, /* narrower areas have no labels of y */
    NAME_COLUMNS = 36,   /* and narrower ones no names of curves */
    X_AXIS_ROWS = 5,     /* lower areas have no x axis */
    NAME_ROWS = 14,      /* lower ones no row for its name, where that is long */
    LONG_NAME = 8,
    NAME_WIDTH = 12
};

static int widest_name(const Chart *chart)
{
    int widest = 0;
    for (int s = 0; s < chart->n_series; s++) {
        const Series *series = &chart->series[s];
        int width = series->name && series->style == SERIES_LINE ? text_width(series->name) : 0;
        if (width > widest) widest = width;
    }
    return widest > NAME_WIDTH ? NAME_WIDTH : widest;
}

Axes axes_fit(const Chart *chart, Area area)
{
    Axes axes = { .plot = area, .x = scale_x(chart), .y = scale_y(chart) };
    Area *plot = &axes.plot;
    if (area.rows >= X_AXIS_ROWS) {
        axes.x_shown = true;
        plot->rows -= 2;
    }
    if (area.rows >= NAME_ROWS && chart->x_label && text_width(chart->x_label) > LONG_NAME) {
        axes.name_below = true;
        plot->rows--;
    }
    int most = plot->rows / 3 + 1;
    if (area.columns >= Y_AXIS_COLUMNS) {
        scale_ticks(&axes.y, most < 2 ? 2 : most, &axes.y_ticks);
        axes.y_width = axes.y_ticks.width + 1;
        plot->column += axes.y_width;
        plot->columns -= axes.y_width;
    }
    if (area.columns >= NAME_COLUMNS) {
        int width = widest_name(chart);
        axes.labels = width ? width + 1 : 0;
        plot->columns -= axes.labels;
    }
    return axes;
}

static void put(Grid *grid, int row, int column, Ink ink, Marks marks, uint32_t fine, char coarse)
{
    Cell *cell = grid_cell(grid, row, column);
    if (cell) *cell = (Cell){ marks == MARKS_ASCII ? (uint32_t)coarse : fine, (uint8_t)ink, 0 };
}

int axes_row(const Axes *axes, double up)
{
    int down = canvas_dots_down(axes->plot.marks);
    return (int)lround((1 - up) * (down * axes->plot.rows - 1)) / down;
}

static void draw_y(const Axes *axes)
{
    const Area *plot = &axes->plot;
    int column = plot->column - 1;
    for (int r = 0; r < plot->rows; r++)
        put(plot->grid, plot->row + r, column, INK_DIM, plot->marks, 0x2502, '|');
    for (int k = 0; k < axes->y_ticks.n; k++) {
        double span = axes->y.high - axes->y.low;
        double place = axes->y_ticks.at[k] / span - axes->y.low / span;
        int r = plot->row + axes_row(axes, place);
        if (r < plot->row || r >= plot->row + plot->rows) continue;
        const char *label = axes->y_ticks.labels[k];
        grid_text(plot->grid, r, column - (int)strlen(label), INK_DIM, label);
        put(plot->grid, r, column, INK_DIM, plot->marks, 0x2524, '+');
    }
}

static void draw_x_line(const Axes *axes, int row)
{
    const Area *plot = &axes->plot;
    if (axes->y_width) put(plot->grid, row, plot->column - 1, INK_DIM, plot->marks, 0x2514, '+');
    for (int c = 0; c < plot->columns; c++)
        put(plot->grid, row, plot->column + c, INK_DIM, plot->marks, 0x2500, '-');
}

/* Labels that would touch the one before are left out; the axis label ends the row where it fits, or stands
 * below. */
static void draw_x(const Chart *chart, const Axes *axes)
{
    const Area *plot = &axes->plot;
    int row = plot->row + plot->rows, free_from = plot->column;
    int end = plot->column + plot->columns + axes->labels;
    int label_width = chart->x_label ? text_width(chart->x_label) : 0;
    Ticks ticks;
    draw_x_line(axes, row);
    scale_ticks(&axes->x, plot->columns / 12 + 1, &ticks);
    if (axes->name_below)
        draw_text(plot->grid, row + 2, end > label_width ? end - label_width : 0, label_width, INK_DIM,
                  chart->x_label);
    else if (label_width && label_width + 16 < plot->columns)
        draw_text(plot->grid, row + 1, end -= label_width, label_width, INK_DIM, chart->x_label);
    for (int k = 0; k < ticks.n; k++) {
        int width = (int)strlen(ticks.labels[k]);
        double place = (ticks.at[k] - axes->x.low) / (axes->x.high - axes->x.low);
        int mark = plot->column + (int)lround(place * (plot->columns - 1));
        int column = mark - width / 2;
        if (column < plot->column) column = plot->column;
        if (column < free_from || column + width >= end) continue;
        put(plot->grid, row, mark, INK_DIM, plot->marks, 0x2534, '+');
        free_from = column + 2 + grid_text(plot->grid, row + 1, column, INK_DIM, ticks.labels[k]);
    }
}

void axes_draw(const Chart *chart, const Axes *axes)
{
    if (axes->y_width) draw_y(axes);
    if (axes->x_shown) draw_x(chart, axes);
}
