/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grids of cells: text goes in, clipped and measured; lines of text come out. */
#include <string.h>

#include "charts/chart.h"

Grid grid_new(Arena *arena, int rows, int columns)
{
    Grid grid = { rows > 0 ? rows : 0, columns > 0 ? columns : 0, NULL };
    size_t n = (size_t)grid.rows * (size_t)grid.columns;
    grid.cells = arena_take(arena, (n + 1) * sizeof *grid.cells);
    for (size_t i = 0; i < n; i++) grid.cells[i].glyph = ' ';
    return grid;
}

Cell *grid_cell(Grid *grid, int row, int column)
{
    if (row < 0 || column < 0 || row >= grid->rows || column >= grid->columns) return NULL;
    return &grid->cells[(size_t)row * (size_t)grid->columns + (size_t)column];
}

/* A wide glyph that loses one half loses the other too. */
static void free_halves(Grid *grid, int row, int column)
{
    Cell *cell = grid_cell(grid, row, column), *next = grid_cell(grid, row, column + 1);
    Cell *before = grid_cell(grid, row, column - 1);
    if (cell && !cell->glyph && before) before->glyph = ' ';
    if (next && !next->glyph) next->glyph = ' ';
}

static void put(Grid *grid, int row, int column, Ink ink, uint32_t glyph, int width)
{
    for (int k = 0; k < width; k++) {
        Cell *cell = grid_cell(grid, row, column + k);
        if (!cell) continue;
        free_halves(grid, row, column + k);
        *cell = (Cell){ k ? 0 : glyph, (uint8_t)ink, 0 };
    }
}

int grid_text(Grid *grid, int row, int column, Ink ink, const char *text)
{
    int start = column, length;
    for (size_t n = strlen(text); n; n -= (size_t)length, text += length) {
        uint32_t glyph = utf8_next(text, n, &length);
        int width = code_point_width(glyph);
        if (glyph < 32 || glyph == 127) glyph = ' ', width = 1;
        if (width <= 0) continue;
        if (column + width > grid->columns) break;
        if (column >= 0) put(grid, row, column, ink, glyph, width);
        column += width;
    }
    return column - start;
}

void grid_write(Buf *out, const Grid *grid)
{
    for (int r = 0; r < grid->rows; r++) {
        const Cell *row = grid->cells + (size_t)r * (size_t)grid->columns;
        int end = grid->columns;
        while (end > 0 && row[end - 1].glyph == ' ') end--;
        for (int c = 0; c < end; c++) {
            char bytes[4];
            if (row[c].glyph) buf_add(out, bytes, (size_t)utf8_put(bytes, row[c].glyph));
        }
        buf_putc(out, '\n');
    }
}
