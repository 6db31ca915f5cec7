/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: lines and arrays of records, types over the whole file, what is refused, what save writes and load
 * reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/data_sources.h"

static Frame *read_text(Trial *trial, const char *text)
{
    trial_text(trial, "x.jsonl", text);
    return trial_load(trial, "x.jsonl");
}

static void reads_records(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame =
        read_text(&trial, "{\"id\":1,\"x\":1.5,\"ok\":true,\"when\":\"2020-01-31\",\"name\":\"a\\\"b\"}\n\n"
                          "{\"id\":2,\"ok\":false,\"late\":\"x\",\"name\":null}\r\n"
                          "{\"when\":\"2020-02-29\",\"id\":3,\"x\":2,\"name\":\"c\"}");
    assert_non_null(frame);
    assert_int_equal(frame->n_rows, 3);
    assert_int_equal(frame->n_columns, 6);
    assert_string_equal(type_of(frame, "id"), "integer");
    assert_string_equal(type_of(frame, "x"), "number");
    assert_string_equal(type_of(frame, "ok"), "on/off");
    assert_string_equal(type_of(frame, "when"), "date");
    assert_string_equal(cell(frame, "name", 0), "a\"b");
    assert_string_equal(cell(frame, "name", 1), "");
    assert_string_equal(cell(frame, "late", 0), "");
    assert_string_equal(cell(frame, "x", 2), "2");
    assert_string_equal(frame->columns[5].name, "late");
    assert_string_equal(trial.report.missing[0].code, "null");
    assert_string_equal(trial.report.format, "jsonl");
    frame_unref(frame);
    trial_end(&trial);
}

static void reads_an_array(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_text(&trial, "x", " [ {\"a\":1,\n \"b\":\"x]},\"},{\"a\":2.5} , {\"b\":\"y\"}\n]\n");
    Frame *frame = trial_load(&trial, "x"); /* known by its content */
    assert_non_null(frame);
    assert_string_equal(trial.report.format, "json");
    assert_int_equal(frame->n_rows, 3);
    assert_string_equal(cell(frame, "b", 0), "x]},");
    assert_string_equal(cell(frame, "a", 1), "2.5");
    frame_unref(frame);
    trial_end(&trial);
}

static void types_hold_for_the_whole_file(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame =
        read_text(&trial, "{\"a\":1,\"b\":true,\"c\":\"2020-01-31\",\"d\":\"12\",\"e\":9223372036854775807,"
                          "\"f\":1}\n{\"a\":\"x\",\"b\":1,\"c\":\"never\",\"d\":\"13\",\"e\":1,"
                          "\"f\":18446744073709551616}\n");
    assert_non_null(frame);
    assert_string_equal(type_of(frame, "a"), "category");
    assert_string_equal(cell(frame, "a", 0), "1");
    assert_string_equal(type_of(frame, "b"), "category");
    assert_string_equal(cell(frame, "b", 0), "true");
    assert_string_equal(type_of(frame, "c"), "category");
    assert_string_equal(type_of(frame, "d"), "category"); /* a text is no number */
    assert_string_equal(cell(frame, "e", 0), "9223372036854775807");
    assert_string_equal(type_of(frame, "f"), "number");
    assert_int_equal(trial.notes.n, 3);
    frame_unref(frame);
    trial_end(&trial);
}

static void options_are_heeded(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Value types = value_record(trial.arena);
    record_text(trial.arena, types.record, "a", "number");
    trial_option(&trial.load, "types", types);
    Frame *frame = read_text(&trial, "{\"a\":\"12\",\"b\":1}\n");
    assert_non_null(frame);
    assert_string_equal(type_of(frame, "a"), "number");
    frame_unref(frame);
    trial_option(&trial.load, "bad", value_word(trial.arena, "skip"));
    frame =
        read_text(&trial, "{\"a\":1}\n{\"a\":\nnonsense\n[2]\n{\"a\":{\"b\":1}}\n{\"a\":\"x\"}\n{\"a\":3}\n");
    assert_non_null(frame);
    assert_int_equal(frame->n_rows, 2);
    assert_int_equal(trial.report.skipped, 5);
    frame_unref(frame);
    trial_end(&trial);
    trial_begin(&trial);
    trial_option(&trial.load, "columns", value_word(trial.arena, "b"));
    frame = read_text(&trial, "{\"a\":{\"nested\":1},\"b\":1}\n");
    assert_non_null(frame);
    assert_int_equal(frame->n_columns, 1);
    frame_unref(frame);
    trial_end(&trial);
}

static void refuses(const char *text, const char *place, const char *message)
{
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_text(&trial, text);
    if (frame) fail_msg("%s is read", text);
    if (!strstr(trial.err.message, message)) fail_msg("%s: %s", text, trial.err.message);
    const char *at = strstr(trial.err.place, "x.jsonl");
    assert_string_equal(at ? at + 7 : "", place);
    trial_end(&trial);
}

static void bad_records_are_placed(void **state)
{
    (void)state;
    refuses("{\"a\":1}\n{\"a\":2", ":2:6", "'}' expected near end of file");
    refuses("{\"a\":1}\n{\"a\":1,\"a\":2}\n", ":2:10", "duplicate object key");
    refuses("{\"a\":1}\n\n[1]\n", ":3", "the record is an array");
    refuses("{\"a\":1}\n{\"a\":[1]}\n", ":2", "column 'a' holds an array");
    refuses("{\"a\":\"\\u0000\"}\n", ":1:13", "\\u0000 is not allowed");
    refuses("[{\"a\":1},\n{\"a\":2}", ":2", "the array of records has no ]");
    refuses("[{\"a\":1}\n{\"a\":2}]", ":2", "two records have no comma");
    refuses("[{\"a\":1},\n{\"a\":", ":2", "the file ends within a record");
    refuses("[{\"a\":1}]\nx", ":2", "something follows");
    refuses("{}\n{}\n", "", "has no rows");
    refuses("[]", "", "has no rows");
}

static void what_is_saved_comes_back(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_text(&trial, "x.csv",
               "id,x,when,stamp,name,ok\n1,0.1,2020-01,2020-01-31T10:30:15.25,\"q\"\"\\\t\",true\n"
               "-2,1e300,2020-02,,\xE6\x94\xB6,\n");
    Frame *first = trial_load(&trial, "x.csv");
    assert_non_null(first);
    assert_true(trial_save(&trial, first, "y.jsonl"));
    Frame *second = trial_load(&trial, "y.jsonl");
    assert_non_null(second);
    for (int i = 0; i < first->n_columns; i++) {
        const char *name = first->columns[i].name;
        assert_string_equal(type_of(first, name), type_of(second, name));
        for (size_t row = 0; row < 2; row++)
            assert_string_equal(cell(first, name, row), cell(second, name, row));
    }
    frame_unref(first);
    frame_unref(second);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_records),
        cmocka_unit_test(reads_an_array),
        cmocka_unit_test(types_hold_for_the_whole_file),
        cmocka_unit_test(options_are_heeded),
        cmocka_unit_test(bad_records_are_placed),
        cmocka_unit_test(what_is_saved_comes_back),
    };
    return cmocka_run_group_tests_name("data_jsonl", tests, NULL, NULL);
}
