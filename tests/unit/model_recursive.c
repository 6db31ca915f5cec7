/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recursive layer: the vectors of tests/reference/recursive.py, the same bits for any batch, any shares
 * of it and any place in it, padding that nobody reads, order of siblings, trees that hold nothing, nets that
 * learn nested lists, the sum of a group, the same hash with 1, 2 and 3 threads, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/trainer.h"
#include "support/recursive.h"

static const char *const cells[] = { "cell=simple", "cell=lstm", "cell=binary" };

static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(tree_check_all(__FILE__), 12);
}

/* ---- bits */

enum { ROWS = 13, FEATURES = 5, UNITS = 20, OUTPUTS = 4, WEIGHTS = 12000 };

typedef struct Pass {
    real out[ROWS * OUTPUTS], gradients[WEIGHTS];
} Pass;

/* Two layers over trees, so that what one leaves in the padding is the other's input. */
static Net *net_of(const char *cell, const char *activation)
{
    NetDef *def = toy_def("bits", 1);
    def->input_shape = (Shape){ 2, { TREE_STEPS, FEATURES } };
    TOY_LAYER(def, "recursive", "20", cell, "sequences=on");
    TOY_LAYER(def, "recursive", "20", cell, activation);
    TOY_LAYER(def, "dense", "4");
    Net *net = toy_net(def, 2);
    assert_true(net && net->plan->n_weights <= WEIGHTS);
    return net;
}

static Workspace *open_trees(const Net *net, size_t rows, bool training)
{
    Err err = { 0 };
    Workspace *work = workspace_new(net->plan, rows, training, &err);
    assert_true(workspace_ragged(work, true, TREE_STEPS, &err));
    return work;
}

static void fill(Workspace *work, size_t row, size_t sample)
{
    size_t tree = sample % TREE_ROWS, known = tree_lengths[tree] * FEATURES;
    tree_put(work, row, tree);
    for (uint32_t k = 0; k < TREE_STEPS * FEATURES; k++)
        work->in[row * TREE_STEPS * FEATURES + k] = k < known ? toy_number((uint32_t)sample, k) : (real)NAN;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Forward and back in shares of `share` rows, gradients in `parts`; padding is NaN, in caches too. */
static void pass(const Net *net, size_t share, int parts, Pass *out)
{
    Workspace *work = open_trees(net, ROWS, true);
    real transposed[WEIGHTS];
    workspace_bind(work, net->params->values, out->gradients, transposed, false, GEMM_OWN);
    for (size_t i = 0; i < work->bytes / sizeof(real); i++) work->block[i] = (real)NAN;
    for (size_t row = 0; row < ROWS; row++) fill(work, row, row);
    work_transpose(work, 0, 1);
    for (int stage = 0; stage < work_stages(work); stage++) {
        for (int part = 0; stage > 0 && part < parts; part++) work_sums(work, stage, ROWS, part, parts);
        for (size_t from = 0; from < ROWS; from += share)
            work_forward_stage(work, stage, from, least(from + share, ROWS), 0);
    }
    memcpy(out->out, work->out, sizeof out->out);
    for (uint32_t i = 0; i < ROWS * OUTPUTS; i++) work->dout[i] = toy_number(9, i);
    for (int stage = work_stages(work) - 1; stage >= 0; stage--)
        for (size_t from = 0; from < ROWS; from += share)
            work_backward_stage(work, stage, from, least(from + share, ROWS), 0);
    for (int part = 0; part < parts; part++) work_gradients(work, ROWS, part, parts);
    workspace_free(work);
}

/* Each sample by itself, without a cache for the way back. */
static void check_alone(const Net *net, const Pass *whole)
{
    Workspace *work = open_trees(net, 1, false);
    workspace_bind(work, net->params->values, NULL, NULL, false, GEMM_OWN);
    for (size_t sample = 0; sample < ROWS; sample++) {
        fill(work, 0, sample);
        work_forward(work, 0, 1, false, 0);
        assert_memory_equal(work->out, whole->out + sample * OUTPUTS, OUTPUTS * sizeof(real));
    }
    workspace_free(work);
}

static void test_shares(void **state)
{
    static const char *const activations[] = { "tanh", "softplus" };
    (void)state;
    for (size_t k = 0; k < 6; k++) {
        Net *net = net_of(cells[k % 3], activations[k / 3]);
        Pass whole, shares;
        pass(net, ROWS, 1, &whole);
        for (size_t i = 0; i < ROWS * OUTPUTS; i++) assert_true(isfinite(whole.out[i]));
        for (size_t share = 1; share < 8; share += 3) {
            pass(net, share, (int)share, &shares);
            assert_memory_equal(whole.out, shares.out, sizeof whole.out);
            assert_memory_equal(whole.gradients, shares.gradients, net->plan->n_weights * sizeof(real));
        }
        check_alone(net, &whole);
        net_unref(net);
    }
}

/* ---- shapes of trees: the state of the root */

static void root_state(const char *cell, const uint32_t *ups, size_t length, const real *x, real *out)
{
    NetDef *def = toy_def("one", 1);
    def->input_shape = (Shape){ 2, { TREE_STEPS, 1 } };
    TOY_LAYER(def, "recursive", "3", cell);
    Net *net = toy_net(def, 2);
    Workspace *work = open_trees(net, 1, false);
    workspace_bind(work, net->params->values, NULL, NULL, false, GEMM_OWN);
    workspace_length(work, 0, length);
    if (length) memcpy(work->up, ups, length * sizeof *ups);
    memcpy(work->in, x, length * sizeof(real));
    work_forward(work, 0, 1, false, 0);
    memcpy(out, work->out, 3 * sizeof(real));
    workspace_free(work);
    net_unref(net);
}

static double distance(const real *a, const real *b)
{
    double most = 0;
    for (int i = 0; i < 3; i++) most = fmax(most, fabs((double)(a[i] - b[i])));
    return most;
}

/* Sums do not know which child is which; of binary the first child has weights of its own, the others do
 * not. What stands where in the tree matters to all. */
static void test_order(void **state)
{
    static const uint32_t star[] = { 3, 2, 1, 0 }, other[] = { 2, 1, 1, 0 };
    static const real x[] = { 0.5, -1, 2, 0.25 }, swapped[] = { 0.5, 2, -1, 0.25 },
                      turned[] = { -1, 0.5, 2, 0.25 };
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        real a[3], b[3], c[3], d[3];
        root_state(cells[k], star, 4, x, a);
        root_state(cells[k], star, 4, swapped, b);
        root_state(cells[k], star, 4, turned, c);
        root_state(cells[k], other, 4, x, d);
        assert_true(distance(a, b) < 1e-6);
        assert_true((distance(a, c) < 1e-6) == (k < 2));
        assert_true(distance(a, d) > 1e-3);
    }
}

static void test_empty(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        real none[3], one[3];
        static const uint32_t root[] = { 0 };
        root_state(cells[k], root, 0, (const real[]){ 1 }, none);
        root_state(cells[k], root, 1, (const real[]){ 1 }, one);
        assert_true(none[0] == 0 && none[1] == 0 && none[2] == 0);
        assert_true(distance(none, one) > 1e-3);
    }
}

/* ---- learning: trees made in code, in the way a frame gives them */

enum { TRAIN = 3000, VALID = 500, MOST = 40 };

typedef struct Task {
    size_t features;
    void (*leaf)(real *x, real *value, uint32_t *seed);
    void (*node)(real *x, real *value, size_t n_children, uint32_t *seed);
} Task;

typedef struct Growth {
    TrainData *data;
    const Task *task;
    real *x;
    uint32_t *up, seed;
    size_t n;
} Growth;

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(*seed >> 8) * below) >> 24);
}

/* Lays out a tree of that depth, children before their parent; its value. */
static real grow(Growth *g, int depth)
{
    real value = 0;
    size_t below[3], width = g->task->features, n = depth == 0 ? 0 : 2 + draw(&g->seed, 2);
    real values[3] = { 0 };
    for (size_t k = 0; k < n; k++) {
        values[k] = grow(g, draw(&g->seed, 3) == 0 ? 0 : depth - 1);
        below[k] = g->n - 1;
    }
    real *x = g->x + g->n * width;
    memset(x, 0, width * sizeof *x);
    if (n == 0) {
        g->task->leaf(x, &value, &g->seed);
    } else {
        g->task->node(x, values, n, &g->seed);
        value = values[0];
    }
    for (size_t k = 0; k < n; k++) g->up[below[k]] = (uint32_t)(g->n - below[k]);
    g->up[g->n++] = 0;
    return value;
}

static TrainData *grow_all(const Task *task)
{
    size_t all = (TRAIN + VALID) * MOST;
    TrainData *data = traindata_new();
    Samples *samples = mem_own(sizeof *samples);
    TrainPart *parts[] = { &data->train, &data->valid };
    data->samples = samples;
    data->shared = mem_own(all * task->features * sizeof(real));
    samples->up = mem_own(all * sizeof *samples->up);
    Growth g = { data, task, data->shared, samples->up, 1, 0 };
    for (int p = 0; p < 2; p++) {
        size_t n = p ? VALID : TRAIN;
        TrainPart *part = parts[p];
        part->n = n;
        part->start = mem_own(2 * n * sizeof *part->start);
        part->end = part->start + n;
        part->y = mem_own(n * sizeof *part->y);
        for (size_t i = 0; i < n; i++) {
            part->start[i] = (uint32_t)g.n;
            part->y[i] = grow(&g, 3);
            part->end[i] = (uint32_t)g.n;
            assert_true(part->end[i] - part->start[i] <= MOST);
        }
    }
    data->n_features = MOST * task->features;
    data->feed = (Feed){
        .x = data->shared, .width = task->features, .steps = MOST, .up = samples->up, .ragged = true
    };
    return data;
}

static void digit_leaf(real *x, real *value, uint32_t *seed)
{
    uint32_t digit = draw(seed, 10);
    *value = (real)digit;
    x[digit] = 1;
}

/* MAX or MIN of digits (Nangia and Bowman 2018, in small). */
static void list_node(real *x, real *value, size_t n, uint32_t *seed)
{
    bool most = draw(seed, 2);
    x[10 + most] = 1;
    for (size_t k = 1; k < n; k++)
        if (most ? value[k] > value[0] : value[k] < value[0]) value[0] = value[k];
}

static void group_leaf(real *x, real *value, uint32_t *seed)
{
    x[0] = *value = (real)draw(seed, 100) / 100;
}

/* Own plus what stands below. */
static void group_node(real *x, real *value, size_t n, uint32_t *seed)
{
    real own;
    for (size_t k = 1; k < n; k++) value[0] += value[k];
    group_leaf(x, &own, seed);
    value[0] += own;
}

static const Task lists = { 12, digit_leaf, list_node }, groups = { 1, group_leaf, group_node };

static Net *learn(const Task *task, const char *cell, const char *activation, long epochs, int threads)
{
    Err err = { 0 };
    NetDef *def = toy_def("learn", 1);
    bool classes = task == &lists;
    def->input_shape = (Shape){ 2, { MOST, task->features } };
    assert_true(
        toy_layer_as(def, NULL, NULL, "recursive", (const char *const[]){ "32", cell, activation, NULL }));
    if (classes)
        TOY_LAYER(def, "dense", "10", "softmax");
    else
        TOY_LAYER(def, "dense", "1");
    Net *net = toy_net(def, 5);
    TrainData *data = grow_all(task);
    data->target_kind = classes ? 'c' : 'n';
    data->n_levels = classes ? 10 : 0;
    TrainConfig config = toy_config(epochs, 32);
    config.lr = 0.005;
    config.clip = 1;
    config.threads = threads;
    Net *trained = net_train_data(net, data, &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s", err.message);
    net_unref(net);
    return trained;
}

static double last_loss(Net *trained)
{
    double loss = trained->history->rows[trained->history->n - 1].valid_loss;
    net_unref(trained);
    return loss;
}

static double accuracy_of(const Net *net, const TrainData *data)
{
    Err err = { 0 };
    real out[VALID * 10];
    Feed feed = traindata_feed(data, &data->valid);
    size_t right = 0;
    assert_true(net_forward_feed(net, &feed, VALID, out, 1, NULL, &err));
    for (size_t i = 0; i < VALID; i++) {
        size_t best = 0;
        for (size_t k = 1; k < 10; k++)
            if (out[i * 10 + k] > out[i * 10 + best]) best = k;
        right += (real)best == data->valid.y[i];
    }
    return (double)right / VALID;
}

/* Guessing the commonest digit is right in a sixth of the lists. */
static void test_lists(void **state)
{
    static const double floors[] = { 0.7, 0.88, 0.72 };
    (void)state;
    TrainData *data = grow_all(&lists);
    for (size_t k = 0; k < 3; k++) {
        Net *net = learn(&lists, cells[k], NULL, 25, 1);
        double accuracy = accuracy_of(net, data);
        if (accuracy < floors[k]) fail_msg("%s: %.3f", cells[k], accuracy);
        net_unref(net);
    }
    traindata_free(data);
}

/* A simple network without an activation can be the sum itself. The mean leaves more than 1. */
static void test_groups(void **state)
{
    (void)state;
    assert_true(last_loss(learn(&groups, "cell=simple", "linear", 30, 1)) < 0.05);
    assert_true(last_loss(learn(&groups, "cell=lstm", "relu", 15, 1)) < 0.02);
}

static void test_threads(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        Net *one = learn(&lists, cells[k], NULL, 1, 1);
        for (int threads = 2; threads <= 3; threads++) {
            Net *more = learn(&lists, cells[k], NULL, 1, threads);
            assert_memory_equal(one->params->values, more->params->values,
                                one->plan->n_weights * sizeof(real));
            net_unref(more);
        }
        net_unref(one);
    }
}

/* ---- shapes */

static void test_shape_errors(void **state)
{
    Err err = { 0 };
    (void)state;
    NetDef *def = toy_def("bad", 7);
    TOY_LAYER(def, "recursive", "4");
    Net *net = net_new(def, 1);
    assert_false(net_prepare(net, NULL, &err));
    assert_non_null(strstr(err.message, "needs (nodes, features)"));
    net_unref(net);
    netdef_unref(def);
    def = toy_def("bad", 1);
    def->input_shape = (Shape){ 2, { 10, 5 } };
    TOY_LAYER(def, "conv1d", "4", "kernel=3", "padding=valid");
    TOY_LAYER(def, "recursive", "4");
    net = net_new(def, 1);
    err = (Err){ 0 };
    assert_false(net_prepare(net, NULL, &err));
    assert_non_null(strstr(err.message, "the nodes of the input"));
    net_unref(net);
    netdef_unref(def);
}

static void test_shapes(void **state)
{
    static const size_t recurrent[] = { 8 * 8, 8 * 32, 16 * 40 }, columns[] = { 8, 32, 32 };
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        NetDef *def = toy_def("shapes", 1);
        def->input_shape = (Shape){ 2, { 10, 5 } };
        TOY_LAYER(def, "recursive", "8", cells[k], "sequences=on");
        TOY_LAYER(def, "recursive", "6");
        Net *net = toy_net(def, 1);
        assert_true(shape_equal(net->plan->layers[0].out, (Shape){ 2, { 10, 8 } }));
        assert_true(shape_equal(net->plan->layers[1].out, (Shape){ 1, { 6 } }));
        assert_int_equal(net->plan->layers[0].n_weights, recurrent[k] + 5 * columns[k] + columns[k]);
        const real *bias = net->params->values + net->plan->layers[0].tensors[2].offset;
        assert_true(bias[0] == (k > 0) && bias[7] == (k > 0) && (k == 0 || bias[8] == 0));
        net_unref(net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_shares),       cmocka_unit_test(test_order),
        cmocka_unit_test(test_empty),   cmocka_unit_test(test_lists),        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_threads), cmocka_unit_test(test_shape_errors), cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests_name("model_recursive", tests, NULL, NULL);
}
