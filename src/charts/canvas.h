/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A region of a grid as dots: 2 x 4 a cell in Braille, 2 x 2 in blocks, 1 x 1 in ASCII; private to the
 * charts. */
#ifndef FNS_CHARTS_CANVAS_H
#define FNS_CHARTS_CANVAS_H

#include "charts/chart.h"

typedef struct Canvas {
    Grid *grid;
    int row, column, rows, columns; /* the region, in cells */
    Marks marks;
    int width, height; /* in dots */
    uint8_t *dots;     /* (rows, columns): bits of a cell */
    uint8_t *inks;     /* (rows, columns): ink + 1, 0 where nothing is drawn */
} Canvas;

int canvas_dots_down(Marks marks); /* of a cell */
Canvas canvas_new(Arena *arena, Grid *grid, int row, int column, int rows, int columns, Marks marks);
/* Dots count from the left and from the top; those outside are left out. */
void canvas_dot(Canvas *canvas, int x, int y, Ink ink);
void canvas_line(Canvas *canvas, int x0, int y0, int x1, int y1, Ink ink);
/* Writes the dots into the grid's cells. */
void canvas_put(const Canvas *canvas);

#endif
