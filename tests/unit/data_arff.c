/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ARFF files: the header, quoting, types, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/source.h"

static Frame *read_named(const char *text, const char *format, Err *err)
{
    char path[] = "/tmp/fns-arff-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    *err = (Err){ 0 };
    Frame *frame = frame_load(path, format, NULL, NULL, NULL, NULL, err);
    unlink(path);
    return frame;
}

static const char whole[] = "% a comment\n@RELATION 'r s'\n\n@attribute a numeric\n"
                            "@attribute 'b c' {x, 'y z'}\n@attribute \"s\" string\r\n"
                            "@attribute d date \"yyyy-MM-dd\"\n@attribute k {0,1}\n"
                            "@attribute i INTEGER\n@data\n"
                            "1.5,x,'t\\'t',2020-01-01,1,007\n"
                            "% another\n? , 'y z', u ,?,0, -3\n";

static void test_reads(void **state)
{
    Err err;
    Buf cell = { 0 };
    (void)state;
    Frame *frame = read_named(whole, NULL, &err); /* by content */
    if (!frame) fail_msg("%s %s", err.place, err.message);
    assert_int_equal(frame->n_rows, 2);
    assert_int_equal(frame->n_columns, 6);
    assert_string_equal(frame->columns[1].name, "b c");
    assert_string_equal(column_type_name(frame->columns[0].column), "number");
    assert_string_equal(column_type_name(frame->columns[1].column), "category");
    assert_string_equal(column_type_name(frame->columns[3].column), "date");
    assert_string_equal(column_type_name(frame->columns[4].column), "integer");
    assert_true(frame->columns[0].column->numbers[0] == 1.5);
    assert_true(column_is_missing(frame->columns[0].column, 1));
    column_text(frame->columns[1].column, 1, &cell);
    assert_string_equal(buf_text(&cell), "y z");
    column_text(frame->columns[2].column, 0, &cell);
    assert_string_equal(buf_text(&cell), "t't");
    assert_int_equal(frame->columns[5].column->integers[0], 7);
    assert_int_equal(frame->columns[5].column->integers[1], -3);
    buf_free(&cell);
    frame_unref(frame);
}

static void refused(const char *text, const char *code, const char *place)
{
    Err err;
    assert_null(read_named(text, "arff", &err));
    assert_string_equal(err_code_word(err.code), code);
    if (!strstr(err.place, place)) fail_msg("%s, not %s", err.place, place);
}

#define HEAD "@relation r\n@attribute a numeric\n@attribute b {x,y}\n@data\n"

static void test_refuses(void **state)
{
    (void)state;
    refused("", "empty_file", "");
    refused("@relation r\n", "bad_arff", "");
    refused("@relation r\n@attribute a complex\n@data\n1\n", "bad_arff", ":2:");
    refused("@relation r\n@attribute a {x, y\n@data\n1\n", "bad_arff", ":2:");
    refused("hello\n", "bad_arff", ":1:");
    refused(HEAD, "empty_file", "");
    refused(HEAD "{0 1}\n", "bad_arff", ":5:");
    refused(HEAD "1,x\n2\n", "ragged_row", ":6:");
    refused(HEAD "1,x,3\n", "ragged_row", ":5:");
    refused(HEAD "q,x\n", "bad_cell", ":5:");
    refused(HEAD "1,z\n", "bad_cell", ":5:");
    refused(HEAD "1,'x\n", "bad_quote", ":5:");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_reads), cmocka_unit_test(test_refuses) };
    return cmocka_run_group_tests_name("data: arff", tests, NULL, NULL);
}
