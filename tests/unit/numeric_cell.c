/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells: the formulas in double, the same bits on every instruction set and at every place in a row, NaN, and
 * rows that have ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "numeric/cell_kernels.h"
#include "support/toynet.h"

enum { ROWS = 3, UNITS = 37, RECORD = 8 * UNITS };

typedef struct State {
    real records[ROWS * RECORD], h[ROWS * UNITS], dh[ROWS * UNITS], dc[ROWS * UNITS], dm[ROWS * UNITS];
} State;

/* Records of [gates (4) | c | a(c) | h_before | c_before]. */
static void fill(State *state, double scale)
{
    real *values = (real *)state;
    for (uint32_t i = 0; i < sizeof *state / sizeof(real); i++) values[i] = (real)scale * toy_number(1, i);
}

static Cell cell_of(State *state, CellFunction function, const uint32_t *lengths)
{
    return (Cell){ .rows = ROWS,
                   .units = UNITS,
                   .row = RECORD,
                   .function = function,
                   .lengths = lengths,
                   .step = 1,
                   .gates = state->records,
                   .c = state->records + 4 * UNITS,
                   .fc = state->records + 5 * UNITS,
                   .h_before = state->records + 6 * UNITS,
                   .c_before = state->records + 7 * UNITS,
                   .h = state->h,
                   .h_row = UNITS,
                   .dh = state->dh,
                   .dc = state->dc,
                   .dm = state->dm };
}

static double s(double x)
{
    return 1 / (1 + exp(-x));
}

static double a(double x, CellFunction function)
{
    return function == CELL_TANH ? tanh(x) : x < 0 ? 0 : x;
}

/* scale: the size of the terms. */
static void near(double found, double expected, double scale)
{
    if (!(fabs(found - expected) <= 4e-7 * scale)) fail_msg("%.9g, not %.9g", found, expected);
}

static void check_lstm(CellFunction function, double scale)
{
    State state;
    fill(&state, scale);
    State given = state;
    Cell cell = cell_of(&state, function, NULL);
    cell_lstm(&cell);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t j = 0; j < UNITS; j++) {
            const real *z = given.records + row * RECORD + j;
            double c = s((double)z[UNITS]) * (double)z[7 * UNITS] +
                       s((double)z[0]) * a((double)z[2 * UNITS], function);
            double found = (double)state.records[row * RECORD + 4 * UNITS + j];
            near(found, c, scale);
            near((double)state.h[row * UNITS + j], s((double)z[3 * UNITS]) * a(found, function), fabs(found));
        }
}

static void check_gru(CellFunction function, double scale)
{
    State state;
    fill(&state, scale);
    State given = state;
    Cell cell = cell_of(&state, function, NULL);
    cell_gru(&cell);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t j = 0; j < UNITS; j++) {
            const real *n = given.records + row * RECORD + j;
            double z = s((double)n[UNITS]), r = s((double)n[2 * UNITS]);
            double candidate = a((double)n[0] + r * (double)n[3 * UNITS], function);
            near((double)state.h[row * UNITS + j], z * (double)n[6 * UNITS] + (1 - z) * candidate,
                 4 * fmax(scale, 1));
        }
}

/* Gates i g o; c comes in as what the children gave. */
static void check_tree(CellFunction function, double scale)
{
    State state;
    fill(&state, scale);
    State given = state;
    Cell cell = cell_of(&state, function, NULL);
    cell_tree(&cell);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t j = 0; j < UNITS; j++) {
            const real *z = given.records + row * RECORD + j;
            double c = (double)z[4 * UNITS] + s((double)z[0]) * a((double)z[UNITS], function);
            double found = (double)state.records[row * RECORD + 4 * UNITS + j];
            near(found, c, scale);
            near((double)state.h[row * UNITS + j], s((double)z[2 * UNITS]) * a(found, function), fabs(found));
        }
}

static CellEdge edge_of(State *state)
{
    real *record = state->records;
    return (CellEdge){ .units = UNITS,
                       .f = record,
                       .add = record + UNITS,
                       .c = record + 2 * UNITS,
                       .dsum = record + 3 * UNITS,
                       .sum = record + 4 * UNITS,
                       .dadd = record + 5 * UNITS,
                       .dc = record + 6 * UNITS };
}

static void check_edge(double scale)
{
    State state;
    fill(&state, scale);
    State given = state;
    CellEdge edge = edge_of(&state);
    cell_edge(&edge);
    for (size_t j = 0; j < UNITS; j++) {
        const real *z = given.records + j;
        double f = s((double)(z[0] + z[UNITS]));
        near((double)edge.f[j], f, 1);
        near((double)edge.sum[j], (double)z[4 * UNITS] + f * (double)z[2 * UNITS], 2 * scale);
    }
    cell_edge_back(&edge);
    for (size_t j = 0; j < UNITS; j++) {
        const real *z = given.records + j;
        double f = s((double)(z[0] + z[UNITS])), dsum = (double)z[3 * UNITS];
        double df = dsum * (double)z[2 * UNITS] * f * (1 - f);
        near((double)edge.f[j], df, scale * scale);
        near((double)edge.dadd[j], (double)z[5 * UNITS] + df, scale + scale * scale);
        near((double)edge.dc[j], dsum * f, scale);
    }
}

static void test_formulas(void **state)
{
    (void)state;
    static const double scales[] = { 1e-4, 1, 6, 100 };
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        for (CellFunction function = CELL_TANH; function <= CELL_RELU; function++) {
            check_lstm(function, scales[i]);
            check_gru(function, scales[i]);
            check_tree(function, scales[i]);
            check_edge(scales[i]);
        }
}

static void run_all(const CellKernels *kernels, State *state, CellFunction function)
{
    static const uint32_t lengths[ROWS] = { 5, 0, 2 };
    Cell cell = cell_of(state, function, lengths);
    CellKernel *const all[] = { kernels->lstm,
                                kernels->lstm_back,
                                kernels->gru,
                                kernels->gru_back,
                                kernels->gru_reset,
                                kernels->gru_finish,
                                kernels->gru_finish_back,
                                kernels->gru_reset_back };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) all[i](&cell);
    CellEdge edge = edge_of(state);
    kernels->edge(&edge);
    kernels->edge_back(&edge);
    cell.dh = state->records + 6 * UNITS;
    cell.dc = state->records + 7 * UNITS;
    kernels->tree(&cell);
    kernels->tree_back(&cell);
}

static void test_sets(void **state)
{
    (void)state;
    static const double scales[] = { 1e-4, 1, 30 };
    for (InstructionSet set = SET_GENERIC; set < SET_COUNT && cell_kernels(set); set++)
        for (size_t i = 0; i < 3; i++)
            for (CellFunction function = CELL_TANH; function <= CELL_RELU; function++) {
                State generic, other;
                fill(&generic, scales[i]);
                fill(&other, scales[i]);
                run_all(&cell_kernels_generic, &generic, function);
                run_all(cell_kernels(set), &other, function);
                assert_memory_equal(&generic, &other, sizeof generic);
            }
}

static void test_nan(void **state)
{
    (void)state;
    for (size_t gate = 0; gate < 4; gate++) {
        State values;
        fill(&values, 1);
        values.records[gate * UNITS + 2] = NAN;
        Cell cell = cell_of(&values, CELL_TANH, NULL);
        cell_lstm(&cell);
        assert_true(isnan(values.h[2]) && isfinite(values.h[1]) && isfinite(values.h[3]));
    }
    State values;
    fill(&values, 1);
    values.records[0] = INFINITY;
    values.records[UNITS + 1] = -INFINITY;
    Cell cell = cell_of(&values, CELL_TANH, NULL);
    cell_lstm(&cell);
    assert_true(isfinite(values.h[0]) && isfinite(values.h[1]));
}

static void test_ended(void **state)
{
    (void)state;
    static const uint32_t lengths[ROWS] = { 2, 1, 2 }; /* at step 1 row 1 has ended */
    State values;
    fill(&values, 1);
    State given = values;
    Cell cell = cell_of(&values, CELL_TANH, lengths);
    cell_lstm(&cell);
    size_t at = RECORD, size = UNITS * sizeof(real);
    assert_memory_equal(values.h + UNITS, given.records + at + 6 * UNITS, size);
    assert_memory_equal(values.records + at + 4 * UNITS, given.records + at + 7 * UNITS, size);
    cell_lstm_back(&cell);
    for (size_t j = 0; j < 4 * UNITS; j++) assert_true(values.records[at + j] == 0);
    assert_memory_equal(values.dh + UNITS, given.dh + UNITS, size);
    assert_memory_equal(values.dc + UNITS, given.dc + UNITS, size);
    assert_true(values.dh[0] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_nan),
        cmocka_unit_test(test_ended),
    };
    return cmocka_run_group_tests_name("numeric_cell", tests, NULL, NULL);
}
