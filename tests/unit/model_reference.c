/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense nets against the vectors that tests/reference/dense.py made with NumPy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/reference.h"

static void test_dense(void **state)
{
    (void)state;
    assert_int_equal(reference_check_all(__FILE__), 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_dense) };
    return cmocka_run_group_tests_name("model_reference", tests, NULL, NULL);
}
