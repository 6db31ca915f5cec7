/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat maps: a diverging scale centred on zero; each cell carries a sign, so that colour is never
 * alone. */
#include <math.h>
#include <stdio.h>

#include "charts/draw.h"

static void draw_legend(const Area *area, int row, double largest, const char *legend)
{
    char low[24], high[24];
    snprintf(low, sizeof low, "%.3g ", -largest);
    snprintf(high, sizeof high, " +%.3g", largest);
    int column = area->column;
    column += grid_text(area->grid, row, column, INK_DIM, low);
    if (column >= area->column + area->columns) return;
    column += grid_text(area->grid, row, column, INK_PLAIN, legend);
    if (column < area->column + area->columns) grid_text(area->grid, row, column, INK_DIM, high);
}

static double largest_value(const Chart *chart)
{
    double largest = 0;
    if (chart->y_high > 0) return chart->y_high;
    for (size_t i = 0, n = (size_t)chart->rows * (size_t)chart->columns; i < n; i++)
        if (isfinite(chart->values[i])) largest = fmax(largest, fabs(chart->values[i]));
    return largest;
}

static int name_width(const Chart *chart, int room)
{
    int widest = 0;
    for (int r = 0; chart->row_names && r < chart->rows; r++) {
        int width = text_width(chart->row_names[r]);
        if (width > widest) widest = width;
    }
    return widest > room ? room : widest;
}

static void draw_row_names(const Chart *chart, const Area *area, const Blocks *blocks, int width)
{
    for (int r = 0; r < blocks->rows && width > 0; r++) {
        int from = (int)((long long)r * chart->rows / blocks->rows);
        draw_text(area->grid, blocks->row + r, area->column, width, INK_DIM, chart->row_names[from]);
    }
}

Blocks blocks_fit(const Chart *chart, Area area, const char *legend)
{
    int names = area.columns >= 30 ? name_width(chart, area.columns / 4) : 0;
    int left = names ? names + 1 : 0, rows = area.rows, room = area.columns - left;
    bool with_legend = rows >= 4 && area.columns >= 24;
    Blocks blocks = {
        .row = area.row, .column = area.column + left, .cell_width = 1, .largest = largest_value(chart)
    };
    if (with_legend) rows -= 1;
    if (2LL * chart->columns <= room) blocks.cell_width = 2;
    blocks.rows = chart->rows < rows ? chart->rows : rows;
    blocks.columns = chart->columns < room ? chart->columns : room;
    draw_row_names(chart, &area, &blocks, names);
    if (with_legend) draw_legend(&area, area.row + blocks.rows, blocks.largest, legend);
    return blocks;
}

double blocks_value(const Chart *chart, const Blocks *blocks, int row, int column)
{
    int r0 = (int)((long long)row * chart->rows / blocks->rows);
    int r1 = (int)((long long)(row + 1) * chart->rows / blocks->rows);
    int c0 = (int)((long long)column * chart->columns / blocks->columns);
    int c1 = (int)((long long)(column + 1) * chart->columns / blocks->columns);
    double found = 0;
    for (int r = r0; r < r1; r++)
        for (int c = c0; c < c1; c++) {
            double value = chart->values[(size_t)r * (size_t)chart->columns + (size_t)c];
            if (!isfinite(value)) return NAN;
            if (fabs(value) > fabs(found)) found = value;
        }
    return found;
}

/* -8 .. 8, 0 for zero. */
static int heat_step(double value, double largest)
{
    return largest > 0 ? (int)lround(8 * value / largest) : 0;
}

static uint32_t heat_sign(int step)
{
    static const char signs[INK_HEAT_STEPS + 1] = "%%%===--. ++***###";
    return step == 0 ? '.' : (uint32_t)signs[step < 0 ? step + 8 : step + 9];
}

static void draw_cell(Grid *grid, const Blocks *blocks, int r, int c, double value)
{
    int step = isfinite(value) ? heat_step(value, blocks->largest) : 0;
    for (int k = 0; k < blocks->cell_width; k++) {
        Cell *cell = grid_cell(grid, blocks->row + r, blocks->column + c * blocks->cell_width + k);
        if (!cell) continue;
        uint32_t sign = isfinite(value) ? heat_sign(step) : '!';
        *cell = (Cell){ k ? ' ' : sign, (uint8_t)(INK_HEAT + 8 + step), 1 };
        if (!isfinite(value)) cell->ink = INK_BAD, cell->on_background = 0;
    }
}

void draw_heat(const Chart *chart, Area area, Arena *arena)
{
    (void)arena;
    Blocks blocks = blocks_fit(chart, area, "% = - . + * #");
    for (int r = 0; r < blocks.rows; r++)
        for (int c = 0; c < blocks.columns; c++)
            draw_cell(area.grid, &blocks, r, c, blocks_value(chart, &blocks, r, c));
}
