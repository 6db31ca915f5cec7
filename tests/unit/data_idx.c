/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDX arrays: images, labels, both together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/data_sources.h"

#define IMAGES                                                                                               \
    "\0\0\x08\x03\0\0\0\x03\0\0\0\x02\0\0\0\x02"                                                             \
    "\0\1\2\3"                                                                                               \
    "\4\5\6\7"                                                                                               \
    "\xff\xfe\xfd\xfc"
#define LABELS                                                                                               \
    "\0\0\x08\x01\0\0\0\x03"                                                                                 \
    "\x07\x0a\x07"

static void images_are_rows(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_write(&trial, "train-images.idx3-ubyte", IMAGES, sizeof IMAGES - 1);
    Frame *frame = trial_load(&trial, "train-images.idx3-ubyte");
    assert_non_null(frame);
    assert_int_equal(frame->n_rows, 3);
    assert_int_equal(frame->n_columns, 4);
    assert_string_equal(type_of(frame, "x1"), "integer");
    assert_string_equal(cell(frame, "x2", 0), "1");
    assert_string_equal(cell(frame, "x3", 1), "6");
    assert_string_equal(cell(frame, "x4", 2), "252");
    assert_non_null(strstr(trial.notes.texts[0], "input 2 2 1"));
    frame_unref(frame);
    trial_end(&trial);
}

static void labels_are_a_category(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_write(&trial, "labels", LABELS, sizeof LABELS - 1);
    trial_write(&trial, "images", IMAGES, sizeof IMAGES - 1);
    Frame *frame = trial_load(&trial, "labels"); /* known by its content */
    assert_non_null(frame);
    assert_int_equal(frame->n_columns, 1);
    assert_string_equal(type_of(frame, "label"), "category");
    assert_string_equal(cell(frame, "label", 1), "10");
    assert_string_equal(frame->columns[0].column->levels->names[0], "7");
    frame_unref(frame);
    trial_option(&trial.load, "labels", value_text(trial.arena, trial_path(&trial, "labels")));
    frame = trial_load(&trial, "images");
    assert_non_null(frame);
    assert_int_equal(frame->n_columns, 5);
    assert_string_equal(cell(frame, "label", 2), "7");
    frame_unref(frame);
    trial_write(&trial, "labels", "\0\0\x08\x01\0\0\0\x02\7\7", 10);
    assert_null(trial_load(&trial, "images"));
    assert_non_null(strstr(trial.err.message, "holds 2 labels"));
    trial_option(&trial.load, "labels", value_text(trial.arena, trial_path(&trial, "images")));
    assert_null(trial_load(&trial, "images"));
    assert_non_null(strstr(trial.err.message, "it holds images"));
    trial_end(&trial);
}

static void other_types_are_read(void **state)
{
    static const char reals[] = "\0\0\x0d\x02\0\0\0\x01\0\0\0\x02\x3f\xc0\0\0\x7f\xc0\0\0",
                      shorts[] = "\0\0\x0b\x02\0\0\0\x01\0\0\0\x02\xff\xfe\x01\0",
                      words[] = "\0\0\x0c\x02\0\0\0\x01\0\0\0\x01\x80\0\0\0",
                      doubles[] = "\0\0\x0e\x02\0\0\0\x01\0\0\0\x01\x3f\xf8\0\0\0\0\0\0";
    (void)state;
    Trial trial;
    trial_begin(&trial);
    trial_write(&trial, "x.idx", reals, sizeof reals - 1);
    Frame *frame = trial_load(&trial, "x.idx");
    assert_string_equal(cell(frame, "x1", 0), "1.5");
    assert_string_equal(cell(frame, "x2", 0), "");
    frame_unref(frame);
    trial_write(&trial, "x.idx", shorts, sizeof shorts - 1);
    frame = trial_load(&trial, "x.idx");
    assert_string_equal(cell(frame, "x1", 0), "-2");
    assert_string_equal(cell(frame, "x2", 0), "256");
    frame_unref(frame);
    trial_write(&trial, "x.idx", words, sizeof words - 1);
    frame = trial_load(&trial, "x.idx");
    assert_string_equal(cell(frame, "x1", 0), "-2147483648");
    frame_unref(frame);
    trial_write(&trial, "x.idx", doubles, sizeof doubles - 1);
    frame = trial_load(&trial, "x.idx");
    assert_string_equal(cell(frame, "x1", 0), "1.5");
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_are_rows),
        cmocka_unit_test(labels_are_a_category),
        cmocka_unit_test(other_types_are_read),
    };
    return cmocka_run_group_tests_name("data_idx", tests, NULL, NULL);
}
