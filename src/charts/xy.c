/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves, points and bars over a pair of axes. */
#include <math.h>

#include "charts/axes.h"
#include "charts/canvas.h"

typedef struct Plot {
    const Axes *axes;
    Canvas canvas;
} Plot;

/* Dot of a point; false for a gap. What lies outside the range is drawn at its edge. */
static bool locate(const Plot *plot, double x, double y, int *dot_x, int *dot_y)
{
    double across = scale_place(&plot->axes->x, x), up = scale_place(&plot->axes->y, y);
    if (!isfinite(across) || !isfinite(up)) return false;
    across = fmin(fmax(across, 0), 1);
    up = fmin(fmax(up, 0), 1);
    *dot_x = (int)lround(across * (plot->canvas.width - 1));
    *dot_y = (int)lround((1 - up) * (plot->canvas.height - 1));
    return true;
}

/* What one column of dots has seen of a curve. */
typedef struct Run {
    int x, last, low, high;
    bool open;
} Run;

static void close_run(Plot *plot, const Run *run, Ink ink)
{
    if (run->open) canvas_line(&plot->canvas, run->x, run->low, run->x, run->high, ink);
}

/* Minimum and maximum of each column of dots, joined from the last point of one to the first of the
 * next. */
static void draw_line(Plot *plot, const Series *series)
{
    Run run = { 0 };
    for (size_t i = 0; i < series->n; i++) {
        int x, y;
        if (!locate(plot, series->x[i], series->y[i], &x, &y)) {
            close_run(plot, &run, series->ink);
            run.open = false;
            continue;
        }
        if (run.open && run.x == x) {
            run.low = y < run.low ? y : run.low;
            run.high = y > run.high ? y : run.high;
            run.last = y;
            continue;
        }
        close_run(plot, &run, series->ink);
        if (run.open) canvas_line(&plot->canvas, run.x, run.last, x, y, series->ink);
        run = (Run){ x, y, y, y, true };
    }
    close_run(plot, &run, series->ink);
}

/* A character a point, in the cell where its dot would be. */
static void draw_glyphs(Plot *plot, const Series *series, char glyph)
{
    const Area *area = &plot->axes->plot;
    int x, y;
    for (size_t i = 0; i < series->n && area->rows > 0 && area->columns > 0; i++) {
        if (!locate(plot, series->x[i], series->y[i], &x, &y)) continue;
        int row = area->row + y * area->rows / plot->canvas.height;
        Cell *cell = grid_cell(area->grid, row, area->column + x * area->columns / plot->canvas.width);
        if (!cell) continue;
        bool shared = cell->glyph != ' ' && cell->glyph != (uint32_t)glyph;
        *cell = (Cell){ (uint32_t)glyph, (uint8_t)(shared ? INK_BOTH : series->ink), 0 };
    }
}

static void draw_points(Plot *plot, const Series *series, char glyph)
{
    int x, y;
    if (glyph) {
        draw_glyphs(plot, series, glyph);
        return;
    }
    for (size_t i = 0; i < series->n; i++)
        if (locate(plot, series->x[i], series->y[i], &x, &y)) canvas_dot(&plot->canvas, x, y, series->ink);
}

/* One column of a bar between two heights, in eighths of a cell from the bottom of the plot. */
static void draw_bar_column(const Plot *plot, int column, int from, int to, Ink ink)
{
    const Area *area = &plot->axes->plot;
    for (int r = from / 8; r <= (to - 1) / 8 && to > from; r++) {
        int fill = to - 8 * r > 8 ? 8 : to - 8 * r, empty = from > 8 * r ? from - 8 * r : 0;
        Cell *cell = grid_cell(area->grid, area->row + area->rows - 1 - r, area->column + column);
        uint32_t glyph =
            area->marks == MARKS_ASCII ? (fill - empty >= 4 ? '#' : '.') : 0x2580u + (unsigned)fill;
        if (empty && fill == 8 && area->marks != MARKS_ASCII)
            glyph = empty > 6 ? 0x2594 : empty > 2 ? 0x2580 : 0x2588;
        if (cell) *cell = (Cell){ glyph, (uint8_t)ink, 0 };
    }
}

/* Bars of equal width in the order given, from zero, all of them apart or none; of bars that share a column
 * the tallest shows. */
static void draw_bars(const Plot *plot, const Series *series)
{
    int columns = plot->axes->plot.columns, height = 8 * plot->axes->plot.rows;
    double zero = fmin(fmax(scale_place(&plot->axes->y, 0), 0), 1);
    if (!isfinite(zero)) zero = 0;
    for (size_t i = 0; i < series->n; i++) {
        int first = (int)((double)i * columns / (double)series->n);
        int end = (int)((double)(i + 1) * columns / (double)series->n);
        double up = fmin(fmax(scale_place(&plot->axes->y, series->y[i]), 0), 1);
        if (!isfinite(up)) continue;
        if ((size_t)columns >= 3 * series->n) end--;
        if (end == first) end++;
        int from = (int)lround(fmin(zero, up) * height), to = (int)lround(fmax(zero, up) * height);
        if (from == to && series->y[i] != 0) to++;
        if (to > height) from--, to--;
        for (int c = first; c < end; c++) draw_bar_column(plot, c, from, to, series->ink);
    }
}

/* A line of zero, and from it to each point a stroke, of two dots where there is room. */
static void draw_stems(Plot *plot, const Series *series)
{
    const Area *area = &plot->axes->plot;
    int x, y, zero, wide = (size_t)plot->canvas.width >= 8 * series->n;
    if (!series->n || !locate(plot, series->x[0], 0, &x, &zero)) return;
    int row = area->row + axes_row(plot->axes, fmin(fmax(scale_place(&plot->axes->y, 0), 0), 1));
    for (int c = 0; c < area->columns; c++) {
        Cell *cell = grid_cell(area->grid, row, area->column + c);
        if (cell) *cell = (Cell){ area->marks == MARKS_ASCII ? '-' : 0x2500u, INK_DIM, 0 };
    }
    for (size_t i = 0; i < series->n; i++)
        for (int k = 0; k <= wide && locate(plot, series->x[i], series->y[i], &x, &y); k++)
            canvas_line(&plot->canvas, x + k, zero, x + k, y, series->ink);
}

/* "o a   x b": points and bars with names, above the plot. */
static void draw_key(const Chart *chart, Area *area)
{
    int column = area->column, end = area->column + area->columns;
    if (area->rows < 6) return;
    for (int s = 0; s < chart->n_series; s++) {
        const Series *series = &chart->series[s];
        if (!series->name || series->style == SERIES_LINE || column + 4 >= end) continue;
        char mark[3] = { chart->glyphs ? chart->glyphs[s] : '*', ' ', 0 };
        column += grid_text(area->grid, area->row, column, series->ink, mark);
        draw_text(area->grid, area->row, column, end - column, series->ink, series->name);
        column += text_width(series->name) + 3;
    }
    if (column == area->column) return;
    area->row++;
    area->rows--;
}

/* The height at which a curve ends, 0 .. 1; NaN where it has no point or no name. */
static double end_height(const Plot *plot, const Series *series)
{
    if (!series->name || series->style != SERIES_LINE) return NAN;
    for (size_t i = series->n; i > 0; i--) {
        double up = scale_place(&plot->axes->y, series->y[i - 1]);
        if (isfinite(up)) return fmin(fmax(up, 0), 1);
    }
    return NAN;
}

/* The free row nearest to `wanted`; -1: none. */
static int free_row(const bool *taken, int rows, int wanted)
{
    for (int d = 0; d < rows; d++) {
        if (wanted + d < rows && !taken[wanted + d]) return wanted + d;
        if (wanted - d >= 0 && !taken[wanted - d]) return wanted - d;
    }
    return -1;
}

/* The curve that ends highest and has no name yet; NULL: none is left. Its end becomes NaN. */
static const Series *take_highest(const Chart *chart, double *ends, double *end)
{
    int highest = -1;
    for (int s = 0; s < chart->n_series; s++)
        if (isfinite(ends[s]) && (highest < 0 || ends[s] > ends[highest])) highest = s;
    if (highest < 0) return NULL;
    *end = ends[highest];
    ends[highest] = NAN;
    return &chart->series[highest];
}

/* From the top down, so that names stand in the order of their curves. */
static void draw_names(const Chart *chart, const Plot *plot, Arena *arena)
{
    const Area *area = &plot->axes->plot;
    const Series *series;
    bool *taken = arena_take(arena, (size_t)area->rows + 1);
    double *ends = arena_take(arena, (size_t)chart->n_series * sizeof *ends + 1), end;
    if (!plot->axes->labels || area->rows < 1) return;
    for (int s = 0; s < chart->n_series; s++) ends[s] = end_height(plot, &chart->series[s]);
    while ((series = take_highest(chart, ends, &end))) {
        int row = free_row(taken, area->rows, (int)lround((1 - end) * (area->rows - 1)));
        if (row < 0) return;
        taken[row] = true;
        draw_text(area->grid, area->row + row, area->column + area->columns + 1, plot->axes->labels - 1,
                  series->ink, series->name);
    }
}

void draw_xy(const Chart *chart, Area area, Arena *arena)
{
    draw_key(chart, &area);
    Axes axes = axes_fit(chart, area);
    const Area *at = &axes.plot;
    Plot plot = { &axes, canvas_new(arena, at->grid, at->row, at->column, at->rows, at->columns, at->marks) };
    axes_draw(chart, &axes);
    for (int s = 0; s < chart->n_series; s++) {
        const Series *series = &chart->series[s];
        if (series->style == SERIES_LINE) draw_line(&plot, series);
        if (series->style == SERIES_POINTS) draw_points(&plot, series, chart->glyphs ? chart->glyphs[s] : 0);
        if (series->style == SERIES_BARS) draw_bars(&plot, series);
        if (series->style == SERIES_STEMS) draw_stems(&plot, series);
    }
    canvas_put(&plot.canvas);
    draw_names(chart, &plot, arena);
}
