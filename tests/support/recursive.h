/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares nets over trees with the vectors of tests/reference/recursive.txt: in float to 1e-5 of each
 * tensor's largest magnitude, in the double library to 1e-9, ten Adam steps included. */
#ifndef FNS_TESTS_RECURSIVE_H
#define FNS_TESTS_RECURSIVE_H

#include <stdio.h>

#include "model/workspace.h"
#include "numeric/vec.h"
#include "support/toynet.h"

enum { TREE_ROWS = 6, TREE_STEPS = 9, TREE_FEATURES = 2, TREE_MOST = 256, TREE_OPTIONS = 4 };

/* A chain, a star, a single node, and three more. */
static const uint32_t tree_lengths[TREE_ROWS] = { 9, 9, 1, 7, 5, 2 };
static const uint32_t tree_ups[TREE_ROWS][TREE_STEPS] = {
    { 1, 1, 1, 1, 1, 1, 1, 1, 0 },
    { 8, 7, 6, 5, 4, 3, 2, 1, 0 },
    { 0 },
    { 2, 1, 4, 1, 1, 1, 0 },
    { 1, 3, 2, 1, 0 },
    { 1, 0 },
};

typedef struct Numbers {
    int n;
    double values[TREE_MOST];
} Numbers;

typedef struct TreeCase {
    char options[TREE_OPTIONS][40], what[200];
    int n_options;
    Numbers x, y, weights, output, loss, gradient, after;
} TreeCase;

/* The trees above in rows from .. of a workspace. */
static inline void tree_put(Workspace *work, size_t row, size_t tree)
{
    size_t steps = work->plan->in.dims[0];
    workspace_length(work, row, tree_lengths[tree]);
    memset(work->up + row * steps, 0, steps * sizeof *work->up);
    memcpy(work->up + row * steps, tree_ups[tree], tree_lengths[tree] * sizeof *work->up);
}

static inline void numbers_read(FILE *in, const char *word, Numbers *out)
{
    char found[32];
    assert_int_equal(fscanf(in, "%31s %d", found, &out->n), 2);
    assert_string_equal(found, word);
    assert_true(out->n > 0 && out->n <= TREE_MOST);
    for (int i = 0; i < out->n; i++) assert_int_equal(fscanf(in, "%lf", &out->values[i]), 1);
}

static inline bool tree_case_read(FILE *in, TreeCase *out)
{
    if (fscanf(in, " case %d", &out->n_options) != 1) return false;
    assert_true(out->n_options < TREE_OPTIONS);
    int used = snprintf(out->what, sizeof out->what, "recursive");
    for (int i = 0; i < out->n_options; i++) {
        assert_int_equal(fscanf(in, "%39s", out->options[i]), 1);
        used += snprintf(out->what + used, sizeof out->what - (size_t)used, " %s", out->options[i]);
    }
    numbers_read(in, "x", &out->x);
    numbers_read(in, "y", &out->y);
    numbers_read(in, "weights", &out->weights);
    numbers_read(in, "output", &out->output);
    numbers_read(in, "loss", &out->loss);
    numbers_read(in, "gradient", &out->gradient);
    numbers_read(in, "after", &out->after);
    return true;
}

static inline Net *tree_case_net(const TreeCase *c)
{
    const char *texts[TREE_OPTIONS + 2] = { "3" };
    NetDef *def = toy_def("vectors", 1);
    bool sequences = false;
    def->input_shape = (Shape){ 2, { TREE_STEPS, TREE_FEATURES } };
    for (int i = 0; i < c->n_options; i++) {
        texts[i + 1] = c->options[i];
        sequences |= strcmp(c->options[i], "sequences=on") == 0;
    }
    assert_true(toy_layer_as(def, "under_test", NULL, "recursive", texts));
    if (sequences) TOY_LAYER(def, "recursive", "2", "cell=simple");
    TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 1);
    assert_int_equal(net->params->n_weights, c->weights.n);
    for (int i = 0; i < c->weights.n; i++) net->params->values[i] = (real)c->weights.values[i];
    return net;
}

static inline void numbers_compare(const TreeCase *c, const char *what, const Numbers *expected,
                                   const real *found)
{
    double largest = 0, tolerance = sizeof(real) == sizeof(double) ? 1e-9 : 1e-5;
    for (int i = 0; i < expected->n; i++) largest = fmax(largest, fabs(expected->values[i]));
    for (int i = 0; i < expected->n; i++)
        if (!(fabs((double)found[i] - expected->values[i]) <= tolerance * largest))
            fail_msg("%s: %s[%d] is %.12g, not %.12g", c->what, what, i, (double)found[i],
                     expected->values[i]);
}

/* Forward, mean squared error, backward; returns the loss. */
static inline real tree_case_pass(const TreeCase *c, const Workspace *work)
{
    double loss = 0;
    work_transpose(work, 0, 1);
    for (int i = 0; i < c->x.n; i++) work->in[i] = (real)c->x.values[i];
    work_forward(work, 0, TREE_ROWS, true, 0);
    for (int i = 0; i < TREE_ROWS; i++) {
        double error = (double)work->out[i] - c->y.values[i];
        loss += error * error / TREE_ROWS;
        work->dout[i] = (real)(2 * error / TREE_ROWS);
    }
    work_backward(work, 0, TREE_ROWS, 0);
    work_gradients(work, TREE_ROWS, 0, 1);
    work_join(work, TREE_ROWS, 0, 1);
    return (real)loss;
}

static inline void tree_case_check(const TreeCase *c)
{
    Err err = { 0 };
    Net *net = tree_case_net(c);
    size_t n = net->plan->n_weights;
    real gradients[TREE_MOST], transposed[TREE_MOST], m[TREE_MOST] = { 0 }, v[TREE_MOST] = { 0 };
    real *values = net->params->values;
    Workspace *work = workspace_new(net->plan, TREE_ROWS, true, &err);
    workspace_bind(work, values, gradients, transposed, false, GEMM_AUTO);
    assert_true(workspace_ragged(work, true, TREE_STEPS, &err));
    for (size_t row = 0; row < TREE_ROWS; row++) tree_put(work, row, row);
    for (int t = 1; t <= 10; t++) {
        real loss = tree_case_pass(c, work);
        if (t == 1) {
            numbers_compare(c, "output", &c->output, work->out);
            numbers_compare(c, "loss", &c->loss, &loss);
            numbers_compare(c, "gradient", &c->gradient, gradients);
            work_forward(work, 0, TREE_ROWS, false, 0);
            numbers_compare(c, "output without training", &c->output, work->out);
        }
        vec_adam(values, m, v, gradients, n, 0.05, 0.9, 0.999, 1e-8, 1 - pow(0.9, t), 1 - pow(0.999, t), 0);
    }
    if (sizeof(real) == sizeof(double)) numbers_compare(c, "after", &c->after, values);
    workspace_free(work);
    net_unref(net);
}

/* Every case of the file beside the test; returns how many. */
static inline int tree_check_all(const char *test_file)
{
    char path[4096];
    const char *slash = strrchr(test_file, '/');
    snprintf(path, sizeof path, "%.*s/../reference/recursive.txt", slash ? (int)(slash - test_file) : 1,
             slash ? test_file : ".");
    FILE *in = fopen(path, "r");
    TreeCase c;
    int n = 0;
    assert_non_null(in);
    for (; tree_case_read(in, &c); n++) tree_case_check(&c);
    assert_true(feof(in));
    fclose(in);
    return n;
}

#endif
