/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks and arenas. */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void blocks_are_zeroed_and_aligned(void **state)
{
    (void)state;
    Err err = { 0 };
    unsigned char *block = mem_get(1000, 3, &err);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 64, 0);
    for (int i = 0; i < 3000; i++) assert_int_equal(block[i], 0);
    memset(block, 7, 3000);
    block = mem_grow(block, 1000, 2000, 3, &err);
    assert_int_equal((uintptr_t)block % 64, 0);
    assert_int_equal(block[2999], 7);
    assert_int_equal(block[3000], 0);
    assert_int_equal(block[5999], 0);
    mem_free(block);
    block = mem_get(0, 8, &err);
    assert_non_null(block);
    mem_free(block);
    mem_free(NULL);
}

static void sizes_that_overflow_are_errors(void **state)
{
    (void)state;
    Err err = { 0 };
    int *small = mem_get(4, sizeof(int), NULL);
    assert_null(mem_get(SIZE_MAX / 2, 4, &err));
    assert_int_equal(err.code, CODE_no_memory);
    assert_null(mem_grow(small, 4, SIZE_MAX / 4, 4, NULL));
    small[3] = 1;
    mem_free(small);
    assert_true(mem_ready(NULL));
}

static void arenas_rewind_to_marks(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    ArenaMark empty = arena_mark(arena);
    char *kept = arena_text(arena, "kept");
    ArenaMark mark = arena_mark(arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 1; i < 3000; i++) {
            unsigned char *block = arena_take(arena, (size_t)i);
            assert_int_equal((uintptr_t)block % 16, 0);
            assert_int_equal(block[0] | block[i - 1], 0);
            memset(block, 0xAA, (size_t)i);
        }
        arena_rewind(arena, mark);
    }
    char *again = arena_take(arena, 16);
    assert_int_equal(again[0], 0);
    assert_ptr_equal(again, kept + 16);
    assert_string_equal(kept, "kept");
    memset(arena_take(arena, 10 << 20), 1, 10 << 20);
    assert_string_equal(arena_format(arena, "%s-%d", "a", 5), "a-5");
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_null(arena_text(arena, NULL));
    arena_rewind(arena, empty);
    assert_non_null(arena_take(arena, 1));
    arena_free(arena);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_and_aligned),
        cmocka_unit_test(sizes_that_overflow_are_errors),
        cmocka_unit_test(arenas_rewind_to_marks),
    };
    return cmocka_run_group_tests_name("base_mem", tests, NULL, NULL);
}
