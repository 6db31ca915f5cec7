/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Element-wise kernels: accuracy against libm in long double, special values, the same bits from every
 * set, in body and tail, at every offset. */
#include "numeric/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/vec_kernels.h"

#define FOR_SETS(table)                                                                                      \
    for (int set_ = 0; set_ < SET_COUNT; set_++)                                                             \
        for (const VecKernels *table = vec_kernels((InstructionSet)set_), *once_ = table; once_; once_ = NULL)

/* A deterministic value of any size and sign. */
static real some_value(size_t i)
{
    double x = sin(12.9898 * (double)(i + 1)) * 43758.5453;
    x = 2 * (x - floor(x)) - 1;
    return (real)(x * ldexp(1, (int)(i % 7) - 3));
}

static real *some_block(size_t n, size_t salt)
{
    real *block = malloc(n * sizeof *block + 1);
    for (size_t i = 0; i < n; i++) block[i] = some_value(i + salt * 1000);
    return block;
}

/* -- accuracy -- */

static long double exact_sigmoid(long double x)
{
    return 1 / (1 + expl(-x));
}

typedef struct Function {
    const char *name;
    size_t table_offset;
    long double (*exact)(long double);
    double low, high;
    double relative; /* bound on |error| / |value| in float, + 1 subnormal */
} Function;

static const Function functions[] = {
    { "exp", offsetof(VecKernels, exp), expl, -110, 95, 1.3e-7 },
    { "exp", offsetof(VecKernels, exp), expl, -1e-3, 1e-3, 1.3e-7 },
    { "log", offsetof(VecKernels, log), logl, 0, 1e-37, 1.5e-7 },
    { "log", offsetof(VecKernels, log), logl, 0.4, 2.2, 1.5e-7 },
    { "log", offsetof(VecKernels, log), logl, 0, 3e38, 1.5e-7 },
    { "tanh", offsetof(VecKernels, tanh), tanhl, -12, 12, 2.2e-7 },
    { "tanh", offsetof(VecKernels, tanh), tanhl, -1e-4, 1e-4, 2.2e-7 },
    { "sigmoid", offsetof(VecKernels, sigmoid), exact_sigmoid, -110, 110, 2.2e-7 },
    { "erf", offsetof(VecKernels, erf), erfl, -5, 5, 2.2e-7 },
    { "erf", offsetof(VecKernels, erf), erfl, -1e-4, 1e-4, 2.2e-7 },
};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static MapFunction *of_table(const VecKernels *table, const Function *f)
{
    return *(MapFunction *const *)(const void *)((const char *)table + f->table_offset);
}

static void check_accuracy(const Function *f, MapFunction *run)
{
    enum { N = 200001 };
    real *x = malloc(N * sizeof *x), *out = malloc(N * sizeof *out);
    double bound = sizeof(real) == 8 ? 1e-15 : f->relative;
    for (size_t i = 0; i < N; i++) x[i] = (real)(f->low + (f->high - f->low) * (double)i / (N - 1));
    run(out, x, N);
    for (size_t i = 0; i < N; i++) {
        long double value = f->exact(x[i]), tiny = sizeof(real) == 8 ? 0x1p-1074L : 0x1.1p-149L;
        if ((real)value == out[i]) continue; /* infinities, zeros */
        long double error = fabsl(out[i] - value);
        if (!(error <= bound * fabsl(value) + tiny))
            fail_msg("%s(%.9g) = %.9g, not %.9Lg", f->name, (double)x[i], (double)out[i], value);
    }
    free(x);
    free(out);
}

static void functions_are_accurate(void **state)
{
    (void)state;
    FOR_SETS(table)
    for (int i = 0; i < N_FUNCTIONS; i++) check_accuracy(&functions[i], of_table(table, &functions[i]));
}

typedef struct Special {
    size_t table_offset;
    double x, y;
} Special;

static void special_values(void **state)
{
    (void)state;
    static const Special specials[] = {
        { offsetof(VecKernels, exp), INFINITY, INFINITY },
        { offsetof(VecKernels, exp), -INFINITY, 0 },
        { offsetof(VecKernels, exp), 0, 1 },
        { offsetof(VecKernels, exp), 1000, INFINITY },
        { offsetof(VecKernels, exp), -1000, 0 },
        { offsetof(VecKernels, exp), NAN, NAN },
        { offsetof(VecKernels, log), INFINITY, INFINITY },
        { offsetof(VecKernels, log), 0, -INFINITY },
        { offsetof(VecKernels, log), -0.0, -INFINITY },
        { offsetof(VecKernels, log), -1, NAN },
        { offsetof(VecKernels, log), -INFINITY, NAN },
        { offsetof(VecKernels, log), 1, 0 },
        { offsetof(VecKernels, log), NAN, NAN },
        { offsetof(VecKernels, tanh), INFINITY, 1 },
        { offsetof(VecKernels, tanh), -INFINITY, -1 },
        { offsetof(VecKernels, tanh), 0, 0 },
        { offsetof(VecKernels, tanh), 1e30, 1 },
        { offsetof(VecKernels, tanh), NAN, NAN },
        { offsetof(VecKernels, sigmoid), INFINITY, 1 },
        { offsetof(VecKernels, sigmoid), -INFINITY, 0 },
        { offsetof(VecKernels, sigmoid), 0, 0.5 },
        { offsetof(VecKernels, sigmoid), NAN, NAN },
        { offsetof(VecKernels, erf), INFINITY, 1 },
        { offsetof(VecKernels, erf), -INFINITY, -1 },
        { offsetof(VecKernels, erf), 0, 0 },
        { offsetof(VecKernels, erf), NAN, NAN },
        { offsetof(VecKernels, relu), -3, 0 },
        { offsetof(VecKernels, relu), 3, 3 },
        { offsetof(VecKernels, relu), INFINITY, INFINITY },
        { offsetof(VecKernels, relu), NAN, NAN },
    };
    FOR_SETS(table)
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        Function f = { .table_offset = specials[i].table_offset };
        real x[19], out[19], y = (real)specials[i].y;
        for (int j = 0; j < 19; j++) x[j] = (real)specials[i].x;
        of_table(table, &f)(out, x, 19);
        for (int j = 0; j < 19; j++)
            if (isnan(y) ? !isnan(out[j]) : out[j] != y || signbit(out[j]) != signbit(y))
                fail_msg("special %zu gives %g", i, (double)out[j]);
    }
}

static void back_functions(void **state)
{
    (void)state;
    enum { N = 50 };
    FOR_SETS(table)
    {
        real out[N], dy[N], y[N];
        for (int i = 0; i < N; i++) {
            dy[i] = some_value((size_t)i);
            y[i] = (real)(i % 3 == 0 ? 0 : 0.02 * i);
        }
        table->relu_back(out, dy, y, N);
        for (int i = 0; i < N; i++) assert_true(out[i] == (y[i] > 0 ? dy[i] : 0));
        table->tanh_back(out, dy, y, N);
        for (int i = 0; i < N; i++) assert_true(fabs(out[i] - dy[i] * (1 - (double)y[i] * y[i])) < 1e-6);
        table->sigmoid_back(out, dy, y, N);
        for (int i = 0; i < N; i++) assert_true(fabs(out[i] - dy[i] * y[i] * (1 - (double)y[i])) < 1e-6);
        y[7] = dy[8] = (real)NAN;
        y[8] = 1;
        table->relu_back(out, dy, y, N);
        assert_true(isnan(out[7]) && isnan(out[8]) && !isnan(out[9]));
    }
}

/* -- bits -- */

static void run_every_map(const VecKernels *table, real *out, const real *x, size_t n, int which)
{
    MapFunction *const maps[] = {
        table->exp, table->log, table->tanh, table->sigmoid, table->erf, table->relu
    };
    BackFunction *const backs[] = { table->relu_back, table->tanh_back, table->sigmoid_back };
    if (which < 6)
        maps[which](out, x, n);
    else
        backs[which - 6](out, x, x, n);
}

/* Each value alone, through the generic table, is what all lengths and offsets of all tables give. */
static void bits_do_not_depend_on_place_or_set(void **state)
{
    (void)state;
    enum { N = 220 };
    real *x = some_block(N, 1), alone[N];
    for (int which = 0; which < 9; which++) {
        for (size_t i = 0; i < N; i++) run_every_map(&vec_kernels_generic, &alone[i], &x[i], 1, which);
        FOR_SETS(table)
        for (size_t n = 1; n <= 200; n++) {
            size_t offset = n % 17;
            real *out = malloc(n * sizeof *out), *in = malloc(n * sizeof *in);
            memcpy(in, x + offset, n * sizeof *in);
            run_every_map(table, out, in, n, which);
            assert_memory_equal(out, alone + offset, n * sizeof *out);
            run_every_map(table, in, in, n, which);
            assert_memory_equal(in, alone + offset, n * sizeof *in);
            free(out);
            free(in);
        }
    }
    free(x);
}

static void reductions_agree_between_sets(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 200; n++) {
        real *x = some_block(n, 2);
        double sum = vec_kernels_generic.sum(x, n), squares = vec_kernels_generic.sum_squares(x, n);
        long double exact = 0, exact_squares = 0;
        for (size_t i = 0; i < n; i++) {
            exact += x[i];
            exact_squares += (long double)x[i] * x[i];
        }
        assert_true(fabsl(sum - exact) < 1e-12L && fabsl(squares - exact_squares) < 1e-11L);
        FOR_SETS(table)
        {
            assert_true(table->sum(x, n) == sum);
            assert_true(table->sum_squares(x, n) == squares);
        }
        free(x);
    }
}

static void column_sums(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 150; n++) {
        size_t rows = 1 + n % 9;
        real *x = some_block(rows * n, 3), *expected = some_block(n, 4);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < n; j++) expected[j] += x[i * n + j];
        FOR_SETS(table)
        {
            real *out = some_block(n, 4);
            table->column_sums(out, x, rows, n, 1);
            assert_memory_equal(out, expected, n * sizeof *out);
            table->column_sums(out, x, 1, n, 0);
            for (size_t j = 0; j < n; j++) assert_true(out[j] == x[j]);
            free(out);
        }
        free(x);
        free(expected);
    }
}

static void softmax_rows_sum_to_one(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 70; n++) {
        enum { ROWS = 3 };
        real *x = some_block(ROWS * n, 5), *expected = malloc(ROWS * n * sizeof *expected);
        for (size_t i = 0; i < n; i++) x[i] += 1000; /* the maximum is subtracted */
        vec_kernels_generic.softmax(expected, x, ROWS, n);
        for (size_t row = 0; row < ROWS; row++) {
            double total = 0, sum = 0;
            for (size_t i = 0; i < n; i++) total += exp((double)x[row * n + i] - (double)x[row * n]);
            for (size_t i = 0; i < n; i++) {
                double value = expected[row * n + i];
                sum += value;
                assert_true(fabs(value - exp((double)x[row * n + i] - (double)x[row * n]) / total) < 1e-6);
            }
            assert_true(fabs(sum - 1) < 1e-6);
        }
        FOR_SETS(table)
        {
            real *out = malloc(ROWS * n * sizeof *out);
            table->softmax(out, x, ROWS, n);
            assert_memory_equal(out, expected, ROWS * n * sizeof *out);
            free(out);
        }
        x[0] = (real)NAN;
        vec_softmax(x, x, ROWS, n);
        for (size_t i = 0; i < n; i++) assert_true(isnan(x[i]) && !isnan(x[n + i]));
        free(x);
        free(expected);
    }
}

static void first_bad_finds_it(void **state)
{
    (void)state;
    static const double bad[] = { NAN, INFINITY, -INFINITY };
    FOR_SETS(table)
    for (size_t n = 0; n <= 300; n++) {
        real *x = some_block(n, 6);
        assert_int_equal(table->first_bad(x, n), n);
        for (size_t i = n; i-- > 0;) { /* later ones are bad too */
            x[i] = (real)bad[i % 3];
            assert_int_equal(table->first_bad(x, n), i);
        }
        free(x);
    }
}

/* -- steps -- */

static void adam_follows_its_formula(void **state)
{
    (void)state;
    enum { N = 37 };
    double w[N], m[N] = { 0 }, v[N] = { 0 };
    real fw[N], fm[N] = { 0 }, fv[N] = { 0 }, g[N];
    for (size_t i = 0; i < N; i++) w[i] = fw[i] = some_value(i);
    for (int t = 1; t <= 20; t++) {
        double c1 = 1 - pow(0.9, t), c2 = 1 - pow(0.999, t);
        for (size_t i = 0; i < N; i++) {
            g[i] = i == 5 ? 0 : some_value(i + 100 * (size_t)t);
            m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
            v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i];
            w[i] = w[i] * (1 - 0.01 * 0.1) - 0.01 * (m[i] / c1) / (sqrt(v[i] / c2) + 1e-8);
        }
        vec_adam(fw, fm, fv, g, N, 0.01, 0.9, 0.999, 1e-8, c1, c2, 0.1);
        for (size_t i = 0; i < N; i++)
            assert_true(fabs(fw[i] - w[i]) <= (sizeof(real) == 8 ? 1e-14 : 2e-6) * (1 + fabs(w[i])));
    }
}

static void sgd_follows_its_formula(void **state)
{
    (void)state;
    enum { N = 37 };
    for (int nesterov = 0; nesterov < 2; nesterov++) {
        real w[N], velocity[N], g[N];
        for (size_t i = 0; i < N; i++) {
            w[i] = some_value(i);
            velocity[i] = some_value(i + 50);
            g[i] = some_value(i + 90);
        }
        vec_sgd(w, velocity, g, N, 0.1, 0.9, nesterov);
        for (size_t i = 0; i < N; i++) {
            double speed = 0.9 * some_value(i + 50) + g[i];
            double step = nesterov ? g[i] + 0.9 * speed : speed;
            assert_true(fabs(velocity[i] - speed) < 1e-5);
            assert_true(fabs(w[i] - (some_value(i) - 0.1 * step)) < 1e-5);
            w[i] = some_value(i);
        }
        vec_sgd(w, NULL, g, N, 0.1, 0, 0);
        for (size_t i = 0; i < N; i++) assert_true(fabs(w[i] - (some_value(i) - 0.1 * g[i])) < 1e-5);
    }
}

static void steps_agree_between_sets(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 100; n++) {
        AdamScalars s = { .beta1 = (real)0.9,
                          .beta2 = (real)0.999,
                          .rest1 = (real)0.1,
                          .rest2 = (real)0.001,
                          .rate = (real)0.01,
                          .root_scale = (real)3,
                          .epsilon = (real)1e-8,
                          .shrink = (real)0.999 };
        real *g = some_block(n, 7), *first[3] = { 0 };
        FOR_SETS(table)
        {
            real *blocks[3] = { some_block(n, 8), some_block(n, 9), some_block(n, 10) };
            for (size_t i = 0; i < n; i++) blocks[2][i] = blocks[2][i] < 0 ? -blocks[2][i] : blocks[2][i];
            table->adam(blocks[0], blocks[1], blocks[2], g, n, &s);
            table->sgd(blocks[0], blocks[1], g, n, (real)0.01, (real)0.9, 1);
            table->axpy(blocks[0], (real)0.3, g, n);
            table->scale(blocks[0], (real)0.7, n);
            for (int i = 0; i < 3; i++) {
                if (first[i]) assert_memory_equal(blocks[i], first[i], n * sizeof(real));
                free(first[i]);
                first[i] = blocks[i];
            }
        }
        for (int i = 0; i < 3; i++) free(first[i]);
        free(g);
    }
}

static void transpose_turns_every_shape(void **state)
{
    (void)state;
    FOR_SETS(table)
    for (size_t rows = 1; rows <= 40; rows++)
        for (size_t cols = 1; cols <= 40; cols++) {
            real *in = some_block(rows * cols, 11), *out = some_block(rows * cols, 12);
            table->transpose(out, in, rows, cols, 0, rows / 3);
            table->transpose(out, in, rows, cols, rows / 3, rows);
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < cols; j++) assert_true(out[j * rows + i] == in[i * cols + j]);
            free(in);
            free(out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_accurate),
        cmocka_unit_test(special_values),
        cmocka_unit_test(back_functions),
        cmocka_unit_test(bits_do_not_depend_on_place_or_set),
        cmocka_unit_test(reductions_agree_between_sets),
        cmocka_unit_test(column_sums),
        cmocka_unit_test(softmax_rows_sum_to_one),
        cmocka_unit_test(first_bad_finds_it),
        cmocka_unit_test(adam_follows_its_formula),
        cmocka_unit_test(sgd_follows_its_formula),
        cmocka_unit_test(steps_agree_between_sets),
        cmocka_unit_test(transpose_turns_every_shape),
    };
    return cmocka_run_group_tests_name("numeric_vec", tests, NULL, NULL);
}
