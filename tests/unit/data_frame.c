/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames: versions, selections, edits, rows, targets. */
#include "data_frames.h"

static Frame *sample(void)
{
    const char *levels[] = { "good", "bad" };
    const char *names[] = { "x1", "x2", "purpose", "y", "note" };
    Column *columns[] = { numbers_column((double[]){ 3, 1, NAN, 2 }, 4),
                          integers_column(COLUMN_INTEGER, (int64_t[]){ 1, 1, 0, 0 }, 4),
                          category_column(levels, 2, (uint32_t[]){ 1, 2, 2, 0 }, 4),
                          integers_column(COLUMN_INTEGER, (int64_t[]){ 1, 2, 2, 1 }, 4),
                          text_column((const char *const[]){ "a", "b", "c", "d" }, 4) };
    return frame_new(names, columns, 5, 4, "sample.csv");
}

static void expect_selected(const Frame *frame, Value item, bool inputs, const char *expected)
{
    Arena *arena = arena_new();
    int *columns, n;
    Buf text = { 0 };
    assert_true(frame_select(frame, (ValueList){ &item, 1 }, inputs, arena, &columns, &n, NULL));
    for (int i = 0; i < n; i++) buf_printf(&text, "%s ", frame->columns[columns[i]].name);
    assert_string_equal(buf_text(&text), expected);
    buf_free(&text);
    arena_free(arena);
}

static void test_selection(void **state)
{
    (void)state;
    Frame *frame = sample();
    assert_true(frame_set_role(frame, "y", ROLE_TARGET, NULL));
    Value from = word("x2"), range = { .type = VALUE_RANGE };
    range.range.from = &from;
    expect_selected(frame, word("all"), true, "x1 x2 purpose note ");
    expect_selected(frame, word("numeric"), false, "x1 x2 y ");
    expect_selected(frame, word("category"), true, "purpose ");
    expect_selected(frame, (Value){ .type = VALUE_PATTERN, .text = "*o*" }, true, "purpose note ");
    expect_selected(frame, range, true, "x2 purpose note ");
    Arena *arena = arena_new();
    Err err = { 0 };
    int *columns, n;
    Value wrong = word("purpos"), target = word("y");
    assert_false(frame_select(frame, (ValueList){ &wrong, 1 }, true, arena, &columns, &n, &err));
    assert_int_equal(err.code, CODE_no_column);
    assert_non_null(strstr(err.hint, "purpose"));
    err_clear(&err);
    assert_false(frame_select(frame, (ValueList){ &target, 1 }, true, arena, &columns, &n, &err));
    assert_int_equal(err.code, CODE_not_input);
    assert_string_equal(err.message, "column 'y' is the target, not an input");
    arena_free(arena);
    frame_unref(frame);
}

static void test_versions_share_and_edit_apart(void **state)
{
    (void)state;
    Frame *frame = sample();
    Frame *next = frame_version(frame);
    assert_ptr_equal(next->columns[0].column, frame->columns[0].column);
    assert_true(frame_rename(next, "x1", "income", NULL));
    assert_true(frame_drop_columns(next, (int[]){ 4, 1 }, 2, NULL));
    assert_int_equal(next->n_columns, 3);
    assert_int_equal(frame_find(frame, "x1"), 0);
    assert_int_equal(frame_find(next, "y"), 2);
    Column *extra = numbers_column((double[]){ 1, 2, 3, 4 }, 4);
    Err err = { 0 };
    assert_false(frame_put_column(next, "income", extra, ROLE_INPUT, false, &err));
    assert_int_equal(err.code, CODE_column_exists);
    assert_true(frame_put_column(next, "income", extra, ROLE_INPUT, true, NULL));
    assert_ptr_equal(next->columns[0].column, extra);
    frame_unref(frame);
    frame_unref(next);
}

static void test_filter_and_sort(void **state)
{
    (void)state;
    Frame *frame = sample();
    assert_true(frame_sort(frame, (SortKey[]){ { 0, false } }, 1, NULL));
    size_t sorted[] = { 1, 3, 0, 2 }; /* missing last */
    for (size_t i = 0; i < 4; i++) assert_int_equal(frame_physical(frame, i), sorted[i]);
    assert_true(frame_filter(frame, (uint8_t[]){ 1, 0, 1, 1 }, NULL));
    assert_int_equal(frame->n_rows, 3);
    assert_int_equal(frame_row_number(frame, 1), 1);
    assert_true(frame_sort(frame, (SortKey[]){ { 1, true }, { 0, true } }, 2, NULL));
    size_t again[] = { 0, 1, 2 };
    for (size_t i = 0; i < 3; i++) assert_int_equal(frame_physical(frame, i), again[i]);
    frame_unref(frame);
}

static void test_roles(void **state)
{
    (void)state;
    Frame *frame = sample();
    Err err = { 0 };
    assert_true(frame_set_role(frame, "y", ROLE_TARGET, NULL));
    frame->event = value_number(2);
    assert_true(frame_set_role(frame, "y", ROLE_TARGET, NULL));
    assert_int_equal(frame->event.type, VALUE_NUMBER); /* the same target keeps its event */
    assert_true(frame_set_role(frame, "purpose", ROLE_TARGET, NULL));
    assert_int_equal(frame->columns[3].role, ROLE_INPUT);
    assert_int_equal(frame->event.type, VALUE_MISSING);
    assert_false(frame_set_role(frame, "note", ROLE_WEIGHT, &err));
    assert_int_equal(err.code, CODE_bad_role);
    frame->columns[0].lead = 5;
    err_clear(&err);
    assert_false(frame_set_role(frame, "x1", ROLE_INPUT, &err));
    assert_true(frame_set_role(frame, "x1", ROLE_TARGET, NULL));
    frame_unref(frame);
}

static void test_target_kinds(void **state)
{
    (void)state;
    Frame *frame = sample();
    Arena *arena = arena_new();
    TargetInfo target;
    Err err = { 0 };
    assert_true(frame_target(frame, arena, &target, NULL));
    assert_int_equal(target.kind, 0);
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    assert_false(frame_target(frame, arena, &target, &err));
    assert_int_equal(err.code, CODE_no_event);
    assert_non_null(strstr(err.detail, "'1' has 2 rows, '2' has 2"));
    frame->event = value_number(2);
    assert_true(frame_target(frame, arena, &target, NULL));
    assert_int_equal(target.kind, 'b');
    assert_string_equal(target.levels[1], "2");
    assert_true(frame_target_value(frame, &target, 1) == 1 && frame_target_value(frame, &target, 0) == 0);
    frame_set_role(frame, "x2", ROLE_TARGET, NULL); /* 0/1 needs no event */
    assert_true(frame_target(frame, arena, &target, NULL));
    assert_int_equal(target.kind, 'b');
    frame_set_role(frame, "x1", ROLE_TARGET, NULL);
    assert_true(frame_target(frame, arena, &target, NULL));
    assert_int_equal(target.kind, 'n');
    assert_true(isnan(frame_target_value(frame, &target, 2)));
    frame_set_role(frame, "purpose", ROLE_TARGET, NULL);
    frame->event = value_text(frame->arena, "bad");
    assert_true(frame_target(frame, arena, &target, NULL));
    assert_string_equal(target.levels[0], "good");
    assert_true(frame_target_value(frame, &target, 1) == 1 && isnan(frame_target_value(frame, &target, 3)));
    frame->event = value_text(frame->arena, "baad");
    err_clear(&err);
    assert_false(frame_target(frame, arena, &target, &err));
    assert_int_equal(err.code, CODE_bad_event);
    arena_free(arena);
    frame_unref(frame);
}

static void test_levels_are_sorted(void **state)
{
    (void)state;
    const char *levels[] = { "c", "a", "b", "never" };
    const char *names[] = { "y" };
    Column *columns[] = { category_column(levels, 4, (uint32_t[]){ 1, 2, 3, 1 }, 4) };
    Frame *frame = frame_new(names, columns, 1, 4, "");
    Arena *arena = arena_new();
    TargetInfo target;
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    assert_true(frame_target(frame, arena, &target, NULL));
    assert_int_equal(target.kind, 'c');
    assert_int_equal(target.n_levels, 3);
    assert_string_equal(target.levels[0], "a");
    assert_true(frame_target_value(frame, &target, 0) == 2);
    arena_free(arena);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_selection),       cmocka_unit_test(test_versions_share_and_edit_apart),
        cmocka_unit_test(test_filter_and_sort), cmocka_unit_test(test_roles),
        cmocka_unit_test(test_target_kinds),    cmocka_unit_test(test_levels_are_sorted),
    };
    return cmocka_run_group_tests_name("data_frame", tests, NULL, NULL);
}
