/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffers, UTF-8, width, nearness, numbers as text. */
#include "base/str.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void buffers_grow_and_clear(void **state)
{
    (void)state;
    Buf buf = { 0 };
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 1000; i++) buf_printf(&buf, "%03d,", i);
    assert_int_equal(buf.length, 4000);
    assert_memory_equal(buf.text + 3996, "999,", 5);
    buf_clear(&buf);
    buf_repeat(&buf, "ab", 3);
    assert_string_equal(buf_text(&buf), "ababab");
    buf_free(&buf);
}

static void check_cell(const char *text, int width, const char *expected)
{
    Buf buf = { 0 };
    buf_cell(&buf, text, width);
    assert_string_equal(buf_text(&buf), expected);
    buf_free(&buf);
}

static void cells_are_padded_and_cut_by_columns(void **state)
{
    (void)state;
    check_cell("ab", 4, "ab  ");
    check_cell("ab", -4, "  ab");
    check_cell("income", 4, "inc…");
    check_cell("收入", 6, "收入  ");
    check_cell("收入表", 4, "收… ");
    check_cell("e\xCC\x81", 2, "e\xCC\x81 ");
    check_cell("a\033[2J", 5, "a?[2J");
    check_cell("abc", 0, "");
}

static void utf8_is_checked_strictly(void **state)
{
    static const char *const bad[] = {
        "\x80",     "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80",
        "\xE2\x82", "\xFF"
    };
    (void)state;
    size_t offset = 99;
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(utf8_valid(bad[i], strlen(bad[i]), NULL));
    assert_false(utf8_valid("ab\xFFz", 4, &offset));
    assert_int_equal(offset, 2);
    assert_true(utf8_valid("收入 \xEF\xBF\xBD €", 15, NULL));
    assert_int_equal(utf8_length("收入a", 7), 3);
    for (uint32_t c = 1; c < 0x110000; c += 97) {
        char bytes[4];
        int n = utf8_put(bytes, c), length;
        if (c >= 0xD800 && c < 0xE000) continue;
        assert_int_equal(utf8_next(bytes, (size_t)n, &length), c);
        assert_int_equal(length, n);
    }
}

static void widths_follow_unicode(void **state)
{
    (void)state;
    assert_int_equal(code_point_width('a'), 1);
    assert_int_equal(code_point_width(0), 0);
    assert_int_equal(code_point_width(0x301), 0);
    assert_int_equal(code_point_width(0x200D), 0);
    assert_int_equal(code_point_width(0xFE0F), 0);
    assert_int_equal(code_point_width(0x6536), 2);
    assert_int_equal(code_point_width(0xFF21), 2);
    assert_int_equal(code_point_width(0x1F600), 2);
    assert_int_equal(code_point_width(0x2588), 1);
    assert_int_equal(code_point_width(0x20AC), 1);
    assert_int_equal(text_width("收入 x"), 6);
}

static void nearness_needs_two_thirds(void **state)
{
    static const char *const words[] = { "income", "loan", "lr", "adam", "relu" };
    (void)state;
    assert_int_equal(text_distance("incme", "income", 3), 1);
    assert_int_equal(text_distance("laon", "loan", 3), 1);
    assert_int_equal(text_distance("abcdef", "x", 2), 3);
    assert_int_equal(text_distance("收入", "收出", 3), 1);
    assert_string_equal(text_nearest("incme", words, 5), "income");
    assert_string_equal(text_nearest("Adam", words, 5), "adam");
    assert_string_equal(text_nearest("ReLU", words, 5), "relu");
    assert_null(text_nearest("lt", words, 5));
    assert_null(text_nearest("balance", words, 5));
    assert_null(text_nearest("x", NULL, 0));
}

static void numbers_read_back(void **state)
{
    static const struct {
        double x;
        const char *text;
    } rows[] = { { 0.1, "0.1" },    { 1e-4, "0.0001" },
                 { 1e-5, "1e-5" },  { 1e14, "100000000000000" },
                 { 1e16, "1e16" },  { 0.1 + 0.2, "0.30000000000000004" },
                 { -2.5, "-2.5" },  { 1.0 / 3, "0.3333333333333333" },
                 { 1e300, "1e300" } };
    (void)state;
    char text[40];
    for (size_t i = 0; i < COUNT(rows); i++) assert_string_equal(number_text(rows[i].x, text), rows[i].text);
    srand(7);
    for (int i = 0; i < 20000; i++) {
        double x = ldexp(rand() - RAND_MAX / 2 + rand() / 3e9, rand() % 200 - 100), back = 0;
        number_text(x, text);
        assert_true(number_parse(text, strlen(text), &back));
        assert_true(back == x);
    }
}

static void numbers_for_tables(void **state)
{
    (void)state;
    char text[40];
    assert_string_equal(number_short(0.75214, 4, text), "0.7521");
    assert_string_equal(number_short(12.3456, 4, text), "12.35");
    assert_string_equal(number_short(1.2e-5, 4, text), "1.2e-05");
    assert_string_equal(number_short(81204, 4, text), "81204");
    assert_string_equal(number_short(9999.6, 4, text), "10000");
    assert_string_equal(number_short(-0.0, 4, text), "0");
    assert_string_equal(bytes_text(41e6, text), "41 MB");
    assert_string_equal(bytes_text(1.2e9, text), "1.2 GB");
    assert_string_equal(bytes_text(12, text), "12 B");
    assert_string_equal(seconds_text(41.9, text), "00:41");
    assert_string_equal(seconds_text(3723, text), "1:02:03");
    assert_string_equal(seconds_text(NAN, text), "--:--");
}

static void parsing_takes_whole_numbers_only(void **state)
{
    static const char *const bad[] = { "",   "-",  ".",     "1e",    "1e+", "0x10", "nan", "inf",
                                       "1 ", " 1", "1.2.3", "1e999", "--1", "1,5",  "e5",  "1f" };
    static const char *const good[] = { "1",
                                        "-0.5",
                                        "+7",
                                        ".5",
                                        "5.",
                                        "1e5",
                                        "1E-3",
                                        "123456789012345678901234567890",
                                        "0.000000000000000000000000000001",
                                        "2.2250738585072014e-308",
                                        "000123.4500" };
    (void)state;
    double x = 0;
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(number_parse(bad[i], strlen(bad[i]), &x));
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(number_parse(good[i], strlen(good[i]), &x));
        assert_true(x == strtod(good[i], NULL));
    }
    assert_true(number_parse("12345", 3, &x) && x == 123);
    srand(3);
    for (int i = 0; i < 20000; i++) {
        char text[64];
        int n = snprintf(text, sizeof text, "%d.%0*de%d", rand() - RAND_MAX / 2, rand() % 9 + 1,
                         rand() % 1000, rand() % 60 - 30);
        assert_true(number_parse(text, (size_t)n, &x));
        assert_true(x == strtod(text, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_grow_and_clear),    cmocka_unit_test(cells_are_padded_and_cut_by_columns),
        cmocka_unit_test(utf8_is_checked_strictly),  cmocka_unit_test(widths_follow_unicode),
        cmocka_unit_test(nearness_needs_two_thirds), cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(numbers_for_tables),        cmocka_unit_test(parsing_takes_whole_numbers_only),
    };
    return cmocka_run_group_tests_name("base_str", tests, NULL, NULL);
}
