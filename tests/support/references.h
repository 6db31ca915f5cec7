/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference vectors of tests/reference as tests: the same in float and in the double library. */
#ifndef FNS_TESTS_REFERENCES_H
#define FNS_TESTS_REFERENCES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/schedules.h"
#include "support/vectors.h"

/* A file of tests/unit: vectors lie beside its folder. */
static const char *const reference_file = __BASE_FILE__;

static void test_dense(void **state)
{
    (void)state;
    assert_int_equal(reference_check_all(reference_file, "dense.txt"), 21);
}

static void test_families(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int cases;
    } families[] = { { "conv.txt", 13 }, { "blocks.txt", 25 }, { "losses.txt", 31 }, { "optims.txt", 16 } };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        assert_int_equal(vectors_check_all(reference_file, families[i].file), families[i].cases);
}

static void test_schedules(void **state)
{
    (void)state;
    assert_int_equal(schedules_check_all(reference_file), 12);
}

static void test_training(void **state)
{
    (void)state;
    assert_int_equal(reference_check_all(reference_file, "training.txt"), 9);
}

static int run_references(const char *name)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense),
        cmocka_unit_test(test_training),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_schedules),
    };
    vectors_head();
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof *tests, NULL, NULL);
}

#endif
