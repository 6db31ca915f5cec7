/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recurrent layers against the vectors of tests/reference/recurrent.py, in the double library; their
 * gradients in every variant are checked by double_gradcheck and double_graph. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/recurrent.h"

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(recurrent_check_all(__FILE__), 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors) };
    return cmocka_run_group_tests_name("double_recurrent", tests, NULL, NULL);
}
