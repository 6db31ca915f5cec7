/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five renderers: text that stays straight and folds, plain sentences, CSV, JSON, Markdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lang/render.h"
#include "base/json.h"

static Result *new_result(Arena *arena)
{
    Result *result = result_new(arena, "describe");
    record_number(arena, result->record, "rows", 2);
    result_line(result, "two rows");
    Table *table = result_table(result, "columns", "the table");
    table_column(arena, table, "name", ALIGN_LEFT, 0);
    table_column(arena, table, "信用", ALIGN_RIGHT, 4);
    table_column(arena, table, "a|b", ALIGN_LEFT, 0);
    Value *row = table_row(arena, table);
    row[0] = value_text(arena, "x, \"y\"");
    row[1] = value_number(0.123456789);
    row[2] = value_text(arena, "p|q");
    row = table_row(arena, table);
    row[0] = value_text(arena, "z");
    row[2] = value_text(arena, "r");
    NOTE(&result->notes, condition_missing, "3");
    return result;
}

static Buf render(const Result *result, OutputMode mode, int columns)
{
    RenderStyle style = { .mode = mode, .columns = columns, .unicode = true, .digits = 4 };
    Buf out = { 0 };
    render_result(&out, result, &style);
    return out;
}

static void expect(OutputMode mode, const char *text)
{
    Arena *arena = arena_new();
    Buf out = render(new_result(arena), mode, 0);
    assert_string_equal(buf_text(&out), text);
    buf_free(&out);
    arena_free(arena);
}

static void text_is_aligned(void **state)
{
    (void)state;
    expect(OUTPUT_TEXT, "two rows\nthe table\n"
                        "name      信用  a|b\n"
                        "───────────────────\n"
                        "x, \"y\"  0.1235  p|q\n"
                        "z               r\n"
                        "note: the condition is missing for 3 rows: they are not selected\n");
}

static void plain_is_sentences(void **state)
{
    (void)state;
    expect(OUTPUT_PLAIN, "two rows\nthe table.\nname x, \"y\", 信用 0.1235, a|b p|q.\nname z, a|b r.\n"
                         "Note: the condition is missing for 3 rows: they are not selected.\n");
}

static void csv_is_quoted_and_full(void **state)
{
    (void)state;
    expect(OUTPUT_CSV, "name,信用,a|b\n\"x, \"\"y\"\"\",0.123456789,p|q\nz,,r\n");
}

static void markdown_escapes_bars(void **state)
{
    (void)state;
    expect(OUTPUT_MARKDOWN, "two rows\n**the table**\n\n| name | 信用 | a\\|b |\n|:---|---:|:---|\n"
                            "| x, \"y\" | 0.1235 | p\\|q |\n| z |  | r |\n\n"
                            "> the condition is missing for 3 rows: they are not selected\n");
}

static void json_is_one_line_that_parses(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Buf out = render(new_result(arena), OUTPUT_JSON, 0);
    Value value;
    Err err = { 0 };
    assert_true(strchr(buf_text(&out), '\n') == buf_text(&out) + out.length - 1);
    assert_true(json_read(buf_text(&out), out.length, "test", arena, &value, &err));
    const Value *tables = record_get(value.record, "tables"), *rows = record_get(tables->record, "columns");
    assert_int_equal(rows->list.n, 2);
    assert_true(record_get(rows->list.items[0].record, "信用")->number == 0.123456789);
    assert_int_equal(record_get(rows->list.items[1].record, "信用")->type, VALUE_MISSING);
    assert_true(record_get(record_get(value.record, "record")->record, "rows")->number == 2);
    buf_free(&out);
    arena_free(arena);
}

/* Every line of a table's block is as wide as its rule, or narrower where its last text is shorter. */
static void expect_straight(const char *text, int columns)
{
    int rule = 0;
    while (*text) {
        size_t n = strcspn(text, "\n");
        char line[4000];
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        int width = text_width(line);
        if (!strncmp(line, "─", 3)) rule = width;
        if (columns) assert_in_range(width, 0, columns);
        if (rule && n && strncmp(line, "─", 3) && text[n + 1] && strncmp(text + n + 1, "─", 3) != 0)
            assert_in_range(width, 0, rule);
        text += n + (text[n] == '\n');
    }
}

static Result *wide_result(Arena *arena)
{
    Result *result = result_new(arena, "head");
    Table *table = result_table(result, "rows", NULL);
    char name[121];
    memset(name, 'n', 120);
    name[120] = 0;
    table_column(arena, table, "row", ALIGN_RIGHT, 0);
    table_column(arena, table, name, ALIGN_RIGHT, 0);
    for (int i = 0; i < 20; i++)
        table_column(arena, table, arena_format(arena, "信用%d", i), i % 2 ? ALIGN_RIGHT : ALIGN_LEFT, 0);
    for (int r = 0; r < 3; r++) {
        Value *row = table_row(arena, table);
        row[0] = value_number(r + 1);
        row[1] = value_number(r * 1000.5);
        for (int i = 0; i < 20; i++)
            row[2 + i] = i % 2 ? value_number(i * r) : value_text(arena, r == 1 ? "很长的文字" : "b");
    }
    return result;
}

static void wide_tables_fold(void **state)
{
    (void)state;
    static const int widths[] = { 80, 60, 120, 0 };
    for (int i = 0; i < 4; i++) {
        Arena *arena = arena_new();
        Buf out = render(wide_result(arena), OUTPUT_TEXT, widths[i]);
        expect_straight(buf_text(&out), widths[i]);
        int rules = 0;
        for (const char *at = buf_text(&out); (at = strstr(at, "\n─")); at++) rules++;
        if (widths[i])
            assert_in_range(rules, 2, 12);
        else
            assert_int_equal(rules, 1);
        assert_non_null(strstr(buf_text(&out), "nnn…"));
        assert_non_null(strstr(buf_text(&out), "信用19"));
        buf_free(&out);
        arena_free(arena);
    }
}

static void missing_and_nan_are_empty(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Result *result = result_new(arena, "x");
    Table *table = result_table(result, "t", NULL);
    table_column(arena, table, "v", ALIGN_RIGHT, 4);
    table_row(arena, table)[0] = value_number(0.0 / 0.0);
    table_row(arena, table)[0] = value_missing();
    table_row(arena, table)[0] = value_bool(true);
    Buf out = render(result, OUTPUT_CSV, 0), json = render(result, OUTPUT_JSON, 0);
    assert_string_equal(buf_text(&out), "v\n\n\non\n");
    assert_non_null(strstr(buf_text(&json), "{\"v\":null}"));
    buf_free(&out);
    buf_free(&json);
    arena_free(arena);
}

/* Lines break between words, under their second column or a little further in than they begin. */
static void lines_break_at_words(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Result *result = result_new(arena, "help");
    result_line(result, "Data   describe head 信用信用 keep drop");
    result_line(result, "one two three four five six seven");
    result_line(result, "short");
    Buf out = render(result, OUTPUT_TEXT, 24), pipe = render(result, OUTPUT_TEXT, 0);
    assert_string_equal(buf_text(&out), "Data   describe head\n       信用信用 keep\n       drop\n"
                                        "one two three four five\n  six seven\nshort\n");
    assert_string_equal(buf_text(&pipe), "Data   describe head 信用信用 keep drop\n"
                                         "one two three four five six seven\nshort\n");
    for (int columns = 1; columns < 40; columns++) {
        Buf narrow = render(result, OUTPUT_TEXT, columns);
        assert_non_null(strstr(buf_text(&narrow), "信用信用"));
        buf_free(&narrow);
    }
    buf_free(&out);
    buf_free(&pipe);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_aligned),
        cmocka_unit_test(plain_is_sentences),
        cmocka_unit_test(csv_is_quoted_and_full),
        cmocka_unit_test(markdown_escapes_bars),
        cmocka_unit_test(json_is_one_line_that_parses),
        cmocka_unit_test(wide_tables_fold),
        cmocka_unit_test(missing_and_nan_are_empty),
        cmocka_unit_test(lines_break_at_words),
    };
    return cmocka_run_group_tests_name("lang_render", tests, NULL, NULL);
}
