/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts as SVG, from the same data and scales. */
#include <math.h>
#include <string.h>

#include "charts/scale.h"

enum { NAMES_MOST = 16, NAME_HEIGHT = 13 };

typedef struct Frame2D {
    double left, top, width, height; /* of the plot, in pixels */
    Scale x, y;
    double names[NAMES_MOST]; /* heights of the names at curves' ends, n_names of them */
    int n_names;
} Frame2D;

static const char *ink_colour(Ink ink)
{
    static const char *const colours[] = {
        [INK_PLAIN] = "#303030",  [INK_DIM] = "#808080",   [INK_TITLE] = "#101010",   [INK_TRAIN] = "#2f6fb0",
        [INK_SMOOTH] = "#7fa8d0", [INK_VALID] = "#d9822b", [INK_EARLIER] = "#b0b0b0", [INK_BOTH] = "#404040",
        [INK_GOOD] = "#2e8b57",   [INK_BAD] = "#c0392b",   [INK_ADVICE] = "#8a6d00",  [INK_KEY] = "#404040"
    };
    return ink < INK_HEAT ? colours[ink] : "#303030";
}

static void escape(Buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buf_puts(out, "&lt;");
        else if (*text == '>')
            buf_puts(out, "&gt;");
        else if (*text == '&')
            buf_puts(out, "&amp;");
        else if (*text == '"')
            buf_puts(out, "&quot;");
        else if ((unsigned char)*text >= 32)
            buf_putc(out, *text);
    }
}

static void label(Buf *out, double x, double y, const char *anchor, Ink ink, const char *text)
{
    buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">", x, y, anchor,
               ink_colour(ink));
    escape(out, text);
    buf_puts(out, "</text>\n");
}

static void line(Buf *out, double x0, double y0, double x1, double y1)
{
    buf_printf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#d4dae0\" fill=\"none\"/>\n", x0, y0, x1, y1);
}

static bool locate(const Frame2D *frame, double x, double y, double *at_x, double *at_y)
{
    double across = scale_place(&frame->x, x), up = scale_place(&frame->y, y);
    if (!isfinite(across) || !isfinite(up)) return false;
    *at_x = frame->left + fmin(fmax(across, 0), 1) * frame->width;
    *at_y = frame->top + (1 - fmin(fmax(up, 0), 1)) * frame->height;
    return true;
}

static void write_axes(Buf *out, const Chart *chart, const Frame2D *frame)
{
    Ticks ticks;
    double bottom = frame->top + frame->height;
    scale_ticks(&frame->y, 6, &ticks);
    for (int k = 0; k < ticks.n; k++) {
        double place = (ticks.at[k] - frame->y.low) / (frame->y.high - frame->y.low);
        double y = bottom - place * frame->height;
        line(out, frame->left, y, frame->left + frame->width, y);
        label(out, frame->left - 6, y + 4, "end", INK_DIM, ticks.labels[k]);
    }
    scale_ticks(&frame->x, 8, &ticks);
    for (int k = 0; k < ticks.n; k++) {
        double place = (ticks.at[k] - frame->x.low) / (frame->x.high - frame->x.low);
        double x = frame->left + place * frame->width;
        line(out, x, bottom, x, bottom + 4);
        label(out, x, bottom + 16, "middle", INK_DIM, ticks.labels[k]);
    }
    line(out, frame->left, bottom, frame->left + frame->width, bottom);
    if (chart->x_label) label(out, frame->left + frame->width, bottom + 32, "end", INK_DIM, chart->x_label);
    if (chart->y_label) label(out, 10, frame->top - 8, "start", INK_DIM, chart->y_label);
}

/* Where the name of a curve that ends at y is free to stand: there, or below those that are near. Rounding
 * must not make a name near that y was just moved away from. */
static double name_height(Frame2D *frame, double y)
{
    for (int k = 0; k < frame->n_names; k++)
        if (fabs(frame->names[k] - y) < NAME_HEIGHT - 0.5) {
            y = frame->names[k] + NAME_HEIGHT;
            k = -1;
        }
    if (frame->n_names < NAMES_MOST) frame->names[frame->n_names++] = y;
    return y;
}

static void write_line(Buf *out, const Series *series, Frame2D *frame)
{
    double x = 0, y = 0, end_x = NAN, end_y = 0;
    bool open = false;
    buf_puts(out, "<path d=\"");
    for (size_t i = 0; i < series->n; i++) {
        bool shown = locate(frame, series->x[i], series->y[i], &x, &y);
        if (shown) buf_printf(out, "%s%.1f %.1f", open ? "L" : "M", x, y);
        if (shown) end_x = x, end_y = y;
        open = shown;
    }
    buf_printf(out, "\" stroke=\"%s\" stroke-width=\"1.6\" fill=\"none\"/>\n", ink_colour(series->ink));
    if (series->name && isfinite(end_x))
        label(out, end_x + 4, name_height(frame, end_y + 4), "start", series->ink, series->name);
}

static void write_points(Buf *out, const Series *series, char glyph, const Frame2D *frame)
{
    double x, y;
    char mark[2] = { glyph, 0 };
    for (size_t i = 0; i < series->n; i++) {
        if (!locate(frame, series->x[i], series->y[i], &x, &y)) continue;
        if (glyph)
            label(out, x, y + 3, "middle", series->ink, mark);
        else
            buf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\"/>\n", x, y,
                       ink_colour(series->ink));
    }
}

/* Bars fill their place but for a gap, stems a third of it. */
static void write_bars(Buf *out, const Series *series, const Frame2D *frame)
{
    double x, y, zero, place = frame->width / (double)(series->n ? series->n : 1);
    double width = series->style == SERIES_STEMS ? fmax(place / 3, 1) : fmax(place - 1, 0.5);
    double from = series->style == SERIES_STEMS ? (place - width) / 2 : 0;
    if (!locate(frame, frame->x.low, 0, &x, &zero)) zero = frame->top + frame->height;
    for (size_t i = 0; i < series->n; i++)
        if (locate(frame, series->x[i], series->y[i], &x, &y))
            buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                       frame->left + (double)i * place + from, fmin(y, zero), width, fabs(y - zero),
                       ink_colour(series->ink));
}

static void write_key(Buf *out, const Chart *chart, const Frame2D *frame)
{
    double x = frame->left;
    if (chart->y_label) x = fmax(x, 30 + 7.0 * text_width(chart->y_label));
    for (int s = 0; s < chart->n_series; s++) {
        const Series *series = &chart->series[s];
        char mark[2] = { chart->glyphs ? chart->glyphs[s] : '*', 0 };
        if (!series->name || series->style == SERIES_LINE) continue;
        label(out, x, frame->top - 8, "start", series->ink, mark);
        label(out, x + 12, frame->top - 8, "start", series->ink, series->name);
        x += 30 + 7.0 * text_width(series->name);
    }
}

static void write_xy(Buf *out, const Chart *chart, int width, int height)
{
    double top = chart->title ? 54 : 28;
    Frame2D frame = { .left = 60,
                      .top = top,
                      .width = width - 130.0,
                      .height = height - 44.0 - top,
                      .x = scale_x(chart),
                      .y = scale_y(chart) };
    frame.width = fmax(frame.width, 10);
    frame.height = fmax(frame.height, 10);
    write_axes(out, chart, &frame);
    write_key(out, chart, &frame);
    for (int s = 0; s < chart->n_series; s++) {
        const Series *series = &chart->series[s];
        if (series->style == SERIES_LINE) write_line(out, series, &frame);
        if (series->style == SERIES_POINTS)
            write_points(out, series, chart->glyphs ? chart->glyphs[s] : 0, &frame);
        if (series->style == SERIES_BARS || series->style == SERIES_STEMS) write_bars(out, series, &frame);
    }
}

/* White at zero, towards blue below and orange above. */
static void heat_colour(double share, char out[8])
{
    static const int blue[] = { 33, 102, 172 }, orange[] = { 217, 110, 20 };
    const int *end = share < 0 ? blue : orange;
    double t = fmin(fabs(share), 1);
    static const char digits[] = "0123456789abcdef";
    out[0] = '#';
    for (int k = 0; k < 3; k++) {
        int level = (int)lround(247 + t * (end[k] - 247));
        out[1 + 2 * k] = digits[level / 16];
        out[2 + 2 * k] = digits[level % 16];
    }
    out[7] = 0;
}

static void write_matrix(Buf *out, const Chart *chart, int width, int height)
{
    double left = chart->row_names ? 100 : 10, top = 30, largest = 0;
    double w = fmax(width - left - 10, 10) / (chart->columns > 0 ? chart->columns : 1);
    double h = fmax(height - top - 10, 10) / (chart->rows > 0 ? chart->rows : 1);
    size_t n = (size_t)chart->rows * (size_t)chart->columns;
    for (size_t i = 0; i < n; i++)
        if (isfinite(chart->values[i])) largest = fmax(largest, fabs(chart->values[i]));
    for (size_t i = 0; i < n; i++) {
        double value = chart->values[i], share = largest > 0 && isfinite(value) ? value / largest : 0;
        double side = chart->kind == CHART_HINTON ? sqrt(fabs(share)) : 1;
        double x = left + w * ((double)(i % (size_t)chart->columns) + (1 - side) / 2);
        double y = top + h * ((double)(i / (size_t)chart->columns) + (1 - side) / 2);
        char colour[8];
        heat_colour(chart->kind == CHART_HINTON ? (share < 0 ? -1 : 1) : share, colour);
        buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y,
                   w * side, h * side, isfinite(value) ? colour : "#c0392b");
    }
    for (int r = 0; chart->row_names && r < chart->rows && h >= 9; r++)
        label(out, left - 6, top + h * (r + 0.5) + 4, "end", INK_DIM, chart->row_names[r]);
}

/* ---- rows: bars, boxes */

typedef struct Rows2D {
    double left, top, width, height; /* height: of a row */
} Rows2D;

static Rows2D rows_fit(Buf *out, const Chart *chart, int width, int height)
{
    double left = 60, top = chart->title ? 36 : 10;
    for (int r = 0; chart->row_names && r < chart->rows; r++)
        left = fmax(left, 12 + 6.5 * text_width(chart->row_names[r]));
    left = fmin(left, 0.5 * width);
    Rows2D rows = { left, top, fmax(width - left - 70, 10),
                    fmax(height - 44 - top, 10) / (chart->rows > 0 ? chart->rows : 1) };
    for (int r = 0; chart->row_names && r < chart->rows; r++)
        label(out, rows.left - 6, rows.top + rows.height * (r + 0.5) + 4, "end", INK_PLAIN,
              chart->row_names[r]);
    return rows;
}

static void write_bar_rows(Buf *out, const Chart *chart, int width, int height)
{
    Rows2D rows = rows_fit(out, chart, width, height);
    double low = 0, high = 0;
    for (int r = 0; r < chart->rows; r++)
        if (isfinite(chart->values[r]))
            low = fmin(low, chart->values[r]), high = fmax(high, chart->values[r]);
    if (!(high > low)) high = low + 1;
    for (int r = 0; r < chart->rows; r++) {
        char text[40];
        double value = chart->values[r], zero = rows.left - low / (high - low) * rows.width;
        double end = rows.left + (value - low) / (high - low) * rows.width,
               y = rows.top + rows.height * (r + 0.1);
        if (!isfinite(value)) continue;
        buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                   fmin(zero, end), y, fabs(end - zero), rows.height * 0.8,
                   ink_colour(value < 0 ? INK_VALID : INK_TRAIN));
        label(out, fmax(zero, end) + 6, rows.top + rows.height * (r + 0.5) + 4, "start", INK_DIM,
              number_short(value, 4, text));
    }
}

static void write_box(Buf *out, const Rows2D *rows, const Scale *scale, int row, const double *box)
{
    double at[BOX_VALUES], middle = rows->top + rows->height * (row + 0.5),
                           half = fmin(rows->height * 0.3, 14);
    for (int k = 0; k < BOX_VALUES; k++)
        at[k] = rows->left + fmin(fmax(scale_place(scale, box[k]), 0), 1) * rows->width;
    line(out, at[BOX_WHISKER_LOW], middle, at[BOX_WHISKER_HIGH], middle);
    line(out, at[BOX_WHISKER_LOW], middle - half / 2, at[BOX_WHISKER_LOW], middle + half / 2);
    line(out, at[BOX_WHISKER_HIGH], middle - half / 2, at[BOX_WHISKER_HIGH], middle + half / 2);
    buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", at[BOX_Q1],
               middle - half, fmax(at[BOX_Q3] - at[BOX_Q1], 1), 2 * half, ink_colour(INK_SMOOTH));
    buf_printf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" stroke-width=\"2\"/>\n", at[BOX_MEDIAN],
               middle - half, at[BOX_MEDIAN], middle + half, ink_colour(INK_TITLE));
    for (int k = BOX_LOW; k <= BOX_HIGH; k += BOX_HIGH - BOX_LOW)
        if (at[k] < at[BOX_WHISKER_LOW] || at[k] > at[BOX_WHISKER_HIGH])
            buf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\"/>\n", at[k], middle,
                       ink_colour(INK_DIM));
}

static void write_boxes(Buf *out, const Chart *chart, int width, int height)
{
    Rows2D rows = rows_fit(out, chart, width, height);
    Scale scale = scale_boxes(chart);
    Ticks ticks;
    double bottom = rows.top + rows.height * chart->rows;
    scale_ticks(&scale, 8, &ticks);
    line(out, rows.left, bottom, rows.left + rows.width, bottom);
    for (int k = 0; k < ticks.n; k++)
        label(out, rows.left + (ticks.at[k] - scale.low) / (scale.high - scale.low) * rows.width, bottom + 16,
              "middle", INK_DIM, ticks.labels[k]);
    if (chart->x_label) label(out, rows.left + rows.width, bottom + 32, "end", INK_DIM, chart->x_label);
    for (int r = 0; r < chart->rows; r++)
        if (isfinite(chart->values[(size_t)r * BOX_VALUES + BOX_MEDIAN]))
            write_box(out, &rows, &scale, r, chart->values + (size_t)r * BOX_VALUES);
}

void chart_svg(Buf *out, const Chart *chart, int width, int height)
{
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
               "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
               width, height, width, height);
    if (chart->title) {
        buf_puts(out, "<g font-size=\"14\" font-weight=\"bold\">\n");
        label(out, 10, 22, "start", INK_TITLE, chart->title);
        buf_puts(out, "</g>\n");
    }
    if (chart->kind == CHART_XY)
        write_xy(out, chart, width, height);
    else if (chart->kind == CHART_BARS)
        write_bar_rows(out, chart, width, height);
    else if (chart->kind == CHART_BOX)
        write_boxes(out, chart, width, height);
    else
        write_matrix(out, chart, width, height);
    buf_puts(out, "</svg>\n");
}
