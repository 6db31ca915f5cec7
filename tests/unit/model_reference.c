/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets against the vectors that the Python in tests/reference made with PyTorch, Keras and NumPy, in float.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/schedules.h"
#include "support/vectors.h"

static void test_dense(void **state)
{
    (void)state;
    assert_int_equal(reference_check_all(__FILE__, "dense.txt"), 21);
}

static void test_families(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int cases;
    } families[] = { { "conv.txt", 13 }, { "blocks.txt", 25 }, { "losses.txt", 31 }, { "optims.txt", 16 } };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        assert_int_equal(vectors_check_all(__FILE__, families[i].file), families[i].cases);
}

static void test_schedules(void **state)
{
    (void)state;
    assert_int_equal(schedules_check_all(__FILE__), 12);
}

static void test_training(void **state)
{
    (void)state;
    assert_int_equal(reference_check_all(__FILE__, "training.txt"), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense),
        cmocka_unit_test(test_training),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_schedules),
    };
    vectors_head();
    return cmocka_run_group_tests_name("model_reference", tests, NULL, NULL);
}
