/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets over frames: preparation, training, scoring as a MODEL, sweeps, cross-validation. */
#include "unit/data_frames.h"

#include "model/probe.h"
#include "model/search.h"
#include "support/toynet.h"

enum { ROWS = 600 };

/* x1, x2, x3 and y = 1 where a sum of them with noise is positive; split 60/20/20. */
static Frame *make_frame(void)
{
    static const char *const names[] = { "x1", "x2", "x3", "y" };
    double values[4][ROWS];
    uint64_t seed = 3;
    Column *columns[4];
    Err err = { 0 };
    for (size_t i = 0; i < ROWS; i++) {
        for (int j = 0; j < 3; j++) values[j][i] = test_random(&seed) * 2 - 1;
        double noise = test_random(&seed) - 0.5;
        values[3][i] = values[0][i] + values[1][i] * values[2][i] + noise > 0;
    }
    values[3][5] = NAN; /* a row without a target */
    for (int j = 0; j < 4; j++) columns[j] = numbers_column(values[j], ROWS);
    Frame *frame = frame_new(names, columns, 4, ROWS, "test");
    if (!frame_set_role(frame, "y", ROLE_TARGET, &err)) fail_msg("%s", err.message);
    if (!frame->hash) frame->hash = "test";
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    split_frame(frame, &plan);
    return frame;
}

static NetDef *make_def(void)
{
    NetDef *def = netdef_new("pd");
    def->input_frame = "t";
    TOY_LAYER(def, "dense", "12", "tanh");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    return def;
}

/* Takes over the definition. */
static Net *prepared_of(NetDef *def, const Frame *frame)
{
    Err err = { 0 };
    Net *net = net_new(def, 1);
    Prep *prep = prep_fit(frame, "t", (ValueList){ 0 }, true, NULL, NULL, &err);
    if (!prep || !net_prepare(net, prep, &err)) fail_msg("%s", err.message);
    prep_unref(prep);
    netdef_unref(def);
    return net;
}

static Net *prepared(const Frame *frame)
{
    return prepared_of(make_def(), frame);
}

static TrainConfig config_with_auc(long epochs)
{
    TrainConfig config = toy_config(epochs, 32);
    config.metrics[config.n_metrics++] = metric_find("auc");
    config.lr = 0.01;
    return config;
}

static double last_loss(const Net *net)
{
    return net->history->rows[net->history->n - 1].valid_loss;
}

static double last_auc(const Net *net)
{
    return net->history->rows[net->history->n - 1].valid[0];
}

static void test_train_and_score(void **state)
{
    (void)state;
    Frame *frame = make_frame();
    Net *net = prepared(frame);
    TrainConfig config = config_with_auc(40);
    Err err = { 0 };
    Net *trained = net_train(net, frame, &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s", err.message);
    assert_string_equal(trained->loss_name, "bce");
    assert_string_equal(trained->history->metrics[0], "auc");
    assert_true(last_auc(trained) > 0.8);
    assert_true(trained->history->rows[39].train[0] > 0.8);
    /* The model's scores of validation rows give the same figure. */
    Model *model = model_of_net(trained, "pd", 2);
    uint32_t *rows = NULL;
    size_t n = 0;
    double score[ROWS], target[ROWS];
    assert_true(frame_part(frame, "valid", &rows, &n, &err));
    assert_true(model->kind->score(model, frame, rows, n, score, NULL, NULL, NULL, &err));
    assert_true(prep_target(model->prep, frame, rows, n, target, &err));
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(target[i])) continue;
        score[kept] = score[i];
        target[kept++] = target[i];
    }
    Scored scored = { .n = kept, .n_outputs = 1, .target = target, .score = score, .reference = NAN };
    assert_true(fabs(metric_find("auc")->value(&scored) - last_auc(trained)) < 1e-12);
    mem_free(rows);
    model_unref(model);
    net_unref(trained);
    net_unref(net);
    frame_unref(frame);
}

static void test_monitor_a_metric(void **state)
{
    (void)state;
    Frame *frame = make_frame();
    Net *net = prepared(frame);
    TrainConfig config = toy_config(20, 32);
    config.monitor = "valid.ks";
    config.keep_best = true;
    Err err = { 0 };
    Net *trained = net_train(net, frame, &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s", err.message);
    const History *history = trained->history;
    for (int i = 0; i < history->n; i++) assert_true(history->rows[i].valid[0] <= history->best_value);
    assert_int_equal(trained->epoch, history->best_epoch);
    Arena *arena = arena_new();
    Value record = history_record(history, arena);
    History *back = history_from_record(record.record, &err);
    assert_non_null(back);
    assert_int_equal(back->n, history->n);
    assert_true(back->rows[7].valid_loss == history->rows[7].valid_loss);
    assert_string_equal(back->monitor, "valid.ks");
    history_unref(back);
    arena_free(arena);
    net_unref(trained);
    net_unref(net);
    frame_unref(frame);
}

/* Of a figure that is best at a value the epoch nearest to it is kept, not the lowest. */
static void test_keep_nearest(void **state)
{
    (void)state;
    Frame *frame = make_frame();
    Net *net = prepared(frame);
    TrainConfig config = config_with_auc(15);
    config.monitor = "valid.slope";
    config.keep_best = true;
    Err err = { 0 };
    Net *trained = net_train(net, frame, &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s", err.message);
    const History *history = trained->history;
    int place = 0, lower = 0;
    while (strcmp(history->metrics[place], "slope") != 0) place++;
    for (int i = 0; i < history->n; i++) {
        double slope = history->rows[i].valid[place];
        assert_true(fabs(slope - 1) >= fabs(history->best_value - 1));
        lower += slope < history->best_value;
    }
    assert_true(lower > 0);
    config.monitor = "valid.uncertainty";
    assert_null(net_train(net, frame, &config, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_no_monitor);
    net_unref(trained);
    net_unref(net);
    frame_unref(frame);
}

static bool set_rate(void *context, const SweepPlan *plan, const Value **values, Arena *arena,
                     TrainConfig *config, Err *err)
{
    (void)context, (void)plan, (void)arena, (void)err;
    config->lr = values[0]->number;
    return true;
}

static Sweep *sweep(const Net *net, const Frame *frame, int threads, long tries, Err *err)
{
    Value rates[] = { value_number(0.003), value_number(0.03), value_number(1e30) };
    Value units[] = { value_number(4), value_number(16) };
    SweepAxis axes[] = { { "lr", { rates, 3 } }, { "dense1.units", { units, 2 } } };
    SweepPlan plan = { .net = net,
                       .frame = frame,
                       .config = config_with_auc(15),
                       .axes = axes,
                       .n_axes = 2,
                       .tries = tries,
                       .seed = 1,
                       .metric = "valid.auc",
                       .configure = set_rate,
                       .threads = threads };
    plan.config.keep_best = true;
    return sweep_run(&plan, NULL, NULL, err);
}

static void test_sweep(void **state)
{
    (void)state;
    Frame *frame = make_frame();
    Net *net = prepared(frame);
    Err err = { 0 };
    Sweep *one = sweep(net, frame, 1, 0, &err), *two = sweep(net, frame, 2, 0, &err);
    assert_non_null(one);
    assert_non_null(two);
    assert_int_equal(one->n, 6);
    assert_true(one->metric_kind && one->metric_kind->up && one->best >= 0 && one->best < 4);
    assert_true(one->points[1].values[0]->number == 0.003 && one->points[1].values[1]->number == 16);
    assert_int_equal(one->points[1].net->plan->layers[0].out.dims[0], 16);
    for (int i = 0; i < 4; i++) {
        assert_true(one->points[i].value == two->points[i].value);
        assert_true(one->points[i].value <= one->points[one->best].value);
    }
    sweep_free(one);
    sweep_free(two);
    Sweep *some = sweep(net, frame, 1, 3, &err);
    assert_int_equal(some->n, 3);
    sweep_free(some);
    SweepAxis odd = { "shape", { (Value[]){ value_number(1) }, 1 } };
    SweepPlan plan = { .net = net, .frame = frame, .config = config_with_auc(1), .axes = &odd, .n_axes = 1 };
    assert_null(sweep_run(&plan, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_unknown_option);
    plan.metric = "valid.uncertainty";
    err = (Err){ 0 };
    assert_null(sweep_run(&plan, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_no_monitor);
    net_unref(net);
    frame_unref(frame);
}

static Model *cross(const Frame *frame, const int32_t *fold, int threads, bool best)
{
    static const uint64_t seeds[] = { 1, 2 };
    Err err = { 0 };
    NetDef *def = make_def();
    CrossPlan plan = { .def = def,
                       .frame = frame,
                       .name = "cv",
                       .frame_name = "t",
                       .fold = fold,
                       .k = 4,
                       .seeds = seeds,
                       .n_seeds = 2,
                       .config = config_with_auc(20),
                       .threads = threads };
    plan.config.keep_best = best;
    Model *model = crossvalidate_run(&plan, NULL, NULL, &err);
    if (!model) fail_msg("%s", err.message);
    netdef_unref(def);
    return model;
}

/* A row's forecast comes from nets that never saw it: changing its target changes nothing in it. */
static void test_crossvalidation_is_out_of_sample(void **state)
{
    (void)state;
    Frame *frame = make_frame();
    int32_t fold[ROWS];
    Err err = { 0 };
    assert_true(folds_make(frame, 4, 1, fold, &err));
    Model *model = cross(frame, fold, 1, true), *threaded = cross(frame, fold, 2, true);
    double before[ROWS], after[ROWS], same[ROWS];
    assert_true(model->kind->score(model, frame, NULL, ROWS, before, NULL, NULL, NULL, &err));
    assert_true(threaded->kind->score(threaded, frame, NULL, ROWS, same, NULL, NULL, NULL, &err));
    assert_memory_equal(before, same, sizeof before);
    size_t row = 0;
    while (fold[row] != 2) row++;
    double *y = frame->columns[3].column->numbers;
    y[frame_physical(frame, row)] = 1 - y[frame_physical(frame, row)];
    Model *changed = cross(frame, fold, 1, true);
    assert_true(changed->kind->score(changed, frame, NULL, ROWS, after, NULL, NULL, NULL, &err));
    size_t others = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (fold[i] == 2) assert_true(before[i] == after[i]);
        others += fold[i] >= 0 && before[i] != after[i];
        assert_true(before[i] > 0 && before[i] < 1);
    }
    assert_true(others > ROWS / 4);
    const CrossState *cross_state = model_cross_state(model);
    assert_int_equal(cross_state->k, 4);
    assert_non_null(cross_state->nets[7]);
    model_unref(model);
    model_unref(threaded);
    model_unref(changed);
    frame_unref(frame);
}

static Net *go_on(const Net *net, const Frame *frame, long epochs)
{
    Err err = { 0 };
    TrainConfig config = toy_config(epochs, 32);
    Net *trained = net_train(net, frame, &config, NULL, NULL, &err);
    if (!trained) fail_msg("%s", err.message);
    return trained;
}

/* Weights, statistics, moments, order of the data and dropout: training goes on as if nobody had looked. */
static void test_lrfind_leaves_no_trace(void **state)
{
    (void)state;
    Frame *frame = make_frame();
    NetDef *def = netdef_new("pd");
    def->input_frame = "t";
    TOY_LAYER(def, "dense", "12", "tanh");
    TOY_LAYER(def, "batchnorm", NULL);
    TOY_LAYER(def, "dropout", "0.2");
    TOY_LAYER(def, "dense", "1", "sigmoid");
    Net *net = prepared_of(def, frame), *two = go_on(net, frame, 2), *four = go_on(two, frame, 2);
    TrainConfig config = toy_config(1, 32);
    RateFind find;
    char before[9], after[9];
    net_hash(two, before);
    assert_true(net_lrfind(two, frame, &config, 1e-5, 10, 60, &find, NULL, NULL, NULL));
    assert_true(find.n > 20 && find.smooth[find.n - 1] != find.smooth[0]);
    net_hash(two, after);
    assert_string_equal(before, after);
    Net *again = go_on(two, frame, 2);
    net_hash(four, before);
    net_hash(again, after);
    assert_string_equal(before, after);
    assert_true(last_loss(four) == last_loss(again));
    mem_free(find.lr);
    Net *const nets[] = { again, four, two, net };
    for (int i = 0; i < 4; i++) net_unref(nets[i]);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_train_and_score),
        cmocka_unit_test(test_monitor_a_metric),
        cmocka_unit_test(test_keep_nearest),
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_lrfind_leaves_no_trace),
        cmocka_unit_test(test_crossvalidation_is_out_of_sample),
    };
    return cmocka_run_group_tests_name("model_search", tests, NULL, NULL);
}
