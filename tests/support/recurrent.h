/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares recurrent nets with the vectors of tests/reference/recurrent.txt: in float to 1e-5 of each
 * tensor's largest magnitude, in the double library to 1e-9, ten Adam steps included. */
#ifndef FNS_TESTS_RECURRENT_H
#define FNS_TESTS_RECURRENT_H

#include <stdio.h>

#include "model/workspace.h"
#include "numeric/vec.h"
#include "support/reference.h"

enum { VECTOR_ROWS = 6, VECTOR_STEPS = 4, VECTOR_FEATURES = 2, VECTOR_MOST = 128, VECTOR_OPTIONS = 8 };

typedef struct Vector {
    int n;
    double values[VECTOR_MOST];
} Vector;

typedef struct RecurrentCase {
    char kind[16], options[VECTOR_OPTIONS][40], what[200];
    int ragged, n_options;
    Vector x, y, weights, output, loss, gradient, after;
} RecurrentCase;

static inline void vector_read(FILE *in, const char *word, Vector *out)
{
    char found[32];
    assert_int_equal(fscanf(in, "%31s %d", found, &out->n), 2);
    assert_string_equal(found, word);
    assert_true(out->n > 0 && out->n <= VECTOR_MOST);
    for (int i = 0; i < out->n; i++) assert_int_equal(fscanf(in, "%lf", &out->values[i]), 1);
}

static inline bool recurrent_read(FILE *in, RecurrentCase *out)
{
    if (fscanf(in, " case %15s %d %d", out->kind, &out->ragged, &out->n_options) != 3) return false;
    assert_true(out->n_options < VECTOR_OPTIONS - 1);
    int used = snprintf(out->what, sizeof out->what, "%s", out->kind);
    for (int i = 0; i < out->n_options; i++) {
        assert_int_equal(fscanf(in, "%39s", out->options[i]), 1);
        used += snprintf(out->what + used, sizeof out->what - (size_t)used, " %s", out->options[i]);
    }
    vector_read(in, "x", &out->x);
    vector_read(in, "y", &out->y);
    vector_read(in, "weights", &out->weights);
    vector_read(in, "output", &out->output);
    vector_read(in, "loss", &out->loss);
    vector_read(in, "gradient", &out->gradient);
    vector_read(in, "after", &out->after);
    return true;
}

static inline Net *recurrent_net(const RecurrentCase *c)
{
    const char *texts[VECTOR_OPTIONS + 2] = { "3" };
    NetDef *def = toy_def("vectors", 1);
    bool sequences = false;
    def->input_shape = (Shape){ 2, { VECTOR_STEPS, VECTOR_FEATURES } };
    for (int i = 0; i < c->n_options; i++) {
        texts[i + 1] = c->options[i];
        sequences |= strcmp(c->options[i], "sequences=on") == 0;
    }
    assert_true(toy_layer_as(def, "under_test", NULL, c->kind, texts));
    if (sequences) TOY_LAYER(def, "rnn", "2");
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    assert_int_equal(net->params->n_weights, c->weights.n);
    for (int i = 0; i < c->weights.n; i++) net->params->values[i] = (real)c->weights.values[i];
    return net;
}

static inline double vector_compare(const RecurrentCase *c, const char *what, const Vector *expected,
                                    const real *found)
{
    double largest = 0, worst = 0, tolerance = sizeof(real) == sizeof(double) ? 1e-9 : 1e-5;
    for (int i = 0; i < expected->n; i++) largest = fmax(largest, fabs(expected->values[i]));
    for (int i = 0; i < expected->n; i++) {
        double error = fabs((double)found[i] - expected->values[i]);
        if (!(error <= tolerance * largest))
            fail_msg("%s: %s[%d] is %.12g, not %.12g", c->what, what, i, (double)found[i],
                     expected->values[i]);
        worst = fmax(worst, largest > 0 ? error / largest : error);
    }
    return worst;
}

/* Forward, mean squared error, backward; returns the loss. */
static inline real recurrent_pass(const RecurrentCase *c, const Workspace *work)
{
    double loss = 0;
    work_transpose(work, 0, 1);
    for (int i = 0; i < c->x.n; i++) work->in[i] = (real)c->x.values[i];
    work_forward(work, 0, VECTOR_ROWS, true, 0);
    for (int i = 0; i < VECTOR_ROWS; i++) {
        double error = (double)work->out[i] - c->y.values[i];
        loss += error * error / VECTOR_ROWS;
        work->dout[i] = (real)(2 * error / VECTOR_ROWS);
    }
    work_backward(work, 0, VECTOR_ROWS, 0);
    work_gradients(work, VECTOR_ROWS, 0, 1);
    work_join(work, VECTOR_ROWS, 0, 1);
    return (real)loss;
}

static inline void recurrent_check(const RecurrentCase *c)
{
    static const uint32_t lengths[VECTOR_ROWS] = { 4, 1, 3, 2, 4, 3 };
    Err err = { 0 };
    Net *net = recurrent_net(c);
    size_t n = net->plan->n_weights;
    real gradients[VECTOR_MOST], transposed[VECTOR_MOST], m[VECTOR_MOST] = { 0 }, v[VECTOR_MOST] = { 0 };
    double worst[4] = { 0 };
    real *values = net->params->values;
    Workspace *work = workspace_new(net->plan, VECTOR_ROWS, true, &err);
    workspace_bind(work, values, gradients, transposed, false, GEMM_AUTO);
    if (c->ragged) {
        assert_true(workspace_ragged(work, true, 0, &err));
        for (size_t i = 0; i < VECTOR_ROWS; i++) workspace_length(work, i, lengths[i]);
    }
    for (int t = 1; t <= 10; t++) {
        real loss = recurrent_pass(c, work);
        if (t == 1) {
            worst[0] = vector_compare(c, "output", &c->output, work->out);
            worst[1] = vector_compare(c, "loss", &c->loss, &loss);
            worst[2] = vector_compare(c, "gradient", &c->gradient, gradients);
        }
        vec_adam(values, m, v, gradients, n, 0.05, 0.9, 0.999, 1e-8, 1 - pow(0.9, t), 1 - pow(0.999, t), 0);
    }
    if (sizeof(real) == sizeof(double)) worst[3] = vector_compare(c, "after", &c->after, values);
    work_forward(work, 0, VECTOR_ROWS, false, 0); /* without the cache */
    reference_show("NumPy", "mse", "adam", worst, c->what);
    workspace_free(work);
    net_unref(net);
}

/* Every case of the file beside the test; returns how many. */
static inline int recurrent_check_all(const char *test_file)
{
    char path[4096];
    const char *slash = strrchr(test_file, '/');
    snprintf(path, sizeof path, "%.*s/../reference/recurrent.txt", slash ? (int)(slash - test_file) : 1,
             slash ? test_file : ".");
    FILE *in = fopen(path, "r");
    RecurrentCase c;
    int n = 0;
    assert_non_null(in);
    for (; recurrent_read(in, &c); n++) recurrent_check(&c);
    assert_true(feof(in));
    fclose(in);
    return n;
}

#endif
