/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed of the numeric room: the rate of a large product with both engines and the time of a prediction of
 * one row; then products by shape and element-wise kernels. usage: bench_numeric [rates], the first two
 * alone. Run it with OPENBLAS_CORETYPE unset. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "model/score.h"
#include "numeric/gemm.h"
#include "numeric/vec.h"
#include "support/toynet.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Least seconds of one call, over some 20 measurements of at least 2 ms. */
static double seconds(void (*run)(void *), void *context)
{
    double best = INFINITY, spent = 0;
    long calls = 1;
    for (int i = 0; i < 20 || spent < 0.04; i++) {
        double begin = now();
        for (long c = 0; c < calls; c++) run(context);
        double time = now() - begin;
        spent += time;
        if (time / (double)calls < best) best = time / (double)calls;
        if (time < 0.002) calls *= 2;
    }
    return best;
}

static real *block(size_t n)
{
    real *out = aligned_alloc(64, (n * sizeof *out + 63) / 64 * 64);
    if (!out) exit(1);
    for (size_t i = 0; i < n; i++) out[i] = (real)(0.1 + 0.001 * (double)(i * 37 % 101));
    return out;
}

static void run_gemm(void *product)
{
    real_gemm(product);
}

typedef struct Product {
    const char *what;
    size_t m, n, k;
    bool transposed;
} Product;

static const Product shapes[] = {
    { "forward", 32, 64, 10, false },
    { "forward", 32, 32, 64, false },
    { "forward", 32, 1, 32, false },
    { "dX", 32, 64, 32, false },
    { "dX", 32, 32, 1, false },
    { "dW", 10, 64, 32, true },
    { "dW", 64, 32, 32, true },
    { "dW", 32, 1, 32, true },
    { "row", 1, 64, 10, false },
    { "row", 1, 32, 64, false },
    { "lstm", 32, 256, 69, false },
    { "lstm dW", 69, 256, 320, true },
    { "gru", 64, 192, 72, false },
    { "narrow", 256, 3, 64, false },
    { "odd", 100, 100, 100, false },
    { "wide", 256, 1024, 1024, false },
    { "wide dW", 1024, 1024, 256, true },
    { "square", 512, 512, 512, false },
    { "square", 1024, 1024, 1024, false },
};

static void bench_gemm(void)
{
    printf("\n%-8s %5s %5s %5s   GFLOP/s own  OpenBLAS\n", "product", "m", "n", "k");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        Product s = shapes[i];
        real *a = block(s.m * s.k), *b = block(s.k * s.n), *c = block(s.m * s.n);
        Gemm g = { .m = s.m,
                   .n = s.n,
                   .k = s.k,
                   .a = a,
                   .b = b,
                   .ldb = s.n,
                   .c = c,
                   .ldc = s.n,
                   .a_row = s.transposed ? 1 : s.k,
                   .a_col = s.transposed ? s.m : 1 };
        double rate[2], work = 2e-9 * (double)(s.m * s.n * s.k);
        for (int engine = 0; engine < 2; engine++) {
            g.engine = engine ? GEMM_OPENBLAS : GEMM_OWN;
            rate[engine] = work / seconds(run_gemm, &g);
        }
        printf("%-8s %5zu %5zu %5zu   %11.1f  %8.1f\n", s.what, s.m, s.n, s.k, rate[0], rate[1]);
        free(a);
        free(b);
        free(c);
    }
}

enum { N_VALUES = 2048 };

typedef struct Values {
    real *out, *x, *y, *z;
    int which;
} Values;

static const char *const kernels[] = { "exp",       "log",       "tanh",         "sigmoid", "erf",
                                       "relu",      "tanh_back", "axpy",         "sum",     "column_sums",
                                       "softmax 4", "first_bad", "transpose 64", "adam",    "sgd" };

static void run_kernel(void *context)
{
    Values *v = context;
    static volatile double sink;
    switch (v->which) {
    case 0: vec_exp(v->out, v->x, N_VALUES); break;
    case 1: vec_log(v->out, v->x, N_VALUES); break;
    case 2: vec_tanh(v->out, v->x, N_VALUES); break;
    case 3: vec_sigmoid(v->out, v->x, N_VALUES); break;
    case 4: vec_erf(v->out, v->x, N_VALUES); break;
    case 5: vec_relu(v->out, v->x, N_VALUES); break;
    case 6: vec_tanh_back(v->out, v->x, v->y, N_VALUES); break;
    case 7: vec_axpy(v->out, (real)1e-9, v->x, N_VALUES); break;
    case 8: sink = vec_sum(v->x, N_VALUES); break;
    case 9: vec_column_sums(v->out, v->x, N_VALUES / 64, 64, 0); break;
    case 10: vec_softmax(v->out, v->x, N_VALUES / 4, 4); break;
    case 11: sink = (double)vec_first_bad(v->x, N_VALUES); break;
    case 12: vec_transpose(v->out, v->x, N_VALUES / 64, 64, 0, 1); break;
    case 13: vec_adam(v->out, v->y, v->z, v->x, N_VALUES, 1e-9, 0.9, 0.999, 1e-8, 1, 1, 0); break;
    default: vec_sgd(v->out, v->y, v->x, N_VALUES, 1e-9, 0.9, 0);
    }
    (void)sink;
}

static void bench_vec(void)
{
    printf("\n%-14s ns a value (%d values)\n", "kernel", N_VALUES);
    for (int i = 0; i < (int)(sizeof kernels / sizeof *kernels); i++) {
        Values v = { block(N_VALUES), block(N_VALUES), block(N_VALUES), block(N_VALUES), i };
        printf("%-14s %.3f\n", kernels[i], 1e9 * seconds(run_kernel, &v) / N_VALUES);
        free(v.out);
        free(v.x);
        free(v.y);
        free(v.z);
    }
}

/* GFLOP/s of one engine at 1024^3. */
static double product_rate(GemmEngine engine)
{
    enum { N = 1024 };
    real *a = block(N * N), *b = block(N * N), *c = block(N * N);
    Gemm product = { .m = N,
                     .n = N,
                     .k = N,
                     .a = a,
                     .a_row = N,
                     .a_col = 1,
                     .b = b,
                     .ldb = N,
                     .c = c,
                     .ldc = N,
                     .engine = engine };
    double rate = 2e-9 * N * N * N / seconds(run_gemm, &product);
    free(a);
    free(b);
    free(c);
    return rate;
}

enum { ROWS = 1000, INPUTS = 10, ROUNDS = 21 };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The net of seed-ffn on one row at a time: microseconds a row, in the best and the middle of some rounds. */
static void bench_predict_row(void)
{
    Err err = { 0 };
    NetDef *def = toy_def("m", INPUTS);
    TOY_LAYER(def, "dense", "64", "relu");
    TOY_LAYER(def, "dense", "32", "relu");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    Net *net = toy_net(def, 1);
    Scorer *scorer = net ? scorer_new(net->plan, false, 1, &err) : NULL;
    if (!scorer) exit(1);
    real *x = block(ROWS * INPUTS), *out = block(ROWS);
    double times[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        double begin = now();
        for (size_t i = 0; i < ROWS; i++) scorer_run(scorer, net->params, x + i * INPUTS, 1, out + i);
        if (round >= 0) times[round] = 1e6 * (now() - begin) / ROWS;
    }
    qsort(times, ROUNDS, sizeof *times, by_size);
    printf("predict-row best %.3f median %.3f us\n", times[0], times[ROUNDS / 2]);
    free(x);
    free(out);
    scorer_free(scorer);
    net_unref(net);
}

int main(int argc, char **argv)
{
    const char *blas = blas_describe();
    printf("product own kernel for %s: %.1f GFLOP/s\n", gemm_instruction_set(), product_rate(GEMM_OWN));
    printf("product %s: %.1f GFLOP/s\n", blas, product_rate(GEMM_OPENBLAS));
    bench_predict_row();
    if (argc > 1 && strcmp(argv[1], "rates") == 0) return 0;
    bench_gemm();
    bench_vec();
    return 0;
}
