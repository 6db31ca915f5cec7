/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed of a training step of nets over trees, with the rate of a large matrix product in the same run. Run
 * it with OPENBLAS_CORETYPE unset. usage: bench_recursive [THREADS [WORKLOAD]] */
#include <stdio.h>
#include <stdlib.h>

#include "base/progress.h"
#include "model/trainer.h"
#include "support/toynet.h"

enum { UNITS = 64, FEATURES = 8, TREES = 960, BATCH = 32, MOST = 255 };

typedef struct Workload {
    const char *name, *cell;
    size_t nodes;  /* of a tree */
    size_t arity;  /* children of a node; 1: a chain */
    size_t ragged; /* one tree in so many is of full size, the others have an eighth of it; 0: all are full */
} Workload;

static const Workload workloads[] = {
    { "lstm 63 balanced", "cell=lstm", 63, 2, 0 },     { "lstm 255 balanced", "cell=lstm", 255, 2, 0 },
    { "lstm 40 of 3", "cell=lstm", 40, 3, 0 },         { "lstm 10 chain", "cell=lstm", 10, 1, 0 },
    { "lstm 255 ragged", "cell=lstm", 255, 2, 16 },    { "binary 63 balanced", "cell=binary", 63, 2, 0 },
    { "simple 63 balanced", "cell=simple", 63, 2, 0 },
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

/* Node n - 1 - i is the i-th from the root, level by level; its parent the ((i - 1) / arity)-th. */
static void link_nodes(uint32_t *up, size_t n, size_t arity)
{
    for (size_t i = 0; i < n; i++) up[n - 1 - i] = i ? (uint32_t)(i - (i - 1) / arity) : 0;
}

static TrainData *data_for(const Workload *w, size_t *n_nodes)
{
    TrainData *data = traindata_new();
    TrainPart *part = &data->train;
    size_t at = 0;
    data->samples = mem_own(sizeof *data->samples);
    data->shared = mem_own((size_t)TREES * MOST * FEATURES * sizeof(real));
    data->samples->up = mem_own((size_t)TREES * MOST * sizeof(uint32_t));
    part->n = TREES;
    part->start = mem_own(2 * TREES * sizeof *part->start);
    part->end = part->start + TREES;
    part->y = mem_own(TREES * sizeof *part->y);
    for (uint32_t i = 0; i < TREES; i++) {
        size_t n = w->ragged && i % w->ragged ? w->nodes / 8 : w->nodes;
        part->start[i] = (uint32_t)at;
        link_nodes(data->samples->up + at, n, w->arity);
        at += n;
        part->end[i] = (uint32_t)at;
        part->y[i] = toy_number(3, i) > 0;
    }
    for (uint32_t i = 0; i < at * FEATURES; i++) data->shared[i] = (toy_number(2, i) + 1) / 2;
    data->n_features = w->nodes * FEATURES;
    data->feed = (Feed){
        .x = data->shared, .width = FEATURES, .steps = w->nodes, .up = data->samples->up, .ragged = true
    };
    data->target_kind = 'b';
    data->n_levels = 2;
    *n_nodes = at;
    return data;
}

/* Useful operations of all nodes: forward and for the weights, for the children's states back too. */
static double arithmetic_of(const Workload *w, const TrainData *data)
{
    double inner = 0, edges = 0, nodes = 0, u = UNITS, x = FEATURES + 1;
    for (size_t i = 0; i < TREES; i++) {
        double n = data->train.end[i] - data->train.start[i];
        nodes += n;
        edges += n - 1;
        inner += ceil((n - 1) / (double)w->arity);
    }
    if (strcmp(w->cell, "cell=simple") == 0) return 2 * (2 * nodes * x * u + 3 * inner * u * u);
    double own = 2 * x * (4 * inner + 3 * (nodes - inner)) * u;
    double children = strcmp(w->cell, "cell=lstm") == 0 ? 3 * inner + edges : 10 * inner;
    return 2 * (own + 3 * children * u * u);
}

static Net *net_for(const Workload *w)
{
    NetDef *def = toy_def("bench", 1);
    def->input_shape = (Shape){ 2, { w->nodes, FEATURES } };
    if (!TOY_LAYER(def, "recursive", "64", w->cell)) exit(1);
    TOY_LAYER(def, "dense", "1", "sigmoid");
    return toy_net(def, 1);
}

/* Least and middle seconds of an epoch. */
static void time_epochs(Trainer *trainer, double *best, double *middle)
{
    enum { ROUNDS = 9 };
    double seconds[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
        double began = clock_seconds();
        for (trainer->batch = 0; trainer->batch < trainer->n_batches;) trainer_step(trainer);
        double took = clock_seconds() - began;
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
    printf("%-20s %12s %12s  %s\n", "64 units, batch 32", "ns a node", "median", "share of that rate");
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        const Workload *w = &workloads[i];
        if (argc > 2 && strcmp(argv[2], w->name) != 0) continue;
        TrainConfig config = toy_config(1, BATCH);
        config.threads = argc > 1 ? atoi(argv[1]) : 1;
        size_t nodes;
        Net *net = net_for(w);
        TrainData *data = data_for(w, &nodes);
        double arithmetic = arithmetic_of(w, data), best, middle;
        Trainer *trainer = trainer_new(net, data, &config, NULL, &err);
        if (!trainer) return 1;
        time_epochs(trainer, &best, &middle);
        printf("%-20s %12.0f %12.0f  %.0f%%\n", w->name, best / (double)nodes * 1e9,
               middle / (double)nodes * 1e9, 100 * arithmetic / best / rate);
        trainer_free(trainer);
        net_unref(net);
    }
    return 0;
}
