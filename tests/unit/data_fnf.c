/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame files: everything of a frame comes back; a bit that differs, a file that is cut and an index that
 * lies are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "data/recipe.h"
#include "data/rowprogram.h"
#include "data/sources/fnf.h"
#include "data/split.h"
#include "unit/data_sources.h"

static const char table[] = "id,x,when,flag,grade,note\n"
                            "1,0.5,2008-06-30,true,A,\n"
                            "2,,2008-07-31,false,B,zwölf\n"
                            "3,-1e300,,,A,x\n"
                            "4,7,2008-08-31,true,,y\n";

static Frame *read_table(Trial *trial)
{
    Value types = value_record(trial->arena);
    record_text(trial->arena, types.record, "note", "text");
    trial_option(&trial->load, "types", types);
    trial_text(trial, "t.csv", table);
    Frame *frame = trial_load(trial, "t.csv");
    trial->load = blank_options(trial->arena, &load_kind);
    return frame;
}

static void assert_same(const Frame *a, const Frame *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_columns, b->n_columns);
    for (int i = 0; i < a->n_columns; i++) {
        const char *name = a->columns[i].name;
        assert_string_equal(name, b->columns[i].name);
        assert_string_equal(type_of(a, name), type_of(b, name));
        assert_int_equal(a->columns[i].role, b->columns[i].role);
        for (size_t row = 0; row < a->n_rows; row++) {
            assert_string_equal(cell(a, name, row), cell(b, name, row));
            assert_int_equal(frame_row_number(a, row), frame_row_number(b, row));
        }
    }
}

static void cells_come_back(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_table(&trial);
    assert_non_null(frame);
    assert_true(trial_save(&trial, frame, "t.fnf"));
    Frame *again = trial_load(&trial, "t.fnf");
    assert_non_null(again);
    assert_same(frame, again);
    assert_int_equal(again->columns[1].column->n_missing, 1);
    assert_int_equal(again->columns[5].column->n_missing, 1);
    assert_string_equal(again->origin, frame->origin);
    assert_string_equal(again->hash, frame->hash);   /* the same rows for a model that learned from them */
    assert_true(trial_save(&trial, again, "t.fnf")); /* over the file that it reads from */
    Frame *third = trial_load(&trial, "t.fnf");
    assert_same(again, third);
    frame_unref(third);
    frame_unref(again);
    frame_unref(frame);
    trial_end(&trial);
}

/* Dropped rows are not in the file, and the others keep their numbers; so do roles, event, split, recipe. */
static void the_state_comes_back(void **state)
{
    (void)state;
    const uint8_t keep[] = { 1, 0, 1, 1 };
    const uint8_t parts[] = { PART_TRAIN, PART_NONE, PART_TEST, 3 };
    const char *const names[] = { "train", "valid", "test", "crisis" };
    Trial trial;
    trial_begin(&trial);
    Frame *loaded = read_table(&trial), *frame = frame_version(loaded);
    assert_true(frame_set_role(frame, "grade", ROLE_TARGET, NULL));
    assert_true(frame_set_role(frame, "id", ROLE_ID, NULL));
    frame->event = value_text(frame->arena, "B");
    frame->split = split_restore(parts, 4, names, 4, "train=25%", NULL);
    const Kind *scale = kind_find(&step_kinds, "scale");
    Options options = blank_options(trial.arena, scale);
    frame_set_recipe(frame, NULL,
                     recipe_with(frame->recipe, (const StepKind *)(const void *)scale, &options));
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_WINDOW, .length = 2, .horizon = 1 });
    assert_true(rowprogram_rename(frame, "x", "amount", NULL));
    frame->taint = TAINT_LEAK_ALLOWED;
    assert_true(frame_filter(frame, keep, NULL));
    assert_true(trial_save(&trial, frame, "t.fnf"));
    Frame *again = trial_load(&trial, "t.fnf");
    assert_non_null(again);
    assert_same(frame, again);
    assert_int_equal(again->n_physical, 3);
    assert_int_equal(frame_row_number(again, 1), 3);
    assert_string_not_equal(again->hash, frame->hash);
    assert_string_equal(again->event.text, "B");
    assert_int_equal(again->split->n_parts, 4);
    assert_int_equal(again->split->part[2], 3);
    assert_string_equal(again->split->names[3], "crisis");
    assert_int_equal(again->recipe->n, 1);
    assert_ptr_equal(again->recipe->steps[0].kind, (const StepKind *)(const void *)scale);
    assert_int_equal(again->sample.length, 2);
    assert_int_equal(again->program->n, 1);
    assert_string_equal(again->program->steps[0].from, "x");
    assert_int_equal(again->taint, TAINT_LEAK_ALLOWED);
    frame_unref(again);
    trial_option(&trial.load, "columns", value_word(trial.arena, "amount"));
    again = trial_load(&trial, "t.fnf");
    assert_int_equal(again->n_columns, 1);
    frame_unref(again);
    frame_unref(frame);
    frame_unref(loaded);
    trial_end(&trial);
}

/* Every bit of the file counts, the head's padding too, but for that between blocks. */
static void a_changed_bit_is_found(void **state)
{
    (void)state;
    Trial trial;
    size_t n, accepted = 0;
    trial_begin(&trial);
    Frame *frame = read_table(&trial);
    assert_true(trial_save(&trial, frame, "t.fnf"));
    char *bytes = trial_read(&trial, "t.fnf", &n);
    for (size_t i = 0; i < n; i++) {
        bytes[i] ^= 4;
        trial_write(&trial, "bad.fnf", bytes, n);
        Frame *again = trial_load(&trial, "bad.fnf");
        if (again) {
            assert_same(frame, again);
            accepted++;
        }
        frame_unref(again);
        bytes[i] ^= 4;
    }
    assert_true(accepted < 16 + 9 * FNF_ALIGN);
    for (size_t cut = 0; cut < n; cut += 7) {
        trial_write(&trial, "bad.fnf", bytes, cut);
        assert_null(trial_load(&trial, "bad.fnf"));
    }
    frame_unref(frame);
    trial_end(&trial);
}

/* The index with `from` replaced by `to` of the same length, and its hash put right. */
static void lie(Trial *trial, const char *from, const char *to)
{
    size_t n;
    DataHash hash;
    FnfHead head;
    char *bytes = trial_read(trial, "t.fnf", &n);
    memcpy(&head, bytes, sizeof head);
    char *place = memmem(bytes + head.index_at, head.index_size, from, strlen(from));
    assert_non_null(place);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(place, to, strlen(to));
    datahash_begin(&hash);
    datahash_add(&hash, bytes + head.index_at, head.index_size);
    datahash_end(&hash, head.index_hash);
    memcpy(bytes, &head, sizeof head);
    trial_write(trial, "lie.fnf", bytes, n);
}

static void an_index_that_lies_is_refused(void **state)
{
    (void)state;
    static const char *const lies[][2] = {
        { "\"rows\":4", "\"rows\":5" },
        { "\"rows\":4", "\"rows\":3" },
        { "\"n_levels\":2", "\"n_levels\":1" },
        { "\"n_levels\":2", "\"n_levels\":9" },
        { "\"at\":64,", "\"at\":65," },
        { "\"at\":64,", "\"at\":0, " },
        { "\"size\":32", "\"size\":99" },
        { "\"type\":\"integer\"", "\"type\":\"integxr\"" },
        { "\"type\":\"integer\"", "\"type\":\"time\"   " },
        { "\"name\":\"id\"", "\"name\":\"x\" " },
        { "\"role\":\"input\"", "\"role\":\"inpux\"" },
        { "\"unit\":\"day\"", "\"unit\":\"dax\"" },
        { "\"recipe\":[]", "\"recipe\":{}" },
        { "{\"rows\"", "[\"rows\"" },
    };
    Trial trial;
    trial_begin(&trial);
    Frame *frame = read_table(&trial);
    assert_true(trial_save(&trial, frame, "t.fnf"));
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        lie(&trial, lies[i][0], lies[i][1]);
        assert_null(trial_load(&trial, "lie.fnf"));
        if (trial.err.code != CODE_bad_source) fail_msg("%s: %s", lies[i][1], trial.err.message);
    }
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_come_back),
        cmocka_unit_test(the_state_comes_back),
        cmocka_unit_test(a_changed_bit_is_found),
        cmocka_unit_test(an_index_that_lies_is_refused),
    };
    return cmocka_run_group_tests_name("data fnf", tests, NULL, NULL);
}
