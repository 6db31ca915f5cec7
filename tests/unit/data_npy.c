/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NumPy arrays: types, orders, structured arrays, hostile headers, writing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/data_sources.h"

/* A file of version 1 with this dictionary and n bytes of values. */
static void make(Trial *trial, const char *name, const char *dictionary, const void *values, size_t n)
{
    char bytes[4096] = "\x93NUMPY\x01\x00";
    size_t length = strlen(dictionary);
    bytes[8] = (char)(length & 255);
    bytes[9] = (char)(length >> 8);
    memcpy(bytes + 10, dictionary, length);
    if (n) memcpy(bytes + 10 + length, values, n);
    trial_write(trial, name, bytes, 10 + length + n);
}

static Frame *read_values(Trial *trial, const char *dictionary, const void *values, size_t n)
{
    make(trial, "x.npy", dictionary, values, n);
    return trial_load(trial, "x.npy");
}

static void reads_floats_of_either_order(void **state)
{
    (void)state;
    Trial trial;
    const double values[] = { 0, 1.5, 2, 3, 4, NAN };
    trial_begin(&trial);
    Frame *frame =
        read_values(&trial, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", values, 48);
    assert_non_null(frame);
    assert_int_equal(frame->n_columns, 2);
    assert_string_equal(cell(frame, "x2", 0), "1.5");
    assert_string_equal(cell(frame, "x1", 2), "4");
    assert_string_equal(cell(frame, "x2", 2), "");
    assert_string_equal(trial.report.missing[0].code, "NaN");
    frame_unref(frame);
    frame = read_values(&trial, "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }", values, 48);
    assert_string_equal(cell(frame, "x1", 1), "1.5");
    assert_string_equal(cell(frame, "x2", 0), "3");
    frame_unref(frame);
    const unsigned char big[] = { 0x3F, 0xC0, 0, 0, 0xC1, 0x20, 0, 0 };
    frame = read_values(&trial, "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", big, 8);
    assert_string_equal(cell(frame, "x1", 0), "1.5");
    assert_string_equal(cell(frame, "x1", 1), "-10");
    frame_unref(frame);
    trial_end(&trial);
}

static void reads_integers_and_flags(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame =
        read_values(&trial, "{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }", "\x01\xFF\x80", 3);
    assert_string_equal(type_of(frame, "x1"), "integer");
    assert_string_equal(cell(frame, "x1", 1), "-1");
    assert_string_equal(cell(frame, "x1", 2), "-128");
    frame_unref(frame);
    frame = read_values(&trial, "{'descr': '>u2', 'fortran_order': False, 'shape': (1,), }", "\xFF\xFE", 2);
    assert_string_equal(cell(frame, "x1", 0), "65534");
    frame_unref(frame);
    frame = read_values(&trial, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", "\x00\x01", 2);
    assert_string_equal(type_of(frame, "x1"), "on/off");
    assert_string_equal(cell(frame, "x1", 1), "on");
    frame_unref(frame);
    const uint64_t huge[] = { 5, UINT64_MAX };
    frame = read_values(&trial, "{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }", huge, 16);
    assert_string_equal(type_of(frame, "x1"), "number");
    assert_string_equal(cell(frame, "x1", 0), "5");
    frame_unref(frame);
    trial_end(&trial);
}

static void reads_records(void **state)
{
    (void)state;
    static const char dictionary[] = "{'descr': [('day', '<M8[D]'), ('', '|V2'), ('t', '<U2'), ('s', "
                                     "'|S3')], 'fortran_order': False, 'shape': (3,), }";
    static const char values[] = "\x0E\x37\0\0\0\0\0\0"
                                 "pp"
                                 "A\0\0\0\xE9\0\0\0"
                                 "abc"
                                 "\0\0\0\0\0\0\0\x80"
                                 "pp"
                                 "B\0\0\0\0\0\0\0"
                                 "d\0\0"
                                 "\x0F\x37\0\0\0\0\0\0"
                                 "pp"
                                 "A\0\0\0\0\0\0\0"
                                 "\0\0\0";
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_values(&trial, dictionary, values, 63);
    assert_non_null(frame);
    assert_int_equal(frame->n_columns, 3);
    assert_string_equal(type_of(frame, "day"), "date");
    assert_string_equal(cell(frame, "day", 0), "2008-08-03");
    assert_string_equal(cell(frame, "day", 1), "");
    assert_string_equal(cell(frame, "t", 0), "Aé");
    assert_string_equal(cell(frame, "t", 1), "B");
    assert_string_equal(cell(frame, "s", 1), "d");
    assert_string_equal(cell(frame, "s", 2), "");
    frame_unref(frame);
    trial_end(&trial);
}

/* Texts of which the first look like dates are read a second time. */
static void texts_among_dates(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_values(&trial, "{'descr': '|S7', 'fortran_order': False, 'shape': (2,), }",
                               "2008-06unknown", 14);
    assert_non_null(frame);
    assert_string_equal(cell(frame, "x1", 0), "2008-06");
    assert_string_equal(cell(frame, "x1", 1), "unknown");
    frame_unref(frame);
    trial_end(&trial);
}

static void codes_columns_and_types_apply(void **state)
{
    (void)state;
    const double values[] = { -999, 1, 2, 3 };
    Trial trial;
    trial_begin(&trial);
    trial_option(&trial.load, "special", value_number(-999));
    trial_option(&trial.load, "columns", value_word(trial.arena, "x1"));
    Value types = value_record(trial.arena);
    record_text(trial.arena, types.record, "x1", "category");
    trial_option(&trial.load, "types", types);
    Frame *frame =
        read_values(&trial, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", values, 32);
    assert_non_null(frame);
    assert_int_equal(frame->n_columns, 1);
    assert_string_equal(type_of(frame, "x1"), "category");
    assert_string_equal(cell(frame, "x1", 0), "");
    assert_string_equal(cell(frame, "x1", 1), "2");
    frame_unref(frame);
    trial_option(&trial.load, "separator", value_text(trial.arena, ","));
    assert_null(trial_load(&trial, "x.npy"));
    assert_int_equal(trial.err.code, CODE_unknown_option);
    trial_end(&trial);
}

static void hostile_heads_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *dictionary;
        ErrCode code;
    } cases[] = {
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000000, 100), }",
          CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
          CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000,), }", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2), }", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", CODE_empty_file },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 9000000), }", CODE_too_large },
        { "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': '|S99999999999', 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': [('a', '<f8', (3,))], 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': [('a', [('b', '<f8')])], 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': [], 'fortran_order': False, 'shape': (1,), }", CODE_bad_source },
        { "{'descr': '<f8', 'shape': (1,), }", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': __import__('os'), 'shape': (1,), }", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", CODE_bad_source },
        { "{'descr': '<f8", CODE_bad_source },
        { "", CODE_bad_source },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", CODE_bad_source }, /* goes on */
    };
    Trial trial;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(read_values(&trial, cases[i].dictionary, "0123456789abcdef", 16));
        if (trial.err.code != cases[i].code) fail_msg("%s: %s", cases[i].dictionary, trial.err.message);
    }
    trial_write(&trial, "x.npy", "\x93NUMPY\x02\x00\xFF\xFF\xFF\x7F{", 13);
    assert_null(trial_load(&trial, "x.npy"));
    assert_int_equal(trial.err.code, CODE_bad_source);
    trial_write(&trial, "x.npy", "\x93NUMPY\x09\x00\x01\x00{}", 12);
    assert_null(trial_load(&trial, "x.npy"));
    assert_int_equal(trial.err.code, CODE_bad_source);
    trial_end(&trial);
}

static void writes_a_matrix(void **state)
{
    (void)state;
    Trial trial;
    size_t n;
    trial_begin(&trial);
    trial_text(&trial, "a.csv", "x,n,b,g\n1.5,2,true,A\n,3,false,B\n");
    Frame *frame = trial_load(&trial, "a.csv");
    assert_false(trial_save(&trial, frame, "a.npy"));
    assert_int_equal(trial.err.code, CODE_bad_cell);
    assert_non_null(strstr(trial.err.message, "'g' is category"));
    int last = 3;
    Frame *numbers = frame_version(frame);
    frame_drop_columns(numbers, &last, 1, NULL);
    assert_true(trial_save(&trial, numbers, "a.npy"));
    const char *bytes = trial_read(&trial, "a.npy", &n);
    assert_int_equal(n, 128 + 48);
    assert_memory_equal(bytes + 10, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", 59);
    assert_int_equal(bytes[127], '\n');
    Frame *again = trial_load(&trial, "a.npy");
    assert_string_equal(cell(again, "x1", 0), "1.5");
    assert_string_equal(cell(again, "x1", 1), "");
    assert_string_equal(cell(again, "x2", 1), "3");
    assert_string_equal(cell(again, "x3", 0), "1");
    frame_unref(again);
    frame_unref(numbers);
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_floats_of_either_order),
        cmocka_unit_test(reads_integers_and_flags),
        cmocka_unit_test(reads_records),
        cmocka_unit_test(texts_among_dates),
        cmocka_unit_test(codes_columns_and_types_apply),
        cmocka_unit_test(hostile_heads_are_refused),
        cmocka_unit_test(writes_a_matrix),
    };
    return cmocka_run_group_tests_name("data npy", tests, NULL, NULL);
}
