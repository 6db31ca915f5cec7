/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares nets with the vectors of tests/reference/sequence.txt: in float to 1e-5 of each tensor's largest
 * magnitude, in the double library to 1e-9, ten Adam steps included. */
#ifndef FNS_TESTS_SEQUENCE_H
#define FNS_TESTS_SEQUENCE_H

#include "model/workspace.h"
#include "numeric/vec.h"
#include "support/nettext.h"

enum { SEQUENCE_ROWS = 6, SEQUENCE_MOST = 2048 };

typedef struct SequenceVector {
    int n;
    double values[SEQUENCE_MOST];
} SequenceVector;

typedef struct SequenceCase {
    char text[NETTEXT_LONGEST];
    unsigned lengths[SEQUENCE_ROWS];
    SequenceVector x, y, weights, output, loss, gradient, after;
} SequenceCase;

static inline void sequence_vector(FILE *in, const char *word, SequenceVector *out)
{
    char found[32];
    assert_int_equal(fscanf(in, "%31s %d", found, &out->n), 2);
    assert_string_equal(found, word);
    assert_true(out->n > 0 && out->n <= SEQUENCE_MOST);
    for (int i = 0; i < out->n; i++) assert_int_equal(fscanf(in, "%lf", &out->values[i]), 1);
}

static inline bool sequence_case(FILE *in, SequenceCase *out)
{
    char word[8];
    if (fscanf(in, " %7s", word) != 1) return false;
    assert_string_equal(word, "case");
    for (int i = 0; i < SEQUENCE_ROWS; i++) assert_int_equal(fscanf(in, "%u", &out->lengths[i]), 1);
    assert_non_null(fgets(out->text, sizeof out->text, in));
    sequence_vector(in, "x", &out->x);
    sequence_vector(in, "y", &out->y);
    sequence_vector(in, "weights", &out->weights);
    sequence_vector(in, "output", &out->output);
    sequence_vector(in, "loss", &out->loss);
    sequence_vector(in, "gradient", &out->gradient);
    sequence_vector(in, "after", &out->after);
    return true;
}

static inline void sequence_compare(const SequenceCase *c, const char *what, const SequenceVector *expected,
                                    const real *found)
{
    double largest = 0, tolerance = sizeof(real) == sizeof(double) ? 1e-9 : 1e-5;
    for (int i = 0; i < expected->n; i++) largest = fmax(largest, fabs(expected->values[i]));
    for (int i = 0; i < expected->n; i++)
        if (!(fabs((double)found[i] - expected->values[i]) <= tolerance * largest))
            fail_msg("%s%s[%d] is %.12g, not %.12g", c->text, what, i, (double)found[i], expected->values[i]);
}

/* Forward, mean squared error, backward; returns the loss. */
static inline real sequence_pass(const SequenceCase *c, const Workspace *work)
{
    double loss = 0;
    work_transpose(work, 0, 1);
    for (int i = 0; i < c->x.n; i++) work->in[i] = (real)c->x.values[i];
    work_forward(work, 0, SEQUENCE_ROWS, true, 0);
    for (int i = 0; i < SEQUENCE_ROWS; i++) {
        double error = (double)work->out[i] - c->y.values[i];
        loss += error * error / SEQUENCE_ROWS;
        work->dout[i] = (real)(2 * error / SEQUENCE_ROWS);
    }
    work_backward(work, 0, SEQUENCE_ROWS, 0);
    work_gradients(work, SEQUENCE_ROWS, 0, 1);
    work_join(work, SEQUENCE_ROWS, 0, 1);
    return (real)loss;
}

static inline void sequence_check(const SequenceCase *c)
{
    Err err = { 0 };
    NetDef *def = net_text(c->text);
    Net *net = def ? toy_net(def, 1) : NULL;
    if (!net) fail_msg("no net: %s", c->text);
    size_t n = net->plan->n_weights;
    real gradients[SEQUENCE_MOST], transposed[SEQUENCE_MOST];
    real m[SEQUENCE_MOST] = { 0 }, v[SEQUENCE_MOST] = { 0 }, *values = net->params->values;
    assert_int_equal(n, c->weights.n);
    for (size_t i = 0; i < n; i++) values[i] = (real)c->weights.values[i];
    Workspace *work = workspace_new(net->plan, SEQUENCE_ROWS, true, &err);
    workspace_bind(work, values, gradients, transposed, false, GEMM_AUTO);
    assert_true(workspace_ragged(work, true, 0, &err));
    for (size_t i = 0; i < SEQUENCE_ROWS; i++) workspace_length(work, i, c->lengths[i]);
    for (int t = 1; t <= 10; t++) {
        real loss = sequence_pass(c, work);
        if (t == 1) {
            sequence_compare(c, "output", &c->output, work->out);
            sequence_compare(c, "loss", &c->loss, &loss);
            sequence_compare(c, "gradient", &c->gradient, gradients);
            work_forward(work, 0, SEQUENCE_ROWS, false, 0); /* without the cache */
            sequence_compare(c, "output", &c->output, work->out);
        }
        vec_adam(values, m, v, gradients, n, 0.02, 0.9, 0.999, 1e-6, 1 - pow(0.9, t), 1 - pow(0.999, t), 0);
    }
    if (sizeof(real) == sizeof(double)) sequence_compare(c, "after", &c->after, values);
    workspace_free(work);
    net_unref(net);
}

/* Every case of the file beside the test; returns how many. */
static inline int sequence_check_all(const char *test_file)
{
    char path[4096];
    const char *slash = strrchr(test_file, '/');
    snprintf(path, sizeof path, "%.*s/../reference/sequence.txt", slash ? (int)(slash - test_file) : 1,
             slash ? test_file : ".");
    FILE *in = fopen(path, "r");
    SequenceCase c;
    int n = 0;
    assert_non_null(in);
    for (; sequence_case(in, &c); n++) sequence_check(&c);
    assert_true(feof(in));
    fclose(in);
    return n;
}

#endif
