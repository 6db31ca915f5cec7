/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed of a training step of recurrent nets, with the rate of a large matrix product in the same run. Run it
 * with OPENBLAS_CORETYPE unset. usage: bench_recurrent [THREADS [WORKLOAD]] */
#include <stdio.h>
#include <stdlib.h>

#include "base/progress.h"
#include "model/trainer.h"
#include "support/toynet.h"

typedef struct Workload {
    const char *name, *kind;
    const char *options[6];
    size_t rows, steps, features;
    long batch;
    bool hidden;       /* dense 32 relu before the last layer */
    double arithmetic; /* useful operations of a step */
} Workload;

static const Workload workloads[] = {
    { "seed-lstm tanh", "lstm", { "64" }, 1000, 10, 5, 32, true, 2.0 * 320 * 256 * (69 + 64 + 70) },
    { "seed-lstm relu",
      "lstm",
      { "64", "activation=relu" },
      1000,
      10,
      5,
      32,
      true,
      2.0 * 320 * 256 * (69 + 64 + 70) },
    { "gru-panel", "gru", { "64" }, 4000, 30, 8, 64, false, 2.0 * 1920 * 192 * (72 + 64 + 73) },
    { "gru-panel before",
      "gru",
      { "64", "reset=before" },
      4000,
      30,
      8,
      64,
      false,
      2.0 * 1920 * 192 * (72 + 64 + 73) },
    { "rnn-panel", "rnn", { "64" }, 4000, 30, 8, 64, false, 2.0 * 1920 * 64 * (72 + 64 + 73) },
};

static double gemm_rate(void)
{
    enum { SIZE = 1024 };
    real *block = mem_own(3 * SIZE * SIZE * sizeof(real));
    for (uint32_t i = 0; i < 2 * SIZE * SIZE; i++) block[i] = toy_number(1, i);
    Gemm product = { .m = SIZE,
                     .n = SIZE,
                     .k = SIZE,
                     .a = block,
                     .a_row = SIZE,
                     .a_col = 1,
                     .ldb = SIZE,
                     .b = block + SIZE * SIZE,
                     .c = block + 2 * SIZE * SIZE,
                     .ldc = SIZE,
                     .engine = GEMM_AUTO };
    double best = INFINITY;
    for (int i = 0; i < 15; i++) {
        double began = clock_seconds();
        real_gemm(&product);
        best = fmin(best, clock_seconds() - began);
    }
    mem_free(block);
    return 2.0 * SIZE * SIZE * SIZE / best;
}

static Net *net_for(const Workload *w)
{
    NetDef *def = toy_def("bench", 1);
    def->input_shape = (Shape){ 2, { w->steps, w->features } };
    if (!toy_layer_as(def, "recurrent1", NULL, w->kind, w->options)) exit(1);
    if (w->hidden) TOY_LAYER(def, "dense", "32", "relu");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    return toy_net(def, 1);
}

static TrainData *data_for(const Workload *w)
{
    size_t width = w->steps * w->features;
    TrainData *data = traindata_new();
    real *x = mem_own(w->rows * width * sizeof *x), *y = mem_own(w->rows * sizeof *y);
    for (uint32_t i = 0; i < w->rows * width; i++) x[i] = (toy_number(2, i) + 1) / 2;
    for (uint32_t i = 0; i < w->rows; i++) y[i] = toy_number(3, i) > 0;
    data->n_features = width;
    data->target_kind = 'b';
    data->n_levels = 2;
    traindata_set(data, &data->train, x, y, NULL, w->rows, NULL);
    mem_free(x);
    mem_free(y);
    return data;
}

/* Least and middle seconds a step over several epochs. */
static void time_steps(Trainer *trainer, double *best, double *middle)
{
    enum { ROUNDS = 15 };
    double seconds[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        double began = clock_seconds();
        for (trainer->batch = 0; trainer->batch + 1 < trainer->n_batches;) trainer_step(trainer);
        double took = (clock_seconds() - began) / (double)trainer->batch;
        int at = round;
        if (round < 0) continue;
        for (; at > 0 && seconds[at - 1] > took; at--) seconds[at] = seconds[at - 1];
        seconds[at] = took;
    }
    *best = seconds[0];
    *middle = seconds[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    double rate = gemm_rate();
    Err err = { 0 };
    printf("product 1024: %.0f GFLOP/s, %s\n", rate / 1e9, blas_describe());
    printf("%-18s %9s %9s  %s\n", "workload", "best us", "median", "share of that rate");
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        const Workload *w = &workloads[i];
        if (argc > 2 && strcmp(argv[2], w->name) != 0) continue;
        TrainConfig config = toy_config(1, w->batch);
        config.threads = argc > 1 ? atoi(argv[1]) : 1;
        Net *net = net_for(w);
        Trainer *trainer = trainer_new(net, data_for(w), &config, NULL, &err);
        double best, middle;
        if (!trainer) return 1;
        time_steps(trainer, &best, &middle);
        printf("%-18s %9.1f %9.1f  %.0f%%\n", w->name, best * 1e6, middle * 1e6,
               100 * w->arithmetic / best / rate);
        trainer_free(trainer);
        net_unref(net);
    }
    return 0;
}
