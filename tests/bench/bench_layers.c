/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microseconds of a training step of convolutional nets (the conv-series and conv-image workloads), Adam,
 * with gathering of the batch, beside the rate of sgemm in the same minute. Run it with OPENBLAS_CORETYPE
 * unset. usage: bench_layers [threads [name]] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/toynet.h"

enum { BATCH = 64, STEPS = 500 };

/* One thread is timed by the processor time that it gets, so that neighbours disturb less. */
static double now(int threads)
{
    struct timespec t;
    clock_gettime(threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* GFLOP/s of the faster engine at 1024^3, by which a target for a core of 230 GFLOP/s is scaled. */
static double sgemm_rate(void)
{
    enum { N = 1024 };
    real *block = mem_own(3 * N * N * sizeof *block);
    double best = INFINITY;
    for (size_t i = 0; i < 2 * N * N; i++) block[i] = toy_number(2, (uint32_t)i);
    for (int i = 0; i < 16; i++) {
        double begin = now(1);
        real_gemm(&(Gemm){ .m = N,
                           .n = N,
                           .k = N,
                           .a = block,
                           .a_row = N,
                           .a_col = 1,
                           .b = block + N * N,
                           .ldb = N,
                           .c = block + 2 * N * N,
                           .ldc = N,
                           .engine = i % 2 ? GEMM_OPENBLAS : GEMM_OWN });
        best = fmin(best, now(1) - begin);
    }
    mem_free(block);
    return 2e-9 * N * N * N / best;
}

static NetDef *series(void)
{
    NetDef *def = netdef_new("series");
    def->input_shape = (Shape){ 2, { 64, 8 } };
    TOY_LAYER(def, "conv1d", "32", "relu", "kernel=5");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "conv1d", "64", "relu", "kernel=5");
    TOY_LAYER(def, "globalpool", "average");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    return def;
}

static NetDef *image(void)
{
    NetDef *def = netdef_new("image");
    def->input_shape = (Shape){ 3, { 28, 28, 1 } };
    TOY_LAYER(def, "conv2d", "16", "relu", "kernel=3");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "conv2d", "32", "relu", "kernel=3");
    TOY_LAYER(def, "maxpool", "2");
    TOY_LAYER(def, "flatten", NULL);
    TOY_LAYER(def, "dense", "10", "softmax");
    return def;
}

static TrainData *random_data(size_t n, size_t inputs, int levels)
{
    TrainData *data = traindata_new();
    data->n_features = inputs;
    data->target_kind = levels > 2 ? 'c' : 'b';
    data->n_levels = levels;
    real *x = mem_own(n * inputs * sizeof *x), *y = mem_own(n * sizeof *y);
    for (size_t i = 0; i < n * inputs; i++) x[i] = toy_number(1, (uint32_t)i);
    for (size_t i = 0; i < n; i++) y[i] = (real)(i * 2654435761u % (unsigned)levels);
    traindata_set(data, &data->train, x, y, NULL, n, NULL);
    mem_free(x);
    mem_free(y);
    return data;
}

/* Least seconds of a step, over STEPS of them after an epoch. */
static double best_step(const Net *net, size_t n, int levels, int threads)
{
    Err err = { 0 };
    double best = INFINITY;
    TrainConfig config = toy_config(1, BATCH);
    config.threads = threads;
    Trainer *trainer =
        trainer_new(net, random_data(n, shape_size(net->plan->in), levels), &config, NULL, &err);
    if (!trainer) exit(1);
    trainer_run(trainer, &err);
    for (int i = 0; i < STEPS; i++) {
        trainer->batch = (size_t)i % (n / BATCH);
        double begin = now(threads);
        trainer_step(trainer);
        best = fmin(best, now(threads) - begin);
    }
    trainer_free(trainer);
    return best;
}

static void bench(NetDef *def, size_t n, int levels, double target, int threads, const char *only)
{
    Net *net = toy_net(def, 1);
    if (!only || !strcmp(only, net->def->name)) {
        double best = best_step(net, n, levels, threads), rate = sgemm_rate();
        printf("conv-%-7s threads %d %7.0f us a step; products %.0f GFLOP/s; target %.0f us, here %.0f us\n",
               net->def->name, threads, 1e6 * best, rate, target, target * 230 / rate);
    }
    net_unref(net);
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    const char *only = argc > 2 ? argv[2] : NULL;
    blas_describe();
    bench(series(), 4000, 2, 650, threads, only);
    bench(image(), 2000, 10, 1250, threads, only);
    return 0;
}
