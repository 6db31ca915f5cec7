/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts of rows (bars, boxes), points with characters, axes of time: small pictures, every size without
 * harm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "charts/chart.h"

static const char *const names[] = { "one", "two", "three" };
static const double bars[] = { 4, -2, 0 };
static const double boxes[] = {
    0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 90, NAN, NAN, NAN, NAN, NAN, NAN, NAN
};

static Chart bar_chart(void)
{
    return (Chart){
        .kind = CHART_BARS, .title = "bars", .values = bars, .rows = 3, .columns = 1, .row_names = names
    };
}

static Chart box_chart(void)
{
    return (Chart){
        .kind = CHART_BOX, .title = "boxes", .values = boxes, .rows = 3, .columns = 1, .row_names = names
    };
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

static void bar_picture(void **state)
{
    (void)state;
    Chart chart = bar_chart();
    assert_string_equal(drawn(&chart, 4, 36, MARKS_ASCII), "bars\n"
                                                           "one         ############ 4\n"
                                                           "two   ###### -2\n"
                                                           "three        0\n");
    assert_string_equal(drawn(&chart, 3, 36, MARKS_ASCII), "bars\n"
                                                           "one         ############ 4\n"
                                                           "2 more\n");
}

static void box_picture(void **state)
{
    (void)state;
    Chart chart = box_chart();
    assert_string_equal(drawn(&chart, 6, 31, MARKS_ASCII), "boxes\n"
                                                           "one   .   |----[===|====]---| >\n"
                                                           "two   .   |----[===|====]---| >\n"
                                                           "three\n"
                                                           "      +--------+--------+------\n"
                                                           "      0        2        4\n");
}

static void every_size(void **state)
{
    (void)state;
    Chart charts[] = { bar_chart(), box_chart() };
    for (int k = 0; k < 2; k++)
        for (int rows = 0; rows < 9; rows++)
            for (int columns = 0; columns < 70; columns += columns < 12 ? 1 : 7)
                for (Marks marks = MARKS_BRAILLE; marks <= MARKS_ASCII; marks++)
                    assert_non_null(drawn(&charts[k], rows, columns, marks));
}

static char *times(double from, double to, TimeUnit unit)
{
    static double x[2], y[2] = { 0, 1 };
    static Series series;
    x[0] = from;
    x[1] = to;
    series = (Series){ NULL, SERIES_LINE, INK_TRAIN, x, y, 2 };
    Chart chart = { .kind = CHART_XY,
                    .series = &series,
                    .n_series = 1,
                    .time_x = true,
                    .x_unit = unit,
                    .y_low = NAN,
                    .y_high = NAN };
    return drawn(&chart, 6, 76, MARKS_ASCII);
}

static double at(int year, int month, int day, int hour)
{
    int64_t ns;
    assert_true(time_make(year, month, day, hour, 0, 0, &ns));
    return (double)ns;
}

static void time_axes(void **state)
{
    (void)state;
    assert_non_null(strstr(times(at(1951, 5, 3, 0), at(2018, 12, 1, 0), UNIT_DAY), "1960"));
    assert_non_null(strstr(times(at(2019, 12, 20, 0), at(2020, 5, 3, 0), UNIT_DAY), "2020-02"));
    assert_null(strstr(times(at(2020, 1, 1, 0), at(2020, 3, 1, 0), UNIT_MONTH), "2020-01-"));
    assert_non_null(strstr(times(at(2024, 1, 1, 1), at(2024, 1, 1, 23), UNIT_SECOND), "01-01 12:00"));
    assert_non_null(strstr(times(at(1960, 3, 1, 0), at(1961, 3, 1, 0), UNIT_MONTH), "1961-01"));
}

static void point_characters(void **state)
{
    (void)state;
    static const double x[] = { 0, 1 }, up[] = { 0, 1 }, down[] = { 1, 0 };
    Series series[] = { { "a", SERIES_POINTS, INK_TRAIN, x, up, 2 },
                        { "b", SERIES_POINTS, INK_VALID, x, down, 2 } };
    Chart chart = {
        .kind = CHART_XY, .series = series, .n_series = 2, .glyphs = "ox", .y_low = NAN, .y_high = NAN
    };
    const char *picture = drawn(&chart, 8, 40, MARKS_BRAILLE);
    assert_non_null(strstr(picture, "o a   x b"));
    Buf svg = { 0 };
    chart_svg(&svg, &chart, 300, 200);
    assert_non_null(strstr(buf_text(&svg), ">x</text>"));
    buf_free(&svg);
}

static void svg_of_rows(void **state)
{
    (void)state;
    Chart charts[] = { bar_chart(), box_chart() };
    for (int k = 0; k < 2; k++) {
        Buf svg = { 0 };
        Arena *arena = arena_new();
        chart_svg(&svg, chart_copy(arena, &charts[k]), 600, 200);
        assert_non_null(strstr(buf_text(&svg), ">three</text>"));
        assert_non_null(strstr(buf_text(&svg), "</svg>"));
        assert_null(strstr(buf_text(&svg), "nan"));
        buf_free(&svg);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bar_picture), cmocka_unit_test(box_picture),      cmocka_unit_test(every_size),
        cmocka_unit_test(time_axes),   cmocka_unit_test(point_characters), cmocka_unit_test(svg_of_rows),
    };
    return cmocka_run_group_tests_name("charts_rows", tests, NULL, NULL);
}
