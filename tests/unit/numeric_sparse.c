/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over values that are not 0: a known value, and the same bits from every instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "numeric/sparse_kernels.h"

/* One position, one filter: dX = dY W, dW = dY X. */
static void known_value(void **state)
{
    (void)state;
    const Patches p = { 1, 2, 1, 1, SPARSE_LENGTH, 0, 1, 0 };
    const real dy[2] = { 0, 3 };
    real w[SPARSE_LENGTH], x[SPARSE_LENGTH + 1] = { 0 }, dw[SPARSE_LENGTH] = { 0 };
    for (int i = 0; i < SPARSE_LENGTH; i++) w[i] = (real)i;
    sparse_add_inputs(x, dy, w, &p);
    assert_true(x[0] == 0 && x[1] == 0 && x[2] == 3 && x[SPARSE_LENGTH] == 45);
    sparse_add_filters(dw, dy, x, &p, 0, 1);
    assert_true(dw[0] == 0 && dw[1] == 9 && dw[SPARSE_LENGTH - 1] == 135);
}

enum { SIDE = 7, MOST = SIDE * SIDE * 48, FILTERS = 37, LARGEST = 3 * 3 * 48 * FILTERS };

static real value(size_t i)
{
    return (real)((double)(i * 7919 % 1009) / 500 - 1);
}

static bool any(const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0) return true;
    return false;
}

static void check_sets(size_t channels, size_t kernel, size_t filters)
{
    static real dy[SIDE * SIDE * FILTERS], w[LARGEST], x[MOST], dx[2][MOST], dw[2][LARGEST];
    size_t out = SIDE - kernel + 1;
    const Patches p = {
        out, out, filters, kernel, kernel * channels, SIDE * channels, channels, SIDE * channels
    };
    for (size_t i = 0; i < SIDE * SIDE * FILTERS; i++) dy[i] = (i * 2654435761u >> 13) % 4 ? 0 : value(i);
    for (size_t i = 0; i < LARGEST; i++) w[i] = value(i + 3);
    for (size_t i = 0; i < MOST; i++) x[i] = value(i + 5);
    for (int set = SET_GENERIC + 1; set < SET_COUNT; set++) {
        const SparseKernels *kernels = sparse_kernels((InstructionSet)set);
        if (!kernels) continue;
        memset(dx, 0, sizeof dx);
        memset(dw, 0, sizeof dw);
        sparse_kernels(SET_GENERIC)->add_inputs(dx[0], dy, w, &p);
        sparse_kernels(SET_GENERIC)->add_filters(dw[0], dy, x, &p, 1, filters);
        kernels->add_inputs(dx[1], dy, w, &p);
        kernels->add_filters(dw[1], dy, x, &p, 1, filters);
        assert_memory_equal(dx[0], dx[1], sizeof *dx);
        assert_memory_equal(dw[0], dw[1], sizeof *dw);
        assert_true(any(dx[0], MOST) && any(dw[0], LARGEST));
    }
}

static void every_set_has_the_same_bits(void **state)
{
    (void)state;
    check_sets(16, 1, 2);
    check_sets(8, 2, 16);
    check_sets(16, 3, 37);
    check_sets(48, 3, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_value),
        cmocka_unit_test(every_set_has_the_same_bits),
    };
    return cmocka_run_group_tests_name("numeric_sparse", tests, NULL, NULL);
}
