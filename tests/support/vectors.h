/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares nets with the vectors that the Python beside tests/reference/nets.py made with other frameworks:
 * forward, loss and gradients in float to 1e-5 of each tensor's largest magnitude; in the double library to
 * 1e-9, ten steps of training included. With FNS_TABLE set a line is printed for each case. A case is
 *   peer TEXT; target n|b|c LEVELS; loss, optimizer TEXT; lr, smoothing, within NUMBER; epochs NUMBER;
 *   w N ..: weights of rows              each on a line of its own, each may be left out
 *   net DIMENSIONS SIZES.. LINES         then the net, as lines of fns
 *   x, y, weights, output, loss, gradient, and optionally after, stats: N values
 *   end */
#ifndef FNS_TESTS_VECTORS_H
#define FNS_TESTS_VECTORS_H

#include "support/nettext.h"
#include "support/reference.h"

typedef struct VectorCase {
    char peer[64], loss[64], optimizer[64], net[NETTEXT_LONGEST], target;
    int levels;
    double lr, smoothing, within; /* within: of `after`; 0: as all */
    long epochs;
    NetDef *def;
    Tensor row_weights, x, y, weights, output, value, gradient, after, stats;
    double
        worst[4]; /* relative errors of output, loss, gradient, after and stats (0: in float they are not) */
} VectorCase;

static inline bool vectors_doubles(void)
{
    return sizeof(real) == sizeof(double);
}

static inline void vectors_values(FILE *in, Tensor *out)
{
    assert_int_equal(fscanf(in, "%d", &out->n), 1);
    assert_true(out->n > 0 && out->n <= REFERENCE_MOST);
    for (int i = 0; i < out->n; i++) assert_int_equal(fscanf(in, "%lf", &out->values[i]), 1);
}

static inline void vectors_net(FILE *in, VectorCase *c)
{
    int n_dims, n_lines;
    char line[256];
    Shape shape = { 0 };
    assert_int_equal(fscanf(in, "%d", &n_dims), 1);
    assert_true(n_dims > 0 && n_dims <= SHAPE_DIMS);
    for (shape.n_dims = 0; shape.n_dims < n_dims; shape.n_dims++)
        assert_int_equal(fscanf(in, "%zu", &shape.dims[shape.n_dims]), 1);
    assert_int_equal(fscanf(in, "%d ", &n_lines), 1);
    for (int i = 0; i < n_lines; i++) {
        assert_non_null(fgets(line, sizeof line, in));
        line[strcspn(line, "\n")] = 0;
        assert_true(strlen(c->net) + strlen(line) + 3 < sizeof c->net);
        strcat(strcat(c->net, i ? "; " : ""), line);
    }
    c->def = net_text(c->net);
    if (!c->def) fail_msg("no net: %s", c->net);
    c->def->input_shape = shape;
}

static inline void vectors_line(FILE *in, char *out, size_t size)
{
    char line[256];
    assert_non_null(fgets(line, sizeof line, in));
    line[strcspn(line, "\n")] = 0;
    snprintf(out, size, "%s", line + (*line == ' '));
}

static inline void vectors_word(FILE *in, const char *word, VectorCase *c)
{
    struct {
        const char *word;
        Tensor *tensor;
    } tensors[] = { { "w", &c->row_weights },   { "x", &c->x },           { "y", &c->y },
                    { "weights", &c->weights }, { "output", &c->output }, { "gradient", &c->gradient },
                    { "after", &c->after },     { "stats", &c->stats } };
    if (strcmp(word, "net") == 0) return vectors_net(in, c);
    if (strcmp(word, "peer") == 0) return vectors_line(in, c->peer, sizeof c->peer);
    if (strcmp(word, "loss") == 0 && !c->def) return vectors_line(in, c->loss, sizeof c->loss);
    if (strcmp(word, "loss") == 0) return vectors_values(in, &c->value);
    if (strcmp(word, "optimizer") == 0) return vectors_line(in, c->optimizer, sizeof c->optimizer);
    for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++)
        if (strcmp(word, tensors[i].word) == 0) return vectors_values(in, tensors[i].tensor);
    bool read = strcmp(word, "target") == 0      ? fscanf(in, " %c %d", &c->target, &c->levels) == 2
                : strcmp(word, "lr") == 0        ? fscanf(in, "%lf", &c->lr) == 1
                : strcmp(word, "smoothing") == 0 ? fscanf(in, "%lf", &c->smoothing) == 1
                : strcmp(word, "within") == 0    ? fscanf(in, "%lf", &c->within) == 1
                : strcmp(word, "epochs") == 0    ? fscanf(in, "%ld", &c->epochs) == 1
                                                 : false;
    if (!read) fail_msg("what is `%s`?", word);
}

static inline bool vectors_next(FILE *in, VectorCase *c)
{
    char word[32];
    *c = (VectorCase){ .loss = "mse", .optimizer = "adam", .target = 'n', .lr = 0.01, .epochs = 10 };
    while (fscanf(in, "%31s", word) == 1) {
        if (strcmp(word, "end") == 0) return true;
        vectors_word(in, word, c);
    }
    assert_null(c->def);
    return false;
}

static inline double vectors_compare(const VectorCase *c, const char *what, const Tensor *expected,
                                     const real *found, double tolerance)
{
    double largest = 0, worst = 0;
    for (int i = 0; i < expected->n; i++) largest = fmax(largest, fabs(expected->values[i]));
    for (int i = 0; i < expected->n; i++) {
        double error = fabs((double)found[i] - expected->values[i]);
        worst = fmax(worst, largest > 0 ? error / largest : error);
        if (!(error <= tolerance * largest))
            fail_msg("%s, %s, %s: %s[%d] is %.12g, not %.12g", c->net, c->loss, c->optimizer, what, i,
                     (double)found[i], expected->values[i]);
    }
    return worst;
}

static inline TrainData *vectors_data(const VectorCase *c)
{
    static real x[REFERENCE_MOST], y[REFERENCE_MOST], w[REFERENCE_MOST];
    TrainData *data = traindata_new();
    data->n_features = (size_t)(c->x.n / c->y.n);
    data->target_kind = c->target;
    data->n_levels = c->levels;
    reference_reals(&c->x, x);
    reference_reals(&c->y, y);
    reference_reals(&c->row_weights, w);
    assert_true(traindata_set(data, &data->train, x, y, c->row_weights.n ? w : NULL, (size_t)c->y.n, NULL));
    return data;
}

static inline TrainConfig vectors_config(const VectorCase *c, Arena *arena)
{
    TrainConfig config = toy_config(1, c->y.n);
    config.label_smoothing = c->smoothing;
    toy_kind(&config, arena, &optimizer_kinds, c->optimizer);
    toy_kind(&config, arena, &loss_kinds, c->loss);
    return config;
}

/* Loss and gradients at the first weights. */
static inline void vectors_pass(VectorCase *c, const Net *net, TrainConfig config, Arena *arena)
{
    Err err = { 0 };
    config.lr = 1e-30;
    toy_kind(&config, arena, &optimizer_kinds, "sgd");
    Trainer *trainer = trainer_new(net, vectors_data(c), &config, NULL, &err);
    if (!trainer) fail_msg("%s: %s", c->net, err.message);
    trainer_run(trainer, &err);
    real loss = (real)trainer->history->rows[0].train_loss;
    c->worst[1] = vectors_compare(c, "loss", &c->value, &loss, REFERENCE_TOLERANCE);
    c->worst[2] = vectors_compare(c, "gradient", &c->gradient, trainer->gradients, REFERENCE_TOLERANCE);
    trainer_free(trainer);
}

static inline void vectors_train(VectorCase *c, const Net *net, TrainConfig config)
{
    Err err = { 0 };
    double within = c->within > 0 ? c->within : REFERENCE_TOLERANCE;
    config.epochs = c->epochs;
    config.lr = c->lr;
    Net *trained = net_train_data(net, vectors_data(c), &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s: %s", c->net, err.message);
    c->worst[3] = vectors_compare(c, "after", &c->after, trained->params->values, within);
    if (c->stats.n > 0) {
        const real *stats = trained->params->values + trained->params->n_weights;
        c->worst[3] = fmax(c->worst[3], vectors_compare(c, "stats", &c->stats, stats, within));
    }
    net_unref(trained);
}

static inline void vectors_check(VectorCase *c)
{
    static real out[REFERENCE_MOST];
    Arena *arena = arena_new();
    Err err = { 0 };
    Net *net = toy_net(c->def, 1);
    if (!net) fail_msg("its shapes do not meet: %s", c->net);
    assert_int_equal(net->params->n_weights, c->weights.n);
    assert_int_equal(c->y.n * net_outputs(net), c->output.n);
    reference_reals(&c->weights, net->params->values);
    TrainData *data = vectors_data(c);
    assert_true(net_forward(net, data->train.x, (size_t)c->y.n, out, 1, NULL, &err));
    traindata_free(data);
    c->worst[0] = vectors_compare(c, "output", &c->output, out, REFERENCE_TOLERANCE);
    TrainConfig config = vectors_config(c, arena);
    vectors_pass(c, net, config, arena);
    if (vectors_doubles() && c->after.n > 0) vectors_train(c, net, config);
    net_unref(net);
    arena_free(arena);
}

static inline void vectors_head(void)
{
    if (getenv("FNS_TABLE"))
        printf("%-14s %-24s %-42s  %-7s  %-7s  %-7s  %-7s  %s\n", "peer", "loss", "optimizer", "output",
               "loss", "grad", "steps", "net");
}

/* Every case of a file of tests/reference, beside the test; returns how many. */
static inline int vectors_check_all(const char *test_file, const char *name)
{
    static VectorCase c;
    FILE *in = reference_open(test_file, name);
    int n = 0;
    if (!in) fail_msg("tests/reference/%s cannot be read", name);
    for (; vectors_next(in, &c); n++) {
        vectors_check(&c);
        reference_show(c.peer, c.loss, c.optimizer, c.worst, c.net);
    }
    fclose(in);
    return n;
}

#endif
