/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts: series -> cell grid (Braille, block or ASCII) or SVG, from the same data. No terminal here. */
#ifndef FNS_CHARTS_CHART_H
#define FNS_CHARTS_CHART_H

#include "base/mem.h"
#include "base/str.h"
#include "base/value.h"

typedef enum Marks { MARKS_BRAILLE, MARKS_BLOCK, MARKS_ASCII } Marks;

/* Meanings, not colours; the theme maps them. */
typedef enum Ink {
    INK_PLAIN,
    INK_DIM,
    INK_TITLE,
    INK_TRAIN,
    INK_SMOOTH,
    INK_VALID,
    INK_EARLIER,
    INK_BOTH, /* cells that two curves share */
    INK_GOOD,
    INK_BAD,
    INK_ADVICE,
    INK_KEY,
    INK_HEAT /* INK_HEAT + 0..16: diverging scale, blue .. zero (8) .. orange */
} Ink;
#define INK_HEAT_STEPS 17

typedef struct Cell {
    uint32_t glyph; /* code point; 0 after a wide one */
    uint8_t ink;
    uint8_t on_background; /* the ink colours the background (heat maps) */
} Cell;

/* A grid of rows x columns cells; from the arena, filled with blanks. */
typedef struct Grid {
    int rows, columns;
    Cell *cells;
} Grid;
Grid grid_new(Arena *arena, int rows, int columns);
/* Writes text from (row, column), clipped; returns the columns used. */
int grid_text(Grid *grid, int row, int column, Ink ink, const char *text);
Cell *grid_cell(Grid *grid, int row, int column); /* NULL outside */
/* Lines of text, trailing blanks cut; without colour. */
void grid_write(Buf *out, const Grid *grid);

typedef enum SeriesStyle { SERIES_LINE, SERIES_POINTS, SERIES_BARS, SERIES_STEMS } SeriesStyle;

typedef struct Series {
    const char *name;
    SeriesStyle style;
    Ink ink;
    const double *x, *y; /* n each; NaN in y is a gap */
    size_t n;
} Series;

/* CHART_BARS: a bar a row from left to right; CHART_BOX: a box a row. */
typedef enum ChartKind { CHART_XY, CHART_HEAT, CHART_HINTON, CHART_BARS, CHART_BOX } ChartKind;
enum { BOX_LOW, BOX_WHISKER_LOW, BOX_Q1, BOX_MEDIAN, BOX_Q3, BOX_WHISKER_HIGH, BOX_HIGH, BOX_VALUES };

typedef struct Chart {
    ChartKind kind;
    const char *title, *x_label, *y_label;
    Series *series;
    int n_series;
    const char *glyphs; /* n_series characters that points are drawn with, one a cell; NULL: dots */
    bool log_x, log_y;
    bool time_x; /* x is ns since 1970, UTC, as precise as x_unit */
    TimeUnit x_unit;
    double y_low, y_high; /* NaN: from the data; one outlier does not flatten the curve */
    /* CHART_HEAT, CHART_HINTON: values (rows, columns); y_high > 0 is the largest magnitude of the scale.
     * CHART_BARS: (rows, 1); CHART_BOX: (rows, BOX_VALUES); x_label and log_x are of their values */
    const double *values;
    int rows, columns;
    const char *const *row_names, *const *column_names; /* or NULL */
} Chart;

/* Draws into a region of the grid: axes, labels at the curves' ends, decimated by minimum and maximum a
 * column. Any size, down to 1 x 1, draws what fits. */
void chart_draw(const Chart *chart, Grid *grid, int row, int column, int rows, int columns, Marks marks);
/* A self-contained <svg> element of width x height pixels. */
void chart_svg(Buf *out, const Chart *chart, int width, int height);
Chart *chart_copy(Arena *arena, const Chart *chart); /* deep */

#endif
