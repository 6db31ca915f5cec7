/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets over windows and sequences. A window is the same to the bit as a row that holds its values as
 * columns; samples of different length are masked; rows that end no sample have no score. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/split.h"
#include "model/model.h"
#include "model/score.h"
#include "model/traindata.h"

enum { IDS = 9, DAYS = 60, N = IDS * DAYS, LENGTH = 5, WIDTH = 2 };

static double value(int id, int day, int k)
{
    return sin(0.37 * id + 1.9 * day + 2.3 * k + 0.05 * day * id);
}

static double label(int id, int day)
{
    return value(id, day, 0) * value(id, day - 1, 1) - 0.5 * value(id, day - LENGTH + 1, 0);
}

static Column *numbers(size_t n)
{
    return column_new(COLUMN_NUMBER, n, NULL);
}

static Frame *finish(const char *const *names, Column **columns, int n_columns, size_t n)
{
    for (int i = 0; i < n_columns; i++) column_finish(columns[i]);
    Frame *frame = frame_new(names, columns, n_columns, n, "test");
    frame_set_role(frame, "id", ROLE_ID, NULL);
    frame_set_role(frame, "t", ROLE_TIME, NULL);
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    return frame;
}

/* id, t, a, b, y: a row a day. */
static Frame *long_frame(void)
{
    const char *names[] = { "id", "t", "a", "b", "y" };
    Column *columns[5];
    for (int c = 0; c < 5; c++) columns[c] = numbers(N);
    for (int i = 0; i < N; i++) {
        int id = i / DAYS, day = i % DAYS;
        columns[0]->numbers[i] = id;
        columns[1]->numbers[i] = day;
        columns[2]->numbers[i] = value(id, day, 0);
        columns[3]->numbers[i] = value(id, day, 1);
        columns[4]->numbers[i] = label(id, day);
    }
    return finish(names, columns, 5, N);
}

/* The same days with all values of the window as columns; only days with a whole window. */
static Frame *wide_frame(void)
{
    static const char *const names[] = { "id", "t",  "a1", "b1", "a2", "b2", "a3",
                                         "b3", "a4", "b4", "a5", "b5", "y" };
    enum { COLUMNS = 13, ROWS = IDS * (DAYS - LENGTH + 1) };
    Column *columns[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) columns[c] = numbers(ROWS);
    int row = 0;
    for (int id = 0; id < IDS; id++)
        for (int day = LENGTH - 1; day < DAYS; day++, row++) {
            columns[0]->numbers[row] = id;
            columns[1]->numbers[row] = day;
            for (int k = 0; k < LENGTH * WIDTH; k++)
                columns[2 + k]->numbers[row] = value(id, day - LENGTH + 1 + k / WIDTH, k % WIDTH);
            columns[12]->numbers[row] = label(id, day);
        }
    return finish(names, columns, COLUMNS, ROWS);
}

/* Days up to 40 train, up to 50 validate. */
static void split(Frame *frame)
{
    SplitPlan plan = { .train = 1, .given_train = true, .stratify = -1, .group = -1, .fold_column = -1 };
    frame->split = split_make(frame, &plan, NULL, NULL);
    for (size_t i = 0; i < frame->n_rows; i++) {
        double day = frame->columns[1].column->numbers[i];
        frame->split->part[i] = day < 40 ? PART_TRAIN : day < 50 ? PART_VALID : PART_TEST;
    }
}

static void add(NetDef *def, const char *name, const char *key, const char *word, double number)
{
    const Kind *kind = kind_find(&layer_kinds, name);
    Arg args[2];
    Err err = { 0 };
    int n = 0;
    if (number > 0) args[n++] = (Arg){ .value = value_number(number) };
    if (word) args[n++] = (Arg){ .key = key, .value = value_word(def->arena, word) };
    Options *options = arena_take(def->arena, sizeof *options);
    assert_non_null(kind);
    if (!options_bind(kind, &(Args){ args, n }, def->arena, (Span){ 0 }, options, &err))
        fail_msg("%s", err.message);
    if (!netdef_add(def, (const LayerKind *)(const void *)kind, options, NULL, (Span){ 0 }, &err))
        fail_msg("%s", err.message);
}

static Net *trained(const Frame *frame, const char *reduce, const char *word, long epochs)
{
    Err err = { 0 };
    NetDef *def = netdef_new("m");
    def->input_frame = "test";
    if (reduce) add(def, reduce, word ? "how" : NULL, word, 0);
    add(def, "dense", "activation", "tanh", 6);
    add(def, "dense", NULL, NULL, 1);
    Prep *prep = prep_fit(frame, "test", (ValueList){ 0 }, true, NULL, NULL, &err);
    if (!prep) fail_msg("%s", err.message);
    Net *net = net_new(def, 1);
    if (!net_prepare(net, prep, &err)) fail_msg("%s", err.message);
    TrainConfig config = {
        .epochs = epochs, .batch = 16, .lr = 0.01, .clip = NAN, .weight_decay = NAN, .seed = 3, .threads = 1
    };
    Net *result = epochs ? net_train(net, frame, &config, NULL, NULL, &err) : net_ref(net);
    if (!result || err.code) fail_msg("%s", err.message);
    net_unref(net);
    prep_unref(prep);
    netdef_unref(def);
    return result;
}

static void scores(const Net *net, const Frame *frame, double *out)
{
    Err err = { 0 };
    Model *model = model_of_net(net, "m", 1);
    if (!model->kind->score(model, frame, NULL, frame->n_rows, out, NULL, NULL, NULL, &err))
        fail_msg("%s", err.message);
    model_unref(model);
}

static void test_windows_are_columns(void **state)
{
    (void)state;
    Frame *narrow = long_frame(), *wide = wide_frame();
    frame_set_sample(narrow, (SampleRule){ .kind = SAMPLE_WINDOW, .length = LENGTH, .step = 1 });
    split(narrow);
    split(wide);
    Net *a = trained(narrow, "flatten", NULL, 4), *b = trained(wide, NULL, NULL, 4);
    double of_a[N], of_b[N];
    char hash_a[9], hash_b[9];
    assert_int_equal(a->plan->in.n_dims, 2);
    assert_int_equal(a->plan->in.dims[0], LENGTH);
    assert_int_equal(a->plan->in.dims[1], WIDTH);
    assert_int_equal(a->prep->n_train, b->prep->n_train);
    assert_memory_equal(a->params->values, b->params->values, a->params->n_weights * sizeof(real));
    net_hash(a, hash_a);
    net_hash(b, hash_b);
    assert_string_equal(hash_a, hash_b);
    assert_true(a->history->rows[3].valid_loss == b->history->rows[3].valid_loss);
    assert_true(a->history->rows[3].train_loss < a->history->rows[0].train_loss);
    scores(a, narrow, of_a);
    scores(b, wide, of_b);
    for (int i = 0, row = 0; i < N; i++) {
        if (i % DAYS < LENGTH - 1)
            assert_true(isnan(of_a[i]));
        else
            assert_true(of_a[i] == of_b[row++]);
    }
    net_unref(a);
    net_unref(b);
    frame_unref(narrow);
    frame_unref(wide);
}

/* Rows in another order, and scoring few of them, change nothing. */
static void test_rows_asked_for(void **state)
{
    (void)state;
    Frame *frame = long_frame();
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_WINDOW, .length = LENGTH, .step = 1 });
    split(frame);
    Net *net = trained(frame, "flatten", NULL, 1);
    double all[N], some[4];
    uint32_t rows[] = { 300, 7, 2, 59 };
    scores(net, frame, all);
    Model *model = model_of_net(net, "m", 1);
    assert_true(model->kind->score(model, frame, rows, 4, some, NULL, NULL, NULL, NULL));
    for (int i = 0; i < 4; i++)
        assert_true(some[i] == all[rows[i]] || (isnan(some[i]) && isnan(all[rows[i]])));
    assert_true(isnan(some[2]) && !isnan(some[1]));
    SortKey key = { 2, true };
    frame_sort(frame, &key, 1, NULL);
    double sorted[N];
    scores(net, frame, sorted);
    for (size_t i = 0; i < N; i++) {
        double there = all[frame_physical(frame, i)];
        assert_true(sorted[i] == there || (isnan(sorted[i]) && isnan(there)));
    }
    model_unref(model);
    net_unref(net);
    frame_unref(frame);
}

/* The label of a horizon is that of a later row, and of the same part. */
static void test_horizon(void **state)
{
    (void)state;
    Frame *frame = long_frame();
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_WINDOW, .length = LENGTH, .step = 1, .horizon = 3 });
    split(frame);
    Net *net = trained(frame, "flatten", NULL, 0);
    Err err = { 0 };
    TrainData *data = traindata_from_frame(net, frame, false, NULL, &err);
    assert_int_equal(data->train.n, IDS * (40 - LENGTH + 1 - 3));
    assert_int_equal(data->valid.n, IDS * (10 - 3));
    for (size_t i = 0; i < data->valid.n; i++) {
        int row = (int)trainpart_row(&data->valid, i) - 1;
        assert_true(fabs((double)data->valid.y[i] - label(row / DAYS, row % DAYS + 3)) < 1e-6);
    }
    traindata_free(data);
    net_unref(net);
    frame_unref(frame);
}

/* A mean over the steps that are there, whatever the longest has. */
static void test_ragged(void **state)
{
    (void)state;
    uint8_t keep[N];
    Frame *frame = long_frame();
    for (int i = 0; i < N; i++) keep[i] = i % DAYS < 3 + 6 * (i / DAYS);
    frame_filter(frame, keep, NULL);
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_SEQUENCE });
    Net *net = trained(frame, "globalpool", "average", 3);
    size_t n = frame->n_rows;
    double out[N];
    assert_int_equal(net->plan->in.dims[0], 3 + 6 * (IDS - 1));
    assert_int_equal(net->prep->n_train, IDS);
    scores(net, frame, out);
    for (size_t i = 0; i < n; i++) {
        size_t row = frame_physical(frame, i), id = row / DAYS, days = 3 + 6 * id;
        if (row % DAYS + 1 != days) {
            assert_true(isnan(out[i]));
            continue;
        }
        real mean[WIDTH], y;
        for (int k = 0; k < WIDTH; k++) {
            double sum = 0;
            for (size_t d = 0; d < days; d++) sum += value((int)id, (int)d, k);
            mean[k] = (real)(sum / (double)days);
        }
        const real *w = net->params->values;
        const LayerPlan *one = &net->plan->layers[net->plan->n_layers - 2], *two = one + 1;
        double z = (double)w[two->weights + two->tensors[1].offset];
        for (int u = 0; u < 6; u++) {
            double h = (double)w[one->weights + one->tensors[1].offset + (size_t)u];
            for (int k = 0; k < WIDTH; k++) h += (double)(mean[k] * w[one->weights + (size_t)(k * 6 + u)]);
            z += tanh(h) * (double)w[two->weights + (size_t)u];
        }
        y = (real)z;
        assert_true(fabs(out[i] - (double)y) < 1e-5);
    }
    net_unref(net);
    frame_unref(frame);
}

/* Explicit sizes lay the columns of a row out anew. */
static void test_shape(void **state)
{
    (void)state;
    Frame *frame = wide_frame();
    Err err = { 0 };
    NetDef *def = netdef_new("m");
    def->input_shape = (Shape){ 2, { LENGTH, WIDTH } };
    add(def, "flatten", NULL, NULL, 0);
    add(def, "dense", NULL, NULL, 1);
    Prep *prep = prep_fit(frame, "test", (ValueList){ 0 }, true, NULL, NULL, &err);
    Net *net = net_new(def, 1);
    assert_true(net_prepare(net, prep, &err));
    assert_int_equal(net->plan->in.n_dims, 2);
    def->input_shape.dims[0] = 4;
    Net *other = net_new(def, 1);
    assert_false(net_prepare(other, prep, &err));
    net_unref(other);
    net_unref(net);
    prep_unref(prep);
    netdef_unref(def);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows_are_columns),
        cmocka_unit_test(test_rows_asked_for),
        cmocka_unit_test(test_horizon),
        cmocka_unit_test(test_ragged),
        cmocka_unit_test(test_shape),
    };
    return cmocka_run_group_tests_name("model: samples", tests, NULL, NULL);
}
