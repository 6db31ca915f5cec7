/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products against a plain loop in double, over shapes, strides, epilogues, engines and sets; the bits
 * that the own engine promises; where cblas_sgemm comes from. */
#include "numeric/gemm_kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Knuth's MMIX generator: quick, and good enough for test values. */
static uint32_t random_word(void)
{
    static uint64_t state = 5;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 32);
}

static size_t up_to(size_t n)
{
    return 1 + random_word() % n;
}

/* A block of exactly n values, so that the sanitizer sees a read past its end. */
static real *random_block(size_t n)
{
    real *block = malloc(n * sizeof *block + 1);
    for (size_t i = 0; i < n; i++) block[i] = (real)((double)random_word() * 0x1p-31 - 1);
    return block;
}

static real *copy_block(const real *block, size_t n)
{
    real *copy = malloc(n * sizeof *copy + 1);
    memcpy(copy, block, n * sizeof *copy);
    return copy;
}

/* A product with its blocks, owned. */
typedef struct Case {
    Gemm g;
    real *a, *b, *c, *bias, *y;
    size_t n_c;
} Case;

static Case case_new(size_t m, size_t n, size_t k, bool transposed, size_t extra)
{
    Case x = { .n_c = (m - 1) * (n + extra) + n };
    size_t lda = (transposed ? m : k) + extra;
    x.a = random_block((transposed ? k - 1 : m - 1) * lda + (transposed ? m : k));
    x.b = random_block((k - 1) * (n + extra) + n);
    x.c = random_block(x.n_c);
    x.bias = random_block(n);
    x.y = random_block(x.n_c);
    for (size_t i = 0; i < x.n_c; i++) x.y[i] = x.y[i] > 0 ? x.y[i] : 0;
    x.g = (Gemm){ .m = m,
                  .n = n,
                  .k = k,
                  .a = x.a,
                  .b = x.b,
                  .ldb = n + extra,
                  .c = x.c,
                  .ldc = n + extra,
                  .ldy = n + extra,
                  .a_row = transposed ? 1 : lda,
                  .a_col = transposed ? lda : 1 };
    return x;
}

static void case_free(Case *x)
{
    free(x->a);
    free(x->b);
    free(x->c);
    free(x->bias);
    free(x->y);
}

/* B as it would lie turned, with the same gap. */
static void turn(Case *x)
{
    Gemm *g = &x->g;
    size_t ldb = g->k + g->ldb - g->n;
    real *turned = random_block((g->n - 1) * ldb + g->k);
    for (size_t p = 0; p < g->k; p++)
        for (size_t j = 0; j < g->n; j++) turned[j * ldb + p] = x->b[p * g->ldb + j];
    free(x->b);
    g->b = x->b = turned;
    g->ldb = ldb;
    g->b_turned = true;
}

static void set_epilogue(Case *x, Epilogue epilogue)
{
    x->g.epilogue = epilogue;
    x->g.bias = epilogue == EPILOGUE_BIAS || epilogue == EPILOGUE_BIAS_RELU ? x->bias : NULL;
    x->g.y = epilogue == EPILOGUE_RELU_BACK ? x->y : NULL;
}

static double expected(const Case *x, const real *before, size_t i, size_t j, double *magnitude)
{
    const Gemm *g = &x->g;
    double sum = (g->accumulate ? before[i * g->ldc + j] : 0) + (g->bias ? g->bias[j] : 0);
    *magnitude = 1 + fabs(sum);
    for (size_t p = 0; p < g->k; p++) {
        double b = (double)g->b[g->b_turned ? j * g->ldb + p : p * g->ldb + j];
        double term = (double)g->a[i * g->a_row + p * g->a_col] * b;
        sum += term;
        *magnitude += fabs(term);
    }
    if (g->epilogue == EPILOGUE_BIAS_RELU) return sum < 0 ? 0 : sum;
    if (g->epilogue == EPILOGUE_RELU_BACK) return g->y[i * g->ldy + j] > 0 ? sum : 0;
    return sum;
}

/* Runs the case and compares every value, and that gaps between rows are left alone. */
static void check_case(Case *x, GemmFunction *run)
{
    const Gemm *g = &x->g;
    real *before = copy_block(x->c, x->n_c);
    double tolerance = sizeof(real) == 8 ? 1e-14 : 4e-7;
    run(g);
    for (size_t at = 0; at < x->n_c; at++) {
        size_t i = at / g->ldc, j = at % g->ldc;
        double magnitude, value = j < g->n ? expected(x, before, i, j, &magnitude) : 0;
        if (j >= g->n)
            assert_true(x->c[at] == before[at]);
        else if (fabs(x->c[at] - value) > tolerance * magnitude)
            fail_msg("m %zu n %zu k %zu epilogue %d: c[%zu, %zu] = %.9g, expected %.9g", g->m, g->n, g->k,
                     g->epilogue, i, j, (double)x->c[at], value);
    }
    free(before);
}

enum { CHOICES = 64 };

/* choice: transposed, gaps, accumulate, epilogue, turned. */
static void check_shape(size_t m, size_t n, size_t k, unsigned choice, GemmEngine engine, GemmFunction *run)
{
    Case x = case_new(m, n, k, choice & 1, choice & 2 ? 3 : 0);
    x.g.accumulate = choice & 4;
    x.g.engine = engine;
    set_epilogue(&x, (Epilogue)(choice >> 3 & 3));
    if (choice & 32) turn(&x);
    check_case(&x, run);
    case_free(&x);
}

static void check_shapes(GemmEngine engine, GemmFunction *run)
{
    static const size_t net[][3] = { { 32, 64, 10 }, { 32, 32, 64 }, { 32, 1, 32 }, { 10, 64, 32 },
                                     { 64, 32, 32 }, { 32, 64, 32 }, { 32, 32, 1 }, { 1, 1, 1 },
                                     { 1, 64, 10 },  { 33, 3, 9 } };
    for (size_t i = 0; i < sizeof net / sizeof *net; i++)
        for (unsigned choice = 0; choice < CHOICES; choice++)
            check_shape(net[i][0], net[i][1], net[i][2], choice, engine, run);
    for (int i = 0; i < 500; i++)
        check_shape(up_to(i % 3 ? 20 : 70), up_to(i % 2 ? 18 : 150), up_to(40), random_word() % CHOICES,
                    engine, run);
    for (size_t n = 1; n <= 66; n++)
        check_shape(up_to(30), n, up_to(20), random_word() % CHOICES, engine, run);
    check_shape(130, 70, 1030, 31, engine, run); /* packed, in two blocks of k */
    check_shape(13, 70, 1030, 63, engine, run);
    for (unsigned choice = 0; choice < CHOICES; choice += 4) check_shape(20, 9, 0, choice, engine, run);
}

static void the_own_engine_is_right_on_every_set(void **state)
{
    (void)state;
    for (int set = 0; set < SET_COUNT; set++)
        if (gemm_own((InstructionSet)set)) check_shapes(GEMM_OWN, gemm_own((InstructionSet)set));
}

static void openblas_is_right(void **state)
{
    (void)state;
    check_shapes(GEMM_OPENBLAS, real_gemm);
}

static void the_choice_is_right(void **state)
{
    (void)state;
    check_shapes(GEMM_AUTO, real_gemm);
}

static void an_empty_sum_is_the_epilogue_of_zero(void **state)
{
    (void)state;
    for (int engine = GEMM_AUTO; engine <= GEMM_OPENBLAS; engine++) {
        real c[3] = { 5, 5, 5 }, bias[3] = { -1, 0, 2 }, nothing = 0;
        Gemm g = { .m = 1,
                   .n = 3,
                   .k = 0,
                   .a = &nothing,
                   .b = &nothing,
                   .a_col = 1,
                   .ldb = 3,
                   .c = c,
                   .ldc = 3,
                   .bias = bias,
                   .epilogue = EPILOGUE_BIAS_RELU,
                   .engine = (GemmEngine)engine };
        real_gemm(&g);
        assert_true(c[0] == 0 && c[1] == 0 && c[2] == 2);
    }
}

/* Rows that overlap, as an implicit convolution reads them; cblas rejects lda < k. */
static void overlapping_rows_work_with_both_engines(void **state)
{
    (void)state;
    for (int engine = GEMM_OWN; engine <= GEMM_OPENBLAS; engine++) {
        Case x = case_new(20, 8, 12, false, 0);
        x.g.a_row = 4;
        x.g.engine = (GemmEngine)engine;
        check_case(&x, real_gemm);
        case_free(&x);
    }
}

/* Row i of a product of any height, any panel and any set has the bits of the product of row i alone. */
static void bits_do_not_depend_on_the_batch(void **state)
{
    (void)state;
    GemmFunction *one = gemm_own(SET_GENERIC);
    for (int round = 0; round < 60; round++) {
        size_t m = round ? up_to(90) : 130, n = !round ? 70 : up_to(round % 2 ? 12 : 140),
               k = round ? up_to(80) : 1030;
        Case x = case_new(m, n, k, round & 1, 0);
        set_epilogue(&x, (Epilogue)(round / 2 % 4));
        x.g.accumulate = round / 8 % 2;
        for (int set = 0; set < SET_COUNT; set++) {
            GemmFunction *whole = gemm_own((InstructionSet)set);
            if (!whole) continue;
            real *before = copy_block(x.c, x.n_c), *alone = copy_block(x.c, x.n_c);
            whole(&x.g);
            for (size_t i = 0; i < m; i++) {
                Gemm row = x.g;
                row.m = 1;
                row.a += i * row.a_row;
                row.c = alone + i * row.ldc;
                row.y = row.y ? row.y + i * row.ldy : NULL;
                one(&row);
            }
            assert_memory_equal(x.c, alone, x.n_c * sizeof *alone);
            memcpy(x.c, before, x.n_c * sizeof *before);
            free(before);
            free(alone);
        }
        case_free(&x);
    }
}

/* Segments of A, of any distance, have the bits of the product whose A lies in one piece. */
static void a_turned_b_gives_the_same_bits(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        Case x = case_new(up_to(40), up_to(i % 2 ? 6 : 140), up_to(i % 3 ? 70 : 5), i & 1, 0);
        set_epilogue(&x, (Epilogue)(i % 4));
        gemm_own(target_best())(&x.g);
        real *straight = copy_block(x.c, x.n_c);
        turn(&x);
        gemm_own(target_best())(&x.g);
        assert_memory_equal(x.c, straight, x.n_c * sizeof(real));
        free(straight);
        case_free(&x);
    }
}

static void segments_are_one_sum(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t m = up_to(40), n = round % 4 ? up_to(90) : up_to(4), k = up_to(9), segments = 1 + up_to(5);
        size_t row = up_to(12), step = round % 3 ? 1 : up_to(3), gap = round % 2 ? k * step : up_to(30);
        real *image = random_block(m * row + segments * gap + k * step);
        Case x = case_new(m, n, k * segments, false, 0);
        set_epilogue(&x, (Epilogue)(round % 4));
        x.g.accumulate = round / 4 % 2;
        for (size_t i = 0; i < m; i++)
            for (size_t p = 0; p < k * segments; p++)
                x.a[i * k * segments + p] = image[i * row + p / k * gap + p % k * step];
        Gemm g = x.g;
        g.a = image, g.a_row = row, g.a_col = step, g.k = k, g.segments = segments, g.a_segment = gap;
        real *plain = copy_block(x.c, x.n_c);
        x.g.c = plain;
        gemm_own(SET_GENERIC)(&x.g);
        for (int set = 0; set <= SET_COUNT; set++) { /* the last: OpenBLAS, where it can */
            real *out = copy_block(g.c, x.n_c);
            Gemm own = g;
            own.c = out;
            own.engine = GEMM_OPENBLAS;
            if (set == SET_COUNT)
                real_gemm(&own);
            else if (gemm_own((InstructionSet)set))
                gemm_own((InstructionSet)set)(&own);
            for (size_t i = 0; i < x.n_c && (set == SET_COUNT || gemm_own((InstructionSet)set)); i++)
                assert_true(set == SET_COUNT ? fabs((double)(out[i] - plain[i])) < 1e-4 : out[i] == plain[i]);
            free(out);
        }
        free(plain);
        free(image);
        case_free(&x);
    }
}

static void nan_comes_through(void **state)
{
    (void)state;
    for (int epilogue = 0; epilogue < 4; epilogue++)
        for (int set = 0; set < SET_COUNT; set++) {
            if (!gemm_own((InstructionSet)set)) continue;
            Case x = case_new(7, 5, 6, false, 0);
            set_epilogue(&x, (Epilogue)epilogue);
            x.a[6 * 2 + 3] = (real)NAN;
            for (size_t j = 0; j < 5; j++) x.y[2 * 5 + j] = 1;
            gemm_own((InstructionSet)set)(&x.g);
            for (size_t i = 0; i < 7; i++)
                for (size_t j = 0; j < 5; j++) assert_int_equal(isnan(x.c[i * 5 + j]) != 0, i == 2);
            case_free(&x);
        }
}

static void cblas_is_openblas(void **state)
{
    (void)state;
    assert_true(blas_is_openblas());
    assert_int_equal(strncmp(blas_describe(), "OpenBLAS ", 9), 0);
    assert_null(strstr(blas_describe(), "not OpenBLAS"));
}

int main(void)
{
    blas_describe();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_own_engine_is_right_on_every_set),
        cmocka_unit_test(openblas_is_right),
        cmocka_unit_test(the_choice_is_right),
        cmocka_unit_test(an_empty_sum_is_the_epilogue_of_zero),
        cmocka_unit_test(overlapping_rows_work_with_both_engines),
        cmocka_unit_test(bits_do_not_depend_on_the_batch),
        cmocka_unit_test(a_turned_b_gives_the_same_bits),
        cmocka_unit_test(segments_are_one_sum),
        cmocka_unit_test(nan_comes_through),
        cmocka_unit_test(cblas_is_openblas),
    };
    return cmocka_run_group_tests_name("numeric_gemm", tests, NULL, NULL);
}
