/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts of a row each from left to right, with names: bars, boxes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "charts/axes.h"

enum { NAMES_SHARE = 3, VALUE_WIDTH = 12 };

static int names_width(const Chart *chart, int columns)
{
    int widest = 0, most = columns / NAMES_SHARE;
    for (int r = 0; chart->row_names && r < chart->rows; r++) {
        int width = text_width(chart->row_names[r]);
        if (width > widest) widest = width;
    }
    return columns < 20 ? 0 : widest > most ? most : widest;
}

static void put(const Area *area, int row, int column, Ink ink, uint32_t fine, char coarse)
{
    Cell *cell = grid_cell(area->grid, row, column);
    if (cell && column < area->column + area->columns)
        *cell = (Cell){ area->marks == MARKS_ASCII ? (uint32_t)coarse : fine, (uint8_t)ink, 0 };
}

/* How many rows are shown; where not all are, the last line says so. */
static int fit_rows(const Chart *chart, const Area *area)
{
    char text[60];
    if (chart->rows <= area->rows) return chart->rows;
    int shown = area->rows > 1 ? area->rows - 1 : area->rows;
    snprintf(text, sizeof text, "%d more", chart->rows - shown);
    if (area->rows > 1) draw_text(area->grid, area->row + shown, area->column, area->columns, INK_DIM, text);
    return shown;
}

/* ---- bars */

/* From `from` to `to` in eighths of a cell. */
static void draw_bar(const Area *plot, int row, int from, int to, Ink ink)
{
    for (int c = from / 8; c <= (to - 1) / 8 && to > from; c++) {
        int fill = to - 8 * c > 8 ? 8 : to - 8 * c;
        put(plot, row, plot->column + c, ink, 0x2590u - (unsigned)fill, fill >= 4 ? '#' : '.');
    }
}

void draw_bar_rows(const Chart *chart, Area area, Arena *arena)
{
    (void)arena;
    int names = names_width(chart, area.columns), shown = fit_rows(chart, &area);
    int left = names ? names + 1 : 0, values = area.columns >= 30 ? VALUE_WIDTH : 0;
    Area plot = area;
    double low = 0, high = 0;
    plot.column += left;
    plot.columns -= left + values;
    for (int r = 0; r < chart->rows; r++) {
        if (!isfinite(chart->values[r])) continue;
        low = fmin(low, chart->values[r]);
        high = fmax(high, chart->values[r]);
    }
    if (plot.columns < 1 || !(high > low)) high = low + 1;
    int zero = (int)lround(-low / (high - low) * plot.columns);
    for (int r = 0; r < shown; r++) {
        char text[40];
        double value = chart->values[r];
        int row = area.row + r,
            end = isfinite(value) ? (int)lround((value - low) / (high - low) * 8 * plot.columns) : 0;
        if (names) draw_text(area.grid, row, area.column, names, INK_PLAIN, chart->row_names[r]);
        if (!isfinite(value)) continue;
        if (value < 0) draw_bar(&plot, row, end / 8 * 8, 8 * zero, INK_VALID);
        if (value > 0) draw_bar(&plot, row, 8 * zero, end > 8 * zero ? end : 8 * zero + 1, INK_TRAIN);
        int after = value > 0 ? (end + 7) / 8 : zero;
        if (values)
            draw_text(area.grid, row, plot.column + after + 1, VALUE_WIDTH - 1, INK_DIM,
                      number_short(value, 4, text));
    }
}

/* ---- boxes */

static int place(const Scale *scale, double value, int columns)
{
    double at = scale_place(scale, value);
    if (!isfinite(at)) return -1;
    return (int)lround(fmin(fmax(at, 0), 1) * (columns - 1));
}

static void draw_extreme(const Area *plot, const Scale *scale, int row, double value)
{
    double at = scale_place(scale, value);
    int column = plot->column + place(scale, value, plot->columns);
    if (!isfinite(at)) return;
    if (at < 0) put(plot, row, column, INK_DIM, 0x00AB, '<');
    if (at > 1) put(plot, row, column, INK_DIM, 0x00BB, '>');
    if (at >= 0 && at <= 1) put(plot, row, column, INK_DIM, 0x00B7, '.');
}

static void draw_box(const Area *plot, const Scale *scale, int row, const double *box)
{
    int at[BOX_VALUES];
    for (int k = 0; k < BOX_VALUES; k++) at[k] = plot->column + place(scale, box[k], plot->columns);
    for (int c = at[BOX_WHISKER_LOW]; c <= at[BOX_WHISKER_HIGH]; c++) put(plot, row, c, INK_DIM, 0x2500, '-');
    put(plot, row, at[BOX_WHISKER_LOW], INK_DIM, 0x251C, '|');
    put(plot, row, at[BOX_WHISKER_HIGH], INK_DIM, 0x2524, '|');
    for (int c = at[BOX_Q1]; c <= at[BOX_Q3]; c++) put(plot, row, c, INK_TRAIN, 0x2593, '=');
    put(plot, row, at[BOX_Q1], INK_TRAIN, 0x2593, '[');
    put(plot, row, at[BOX_Q3], INK_TRAIN, 0x2593, ']');
    put(plot, row, at[BOX_MEDIAN], INK_PLAIN, 0x2502, '|');
    if (box[BOX_LOW] < box[BOX_WHISKER_LOW]) draw_extreme(plot, scale, row, box[BOX_LOW]);
    if (box[BOX_HIGH] > box[BOX_WHISKER_HIGH]) draw_extreme(plot, scale, row, box[BOX_HIGH]);
}

void draw_boxes(const Chart *chart, Area area, Arena *arena)
{
    (void)arena;
    int names = names_width(chart, area.columns);
    Axes axes = { .plot = area, .x = scale_boxes(chart), .x_shown = area.rows >= 3 };
    if (axes.x_shown) area.rows -= 2;
    int shown = fit_rows(chart, &area);
    axes.plot.rows = shown < chart->rows ? area.rows : shown;
    axes.plot.column += names ? names + 1 : 0;
    axes.plot.columns -= names ? names + 1 : 0;
    for (int r = 0; r < shown; r++) {
        const double *box = chart->values + (size_t)r * BOX_VALUES;
        if (names) draw_text(area.grid, area.row + r, area.column, names, INK_PLAIN, chart->row_names[r]);
        if (isfinite(box[BOX_MEDIAN]) && axes.plot.columns > 0)
            draw_box(&axes.plot, &axes.x, area.row + r, box);
    }
    if (axes.plot.columns > 0) axes_draw(chart, &axes);
}
