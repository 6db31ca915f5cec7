/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawers of one kind of chart each, into an area of a grid; private to the charts. */
#ifndef FNS_CHARTS_DRAW_H
#define FNS_CHARTS_DRAW_H

#include "charts/chart.h"

typedef struct Area {
    Grid *grid;
    int row, column, rows, columns;
    Marks marks;
} Area;

void draw_xy(const Chart *chart, Area area, Arena *arena);
void draw_heat(const Chart *chart, Area area, Arena *arena);
void draw_hinton(const Chart *chart, Area area, Arena *arena);
void draw_bar_rows(const Chart *chart, Area area, Arena *arena);
void draw_boxes(const Chart *chart, Area area, Arena *arena);

/* A matrix fitted into an area: each shown cell stands for a block of values, of which it shows the
 * one of the largest magnitude (its sign kept). */
typedef struct Blocks {
    int rows, columns; /* shown */
    int cell_width;    /* display columns of one */
    int row, column;   /* of the first, in the grid */
    double largest;    /* magnitude of all finite values */
} Blocks;
/* Draws names and legend, which leaves the blocks. `legend`: glyphs from most negative to most
 * positive. */
Blocks blocks_fit(const Chart *chart, Area area, const char *legend);
/* The value of a block; NaN where one of its values is not finite. */
double blocks_value(const Chart *chart, const Blocks *blocks, int row, int column);

/* Writes text, cut to `width` columns. */
void draw_text(Grid *grid, int row, int column, int width, Ink ink, const char *text);

#endif
