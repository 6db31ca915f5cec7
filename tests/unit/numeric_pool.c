/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling: known values, ties and NaN, and the same bits from every instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "numeric/pool_kernels.h"

static void known_values(void **state)
{
    (void)state;
    const real x[8] = { 1, 3, 3, 0, 5, 2, (real)NAN, 7 }, dy[4] = { 10, 20, 30, 40 };
    const PoolShape s = { 1, 8, 1, 1, 2, 1, 2, 1, 4 };
    real y[4], dx[8];
    uint16_t which[4];
    pool_max(y, which, x, 1, &s);
    assert_true(y[0] == 3 && y[1] == 3 && y[2] == 5 && isnan(y[3]));
    assert_true(which[0] == 1 && which[1] == 0 && which[2] == 0 && which[3] == 0);
    pool_max_back(dx, dy, NULL, which, 1, &s);
    const real expected[8] = { 0, 10, 20, 0, 30, 0, 40, 0 };
    assert_memory_equal(dx, expected, sizeof dx);
    pool_mean(y, x, 1, &s);
    assert_true(y[0] == 2 && y[1] == (real)1.5 && isnan(y[3]));
    pool_mean_back(dx, dy, 1, &s);
    assert_true(dx[0] == 5 && dx[1] == 5 && dx[7] == 20);
}

/* The first of equals, and nothing through an output of relu that is 0. */
static void ties_and_relu(void **state)
{
    (void)state;
    const real x[6] = { 4, 4, 4, 0, 0, 0 }, dy[2] = { 10, 20 };
    const PoolShape s = { 1, 6, 1, 1, 3, 1, 3, 1, 2 };
    real y[2], dx[6];
    uint16_t which[2];
    pool_max(y, which, x, 1, &s);
    pool_max_back(dx, dy, y, which, 1, &s);
    const real expected[6] = { 10, 0, 0, 0, 0, 0 };
    assert_memory_equal(dx, expected, sizeof dx);
}

enum { MOST = 9 * 9 * 37 };

static void check_sets(const PoolShape *s, bool adds, bool relu)
{
    static real x[MOST], y[2][MOST], dx[2][MOST];
    static uint16_t which[2][MOST];
    const PoolKernels *generic = pool_kernels(SET_GENERIC);
    for (int i = 0; i < MOST; i++) x[i] = (real)((i * 7919 % 31) - 9);
    for (int set = SET_GENERIC + 1; set < SET_COUNT; set++) {
        const PoolKernels *kernels = pool_kernels((InstructionSet)set);
        if (!kernels) continue;
        memset(y, 0, sizeof y);
        memset(dx, 0, sizeof dx);
        memset(which, 0, sizeof which);
        generic->max(y[0], which[0], x, s);
        kernels->max(y[1], which[1], x, s);
        assert_memory_equal(y[0], y[1], sizeof *y);
        assert_memory_equal(which[0], which[1], sizeof *which);
        generic->max_back(dx[0], x, relu ? y[0] : NULL, which[0], s, adds);
        kernels->max_back(dx[1], x, relu ? y[0] : NULL, which[0], s, adds);
        assert_memory_equal(dx[0], dx[1], sizeof *dx);
        generic->mean(y[0], x, s);
        kernels->mean(y[1], x, s);
        generic->mean_back(dx[0], x, s, adds);
        kernels->mean_back(dx[1], x, s, adds);
        assert_memory_equal(y[0], y[1], sizeof *y);
        assert_memory_equal(dx[0], dx[1], sizeof *dx);
    }
}

static void every_set_has_the_same_bits(void **state)
{
    (void)state;
    static const size_t channels[] = { 1, 3, 8, 16, 17, 32, 37 };
    for (size_t c = 0; c < sizeof channels / sizeof *channels; c++)
        for (size_t size = 1; size <= 3; size++)
            for (size_t stride = 1; stride <= 3; stride++) {
                size_t out = (9 - size) / stride + 1;
                PoolShape s = { 9, 9, channels[c], size, 2, stride, 2, out, 4 };
                check_sets(&s, stride < size, c % 2);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(ties_and_relu),
        cmocka_unit_test(every_set_has_the_same_bits),
    };
    return cmocka_run_group_tests_name("numeric_pool", tests, NULL, NULL);
}
