/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts as cells and as SVG: small pictures to the letter, every size without harm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "charts/chart.h"

enum { N = 24 };

typedef struct Sample {
    double x[N], train[N], valid[N], matrix[6];
    Series series[2];
    Chart curves, heat;
} Sample;

static Sample *sample(void)
{
    static Sample s;
    static const char *const rows[] = { "a", "b" };
    for (int i = 0; i < N; i++) {
        s.x[i] = i + 1;
        s.train[i] = 1.0 / (i + 1);
        s.valid[i] = 0.2 + 1.0 / (i + 1);
    }
    s.series[0] = (Series){ "train", SERIES_LINE, INK_TRAIN, s.x, s.train, N };
    s.series[1] = (Series){ "valid", SERIES_LINE, INK_VALID, s.x, s.valid, N };
    s.curves = (Chart){
        .kind = CHART_XY, .x_label = "epoch", .series = s.series, .n_series = 2, .y_low = NAN, .y_high = NAN
    };
    memcpy(s.matrix, (double[]){ -2, 0, 2, 0.5, -1, 0.1 }, sizeof s.matrix);
    s.heat = (Chart){ .kind = CHART_HEAT, .values = s.matrix, .rows = 2, .columns = 3, .row_names = rows };
    return &s;
}

static char *drawn(const Chart *chart, int rows, int columns, Marks marks)
{
    static Buf out;
    Arena *arena = arena_new();
    Grid grid = grid_new(arena, rows, columns);
    buf_clear(&out);
    chart_draw(chart, &grid, 0, 0, rows, columns, marks);
    grid_write(&out, &grid);
    arena_free(arena);
    return out.text ? out.text : "";
}

static void ascii_picture(void **state)
{
    (void)state;
    assert_string_equal(drawn(&sample()->curves, 9, 44, MARKS_ASCII),
                        "   |o\n"
                        "1.0+#\n"
                        "   |*o\n"
                        "   | #oo\n"
                        "0.5+ ***oooooooo\n"
                        "   |    ********oooooooooooooooooooooo valid\n"
                        "0.0+            ********************** train\n"
                        "   +-------------+-------------+------\n"
                        "                10            20       epoch\n");
}

static void heat_picture(void **state)
{
    (void)state;
    assert_string_equal(drawn(&sample()->heat, 4, 30, MARKS_BRAILLE), "a % . #\n"
                                                                      "b + = .\n"
                                                                      "-2 % = - . + * # +2\n"
                                                                      "\n");
}

static void every_size(void **state)
{
    (void)state;
    Sample *s = sample();
    Chart charts[6] = { s->curves, s->heat, s->heat, s->curves, s->curves, s->curves };
    Series bars = { "bars", SERIES_BARS, INK_GOOD, s->x, s->train, N };
    Series points = { "points", SERIES_POINTS, INK_BAD, s->x, s->valid, N };
    charts[2].kind = CHART_HINTON;
    charts[3].series = &bars, charts[3].n_series = 1;
    charts[4].series = &points, charts[4].n_series = 1, charts[4].log_y = true;
    charts[5].n_series = 0;
    for (int rows = 1; rows <= 100; rows += rows < 24 ? 1 : 19)
        for (int columns = 1; columns <= 300; columns += columns < 60 ? 1 : 30) {
            Arena *arena = arena_new();
            Grid grid = grid_new(arena, rows + 2, columns + 2);
            for (int k = 0; k < 6; k++) {
                chart_draw(&charts[k], &grid, 1, 1, rows, columns, (Marks)(rows % 3));
                chart_draw(&charts[k], &grid, 1 + rows / 2, columns / 2, rows, columns, MARKS_BLOCK);
            }
            for (int c = 0; c < columns + 2; c++) assert_int_equal(grid_cell(&grid, 0, c)->glyph, ' ');
            arena_free(arena);
            if (rows < 4 || columns < 4) continue;
            assert_true(strlen(drawn(&s->curves, rows, columns, MARKS_BRAILLE)) > (size_t)rows);
        }
}

/* Cells of an ink in a drawn chart. */
static int count_ink(const Chart *chart, int rows, int columns, Ink ink)
{
    Arena *arena = arena_new();
    Grid grid = grid_new(arena, rows, columns);
    int n = 0;
    chart_draw(chart, &grid, 0, 0, rows, columns, MARKS_BRAILLE);
    for (int i = 0; i < rows * columns; i++)
        n += grid.cells[i].ink == ink && grid.cells[i].glyph >= 0x2800 && grid.cells[i].glyph < 0x2900;
    arena_free(arena);
    return n;
}

static void nan_is_a_gap(void **state)
{
    (void)state;
    double x[100], y[100];
    for (int i = 0; i < 100; i++) x[i] = i, y[i] = i < 40 || i >= 60 ? 1 : NAN;
    Series series = { NULL, SERIES_LINE, INK_TRAIN, x, y, 100 };
    Chart chart = { .series = &series, .n_series = 1, .y_low = 0, .y_high = 2 };
    int with_gap = count_ink(&chart, 4, 16, INK_TRAIN);
    for (int i = 40; i < 60; i++) y[i] = 1;
    assert_int_equal(count_ink(&chart, 4, 16, INK_TRAIN), 16);
    assert_in_range(with_gap, 12, 14);
}

static void outlier_does_not_flatten(void **state)
{
    (void)state;
    Sample *s = sample();
    s->train[7] = 1e9;
    s->curves.n_series = 1;
    char *text = drawn(&s->curves, 12, 60, MARKS_ASCII);
    assert_non_null(strstr(text, "0.5"));
    assert_null(strstr(text, "e+"));
}

/* A single spike among many points is not lost by decimation. */
static void keeps_minimum_and_maximum(void **state)
{
    (void)state;
    enum { MANY = 10000 };
    static double x[MANY], y[MANY];
    for (int i = 0; i < MANY; i++) x[i] = i, y[i] = 0;
    y[5003] = 1;
    Series series = { NULL, SERIES_LINE, INK_TRAIN, x, y, MANY };
    Chart chart = { .series = &series, .n_series = 1, .y_low = 0, .y_high = 1 };
    assert_int_equal(count_ink(&chart, 4, 15, INK_TRAIN), 15 + 3);
}

static void shared_cells_are_both(void **state)
{
    (void)state;
    Sample *s = sample();
    memcpy(s->valid, s->train, sizeof s->valid);
    assert_int_equal(count_ink(&s->curves, 4, 18, INK_TRAIN), 0);
    assert_true(count_ink(&s->curves, 4, 18, INK_BOTH) > 10);
}

/* The column where a row of a picture has its first mark of a curve; -1: none. */
static bool row_has(const char *picture, int row, const char *label, const char *mark)
{
    char line[400];
    for (; row > 0; row--) picture = strchr(picture, '\n') + 1;
    snprintf(line, sizeof line, "%.*s", (int)strcspn(picture, "\n"), picture);
    return strstr(line, label) && strstr(line, mark);
}

/* A label of y stands in the row in which its value is drawn. */
static void ticks_are_where_values_are(void **state)
{
    (void)state;
    static const Marks all[] = { MARKS_BRAILLE, MARKS_BLOCK, MARKS_ASCII };
    double x[2] = { 0, 1 }, y[2] = { 20, 20 };
    Series series = { NULL, SERIES_LINE, INK_TRAIN, x, y, 2 };
    Chart chart = { .kind = CHART_XY, .series = &series, .n_series = 1 };
    for (int rows = 8; rows < 40; rows++)
        for (int low = -30; low < 20; low++)
            for (int m = 0; m < 3; m++) {
                bool met = false;
                chart.y_low = low;
                chart.y_high = 31;
                const char *picture = drawn(&chart, rows, 40, all[m]);
                if (!strstr(picture, "20")) continue;
                const char *mark = m == 0 ? "\xe2\xa0" : m == 1 ? "\xe2\x96" : "****";
                for (int r = 0; r < rows - 2; r++)
                    met = met || row_has(picture, r, "20", mark) || row_has(picture, r, "20", "\xe2\xa1") ||
                          row_has(picture, r, "20", "\xe2\xa3") || row_has(picture, r, "20", "\xe2\xa2");
                if (!met) fail_msg("%d rows from %d:\n%s", rows, low, picture);
            }
}

/* Strokes from the line of zero, whatever their number. */
static void stems_picture(void **state)
{
    (void)state;
    double x[3] = { 1, 2, 3 }, y[3] = { 1, -1, 0.5 };
    Series series = { NULL, SERIES_STEMS, INK_TRAIN, x, y, 3 };
    Chart chart = { .kind = CHART_XY, .series = &series, .n_series = 1, .y_low = -1, .y_high = 1 };
    assert_string_equal(drawn(&chart, 7, 30, MARKS_ASCII), "  |    **\n"
                                                           "  |    **                **\n"
                                                           " 0+----**-------**-------**---\n"
                                                           "  |             **\n"
                                                           "-1+             **\n"
                                                           "  +----+--------+--------+----\n"
                                                           "       1        2        3\n");
}

static void odd_values(void **state)
{
    (void)state;
    double x[6] = { 1, 2, 3, 4, 5, 6 };
    double odd[5][6] = { { NAN, NAN, NAN, NAN, NAN, NAN },
                         { 1e308, -1e308, 1e308, 0, 1, 2 },
                         { INFINITY, -INFINITY, 0, 0, 0, 0 },
                         { 5, 5, 5, 5, 5, 5 },
                         { 1e-320, 2e-320, 0, -0.0, 1e-300, 0 } };
    for (int k = 0; k < 5; k++)
        for (int log_y = 0; log_y < 2; log_y++) {
            Series series = { "a\xff", SERIES_LINE, INK_TRAIN, x, odd[k], 6 };
            Chart chart = {
                .title = "信用", .series = &series, .n_series = 1, .log_y = log_y, .y_low = NAN, .y_high = NAN
            };
            Buf svg = { 0 };
            assert_non_null(drawn(&chart, 12, 50, MARKS_BRAILLE));
            chart_svg(&svg, &chart, 400, 300);
            assert_null(strstr(svg.text, "nan"));
            assert_null(strstr(svg.text, "inf"));
            buf_free(&svg);
        }
}

static void text_is_clipped_and_measured(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Buf out = { 0 };
    Grid grid = grid_new(arena, 1, 6);
    assert_int_equal(grid_text(&grid, 0, 1, INK_PLAIN, "信用风险"), 4);
    grid_text(&grid, 0, 2, INK_PLAIN, "x");
    grid_write(&out, &grid);
    assert_string_equal(buf_text(&out), "  x用\n");
    assert_int_equal(grid_text(&grid, 5, 0, INK_PLAIN, "below"), 5);
    buf_free(&out);
    arena_free(arena);
}

static void svg_is_escaped_and_whole(void **state)
{
    (void)state;
    Sample *s = sample();
    Buf out = { 0 };
    s->curves.title = "a<b & \"c\"";
    chart_svg(&out, &s->curves, 480, 320);
    assert_non_null(strstr(out.text, "a&lt;b &amp; &quot;c&quot;"));
    assert_memory_equal(out.text, "<svg ", 5);
    assert_string_equal(out.text + out.length - 7, "</svg>\n");
    buf_clear(&out);
    chart_svg(&out, &s->heat, 480, 320);
    int rects = 0;
    for (const char *at = out.text; (at = strstr(at, "<rect")); at++) rects++;
    assert_int_equal(rects, 1 + 6);
    buf_free(&out);
}

/* Names of curves that end at nearly the same height, wherever that is, find places of their own. */
static void svg_names_find_places(void **state)
{
    (void)state;
    enum { CURVES = 5, HEIGHTS = 2000 };
    static const char *const names[CURVES] = { "a", "b", "c", "d", "e" };
    for (int k = 0; k < HEIGHTS; k++) {
        double x[2] = { 0, 1 }, y[CURVES][2];
        Series series[CURVES];
        for (int s = 0; s < CURVES; s++) {
            y[s][0] = s % 2;
            y[s][1] = sin(k) / 2 + 0.5 + 1e-3 * s * cos(7 * k);
            series[s] = (Series){ names[s], SERIES_LINE, INK_TRAIN, x, y[s], 2 };
        }
        Chart chart = { .series = series, .n_series = CURVES, .y_low = NAN, .y_high = NAN };
        Buf out = { 0 };
        chart_svg(&out, &chart, 480, 320);
        for (int s = 0; s < CURVES; s++) {
            char label[16];
            snprintf(label, sizeof label, ">%s</text>", names[s]);
            assert_non_null(strstr(buf_text(&out), label));
        }
        buf_free(&out);
    }
}

static void copies_are_their_own(void **state)
{
    (void)state;
    Sample *s = sample();
    Arena *arena = arena_new();
    Buf before = { 0 };
    Chart *copy = chart_copy(arena, &s->curves), *heat = chart_copy(arena, &s->heat);
    buf_puts(&before, drawn(&s->curves, 10, 50, MARKS_BRAILLE));
    memset(s->train, 0, sizeof s->train);
    memset(s->matrix, 0, sizeof s->matrix);
    assert_string_equal(drawn(copy, 10, 50, MARKS_BRAILLE), buf_text(&before));
    assert_true(heat->values[0] == -2);
    assert_string_equal(heat->row_names[1], "b");
    buf_free(&before);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_picture),
        cmocka_unit_test(heat_picture),
        cmocka_unit_test(every_size),
        cmocka_unit_test(nan_is_a_gap),
        cmocka_unit_test(outlier_does_not_flatten),
        cmocka_unit_test(keeps_minimum_and_maximum),
        cmocka_unit_test(shared_cells_are_both),
        cmocka_unit_test(ticks_are_where_values_are),
        cmocka_unit_test(stems_picture),
        cmocka_unit_test(odd_values),
        cmocka_unit_test(text_is_clipped_and_measured),
        cmocka_unit_test(svg_is_escaped_and_whole),
        cmocka_unit_test(svg_names_find_places),
        cmocka_unit_test(copies_are_their_own),
    };
    return cmocka_run_group_tests_name("charts_draw", tests, NULL, NULL);
}
