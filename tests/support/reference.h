/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares nets with the vectors of tests/reference/dense.txt and training.txt: in float to 1e-5 of
 * each tensor's largest magnitude, in the double library to 1e-9, ten optimizer steps included. */
#ifndef FNS_TESTS_REFERENCE_H
#define FNS_TESTS_REFERENCE_H

#include <stdio.h>
#include <stdlib.h>

#include "model/trainer.h"
#include "support/toynet.h"

enum { REFERENCE_ROWS = 6, REFERENCE_INPUTS = 3, REFERENCE_MOST = 2048 };
#define REFERENCE_TOLERANCE (sizeof(real) == sizeof(double) ? 1e-9 : 1e-5)

typedef struct Tensor {
    int n;
    double values[REFERENCE_MOST];
} Tensor;

typedef struct Reference {
    char activation[32], last[32], loss[32], optimizer[64];
    double lr;
    Tensor x, y, weights, output, value, gradient, after;
} Reference;

static inline FILE *reference_open(const char *test_file, const char *name)
{
    char path[4096];
    const char *slash = strrchr(test_file, '/');
    int folder = slash ? (int)(slash - test_file) : 1;
    snprintf(path, sizeof path, "%.*s/../reference/%s", folder, slash ? test_file : ".", name);
    return fopen(path, "r");
}

static inline void reference_tensor(FILE *in, const char *word, Tensor *out)
{
    char found[32];
    assert_int_equal(fscanf(in, "%31s %d", found, &out->n), 2);
    assert_string_equal(found, word);
    assert_true(out->n > 0 && out->n <= REFERENCE_MOST);
    for (int i = 0; i < out->n; i++) assert_int_equal(fscanf(in, "%lf", &out->values[i]), 1);
}

static inline bool reference_next(FILE *in, Reference *out)
{
    if (fscanf(in, " case %31s %31s %31s %63s %lf", out->activation, out->last, out->loss, out->optimizer,
               &out->lr) != 5)
        return false;
    reference_tensor(in, "x", &out->x);
    reference_tensor(in, "y", &out->y);
    reference_tensor(in, "weights", &out->weights);
    reference_tensor(in, "output", &out->output);
    reference_tensor(in, "loss", &out->value);
    reference_tensor(in, "gradient", &out->gradient);
    reference_tensor(in, "after", &out->after);
    return true;
}

/* Returns the largest difference, as a share of the tensor's largest magnitude. */
static inline double reference_compare(const Reference *reference, const char *what, const Tensor *expected,
                                       const real *found)
{
    double largest = 0, worst = 0;
    for (int i = 0; i < expected->n; i++) largest = fmax(largest, fabs(expected->values[i]));
    for (int i = 0; i < expected->n; i++) {
        double error = fabs((double)found[i] - expected->values[i]);
        if (!(error <= REFERENCE_TOLERANCE * largest))
            fail_msg("%s %s %s: %s[%d] is %.12g, not %.12g", reference->activation, reference->loss,
                     reference->optimizer, what, i, (double)found[i], expected->values[i]);
        worst = fmax(worst, largest > 0 ? error / largest : error);
    }
    return worst;
}

/* With FNS_TABLE set: who says so, and the relative errors of output, loss, gradient and ten steps. */
static inline void reference_show(const char *peer, const char *loss, const char *optimizer,
                                  const double *worst, const char *net)
{
    if (!getenv("FNS_TABLE")) return;
    printf("%-14s %-24s %-42s  %.1e  %.1e  %.1e  %.1e  %s\n", peer, loss, optimizer, worst[0], worst[1],
           worst[2], worst[3], net);
}

static inline void reference_reals(const Tensor *from, real *to)
{
    for (int i = 0; i < from->n; i++) to[i] = (real)from->values[i];
}

static inline Net *reference_net(const Reference *reference)
{
    NetDef *def = toy_def("reference", REFERENCE_INPUTS);
    TOY_LAYER(def, "dense", "5", reference->activation);
    TOY_LAYER(def, "dense", reference->output.n == REFERENCE_ROWS ? "1" : "3", reference->last);
    Net *net = toy_net(def, 1);
    assert_int_equal(net->params->n_weights, reference->weights.n);
    reference_reals(&reference->weights, net->params->values);
    return net;
}

static inline TrainData *reference_data(const Reference *reference)
{
    real x[REFERENCE_MOST], y[REFERENCE_MOST];
    TrainData *data = traindata_new();
    bool levels = strcmp(reference->loss, "cce") == 0 || strcmp(reference->loss, "ordinal") == 0;
    data->n_features = REFERENCE_INPUTS;
    data->target_kind = levels ? 'c' : 'n';
    data->n_levels = levels ? 3 : 0;
    reference_reals(&reference->x, x);
    reference_reals(&reference->y, y);
    traindata_set(data, &data->train, x, y, NULL, REFERENCE_ROWS, NULL);
    return data;
}

/* One step of training with everything compared on the way, then ten. */
static inline void reference_check(const Reference *reference)
{
    Arena *arena = arena_new();
    Err err = { 0 };
    Net *net = reference_net(reference);
    real out[REFERENCE_MOST];
    double worst[4];
    char what[96];
    TrainConfig config = toy_config(1, REFERENCE_ROWS);
    config.lr = reference->lr;
    toy_kind(&config, arena, &optimizer_kinds, reference->optimizer);
    toy_kind(&config, arena, &loss_kinds, reference->loss);
    assert_true(net_forward(net, (real[]){ 0, 0, 0 }, 0, out, 1, NULL, NULL));
    TrainData *data = reference_data(reference);
    assert_true(net_forward(net, data->train.x, REFERENCE_ROWS, out, 1, NULL, &err));
    worst[0] = reference_compare(reference, "output", &reference->output, out);
    Trainer *trainer = trainer_new(net, data, &config, NULL, &err);
    if (!trainer) fail_msg("%s", err.message);
    trainer_run(trainer, &err);
    real loss = (real)trainer->history->rows[0].train_loss;
    worst[1] = reference_compare(reference, "loss", &reference->value, &loss);
    worst[2] = reference_compare(reference, "gradient", &reference->gradient, trainer->gradients);
    trainer_free(trainer);
    config.epochs = 10;
    Net *trained = net_train_data(net, reference_data(reference), &config, NULL, NULL, &err);
    worst[3] = reference_compare(reference, "after", &reference->after, trained->params->values);
    snprintf(what, sizeof what, "dense 5 %s; dense %s", reference->activation, reference->last);
    reference_show("NumPy", reference->loss, reference->optimizer, worst, what);
    net_unref(trained);
    net_unref(net);
    arena_free(arena);
}

/* Every case of dense.txt or training.txt; returns how many. */
static inline int reference_check_all(const char *test_file, const char *name)
{
    FILE *in = reference_open(test_file, name);
    Reference reference;
    int n = 0;
    assert_non_null(in);
    for (; reference_next(in, &reference); n++) reference_check(&reference);
    assert_true(feof(in));
    fclose(in);
    return n;
}

#endif
