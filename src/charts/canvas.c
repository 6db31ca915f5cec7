/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "charts/canvas.h"

#include <stdlib.h>

static const struct {
    int across, down;
} dots_of[] = { [MARKS_BRAILLE] = { 2, 4 }, [MARKS_BLOCK] = { 2, 2 }, [MARKS_ASCII] = { 1, 1 } };

int canvas_dots_down(Marks marks)
{
    return dots_of[marks].down;
}

Canvas canvas_new(Arena *arena, Grid *grid, int row, int column, int rows, int columns, Marks marks)
{
    Canvas canvas = { grid, row,  column, rows > 0 ? rows : 0, columns > 0 ? columns : 0, marks, 0,
                      0,    NULL, NULL };
    size_t n = (size_t)canvas.rows * (size_t)canvas.columns;
    canvas.width = canvas.columns * dots_of[marks].across;
    canvas.height = canvas.rows * dots_of[marks].down;
    canvas.dots = arena_take(arena, n + 1);
    canvas.inks = arena_take(arena, n + 1);
    return canvas;
}

static uint8_t bit(Marks marks, int x, int y)
{
    static const uint8_t braille[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
    if (marks == MARKS_BRAILLE) return braille[y][x];
    return (uint8_t)(1 << (2 * y + x));
}

void canvas_dot(Canvas *canvas, int x, int y, Ink ink)
{
    if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height) return;
    int across = dots_of[canvas->marks].across, down = dots_of[canvas->marks].down;
    size_t cell = (size_t)(y / down) * (size_t)canvas->columns + (size_t)(x / across);
    canvas->dots[cell] |= bit(canvas->marks, x % across, y % down);
    uint8_t mine = (uint8_t)(ink + 1), *there = &canvas->inks[cell];
    *there = *there && *there != mine ? INK_BOTH + 1 : mine;
}

/* Bresenham: one dot a step along the longer side. */
void canvas_line(Canvas *canvas, int x0, int y0, int x1, int y1, Ink ink)
{
    int dx = abs(x1 - x0), dy = abs(y1 - y0), n = dx > dy ? dx : dy;
    for (int i = 0; i <= n; i++) {
        int x = n ? x0 + (2 * i * (x1 - x0) + (x1 > x0 ? n : -n)) / (2 * n) : x0;
        int y = n ? y0 + (2 * i * (y1 - y0) + (y1 > y0 ? n : -n)) / (2 * n) : y0;
        canvas_dot(canvas, x, y, ink);
    }
}

static uint32_t glyph_of(Marks marks, uint8_t dots, Ink ink)
{
    static const uint32_t quadrants[16] = { ' ',    0x2598, 0x259D, 0x2580, 0x2596, 0x258C, 0x259E, 0x259B,
                                            0x2597, 0x259A, 0x2590, 0x259C, 0x2584, 0x2599, 0x259F, 0x2588 };
    static const char ascii[] = {
        [INK_PLAIN] = '*',  [INK_DIM] = '.',   [INK_TITLE] = '*',   [INK_TRAIN] = '*',
        [INK_SMOOTH] = '.', [INK_VALID] = 'o', [INK_EARLIER] = ',', [INK_BOTH] = '#',
        [INK_GOOD] = '+',   [INK_BAD] = 'x',   [INK_ADVICE] = '*',  [INK_KEY] = '*'
    };
    if (marks == MARKS_BRAILLE) return 0x2800u + dots;
    if (marks == MARKS_BLOCK) return quadrants[dots & 15];
    return ink < INK_HEAT ? (uint32_t)ascii[ink] : '*';
}

void canvas_put(const Canvas *canvas)
{
    for (int r = 0; r < canvas->rows; r++)
        for (int c = 0; c < canvas->columns; c++) {
            size_t i = (size_t)r * (size_t)canvas->columns + (size_t)c;
            Cell *cell = grid_cell(canvas->grid, canvas->row + r, canvas->column + c);
            if (!cell || !canvas->inks[i]) continue;
            Ink ink = (Ink)(canvas->inks[i] - 1);
            *cell = (Cell){ glyph_of(canvas->marks, canvas->dots[i], ink), (uint8_t)ink, 0 };
        }
}
