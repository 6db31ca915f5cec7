/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balancing never leaves the training part: over random frames, splits, methods and sample rules every row
 * that training sees comes from training rows alone, and validation rows are those of no balancing to the
 * bit. */
#include "data_frames.h"

#include "data/foldplan.h"
#include "model/traindata.h"
#include "support/toynet.h"

enum { CASES = 60, MOST = 400, IDS = 8 };

/* Inputs of training rows lie in [0, 1], of all others over 100: no mixture of the two goes unseen. */
typedef struct Case {
    uint64_t seed;
    size_t n;
    uint8_t part[MOST];
    int level[MOST];
    const char *method;
    bool dated, weighted, windows, three;
    double ratio;
} Case;

static double draw(Case *c)
{
    return test_random(&c->seed);
}

static double weight_of(size_t row)
{
    return 0.5 + (double)(row % 7) / 4;
}

static Case random_case(int number)
{
    static const char *const methods[] = { "over", "under", "smote", "adasyn", "tomek" };
    Case c = { .seed = (uint64_t)number * 977 + 5, .method = methods[number % 5] };
    c.n = 200 + (size_t)(draw(&c) * 200);
    c.windows = number % 5 < 2 && draw(&c) < 0.4;
    c.dated = !c.windows && draw(&c) < 0.4;
    c.weighted = draw(&c) < 0.4;
    c.three = draw(&c) < 0.3;
    c.ratio = draw(&c) < 0.5 ? 1 : 0.6;
    for (size_t i = 0; i < c.n; i++) {
        double u = draw(&c), v = draw(&c);
        c.part[i] = u < 0.6 ? PART_TRAIN : u < 0.8 ? PART_VALID : u < 0.95 ? PART_TEST : PART_NONE;
        c.level[i] = v < 0.15 ? 1 : v < 0.3 && c.three ? 2 : 0;
    }
    for (size_t i = 0; c.windows && i < c.n; i++) c.part[i] = i % 40 < 20 ? PART_TRAIN : PART_VALID;
    return c;
}

static Frame *frame_of(Case *c)
{
    static const char *const names[] = { "x1", "x2", "y", "t", "w", "id" };
    double x[6][MOST];
    for (size_t i = 0; i < c->n; i++) {
        double far = c->part[i] == PART_TRAIN ? 0 : 100;
        x[0][i] = far + draw(c);
        x[1][i] = far + draw(c);
        x[2][i] = c->level[i];
        x[3][i] = (double)(i / IDS);
        x[4][i] = weight_of(i);
        x[5][i] = c->windows ? (double)(i / 20) : (double)i;
    }
    Column *columns[6];
    for (int k = 0; k < 6; k++) columns[k] = numbers_column(x[k], c->n);
    if (c->three) {
        static const char *const levels[] = { "a", "b", "c" };
        uint32_t codes[MOST];
        for (size_t i = 0; i < c->n; i++) codes[i] = (uint32_t)c->level[i] + 1;
        column_unref(columns[2]);
        columns[2] = category_column(levels, 3, codes, c->n);
    }
    Frame *frame = frame_new(names, columns, 6, c->n, "random");
    Err err = { 0 };
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    frame_set_role(frame, "id", ROLE_ID, NULL);
    frame_set_role(frame, "t", c->dated || c->windows ? ROLE_TIME : ROLE_HELD, NULL);
    frame_set_role(frame, "w", c->weighted ? ROLE_WEIGHT : ROLE_HELD, NULL);
    frame->split = split_from_parts(frame, c->part, &err);
    assert_non_null(frame->split);
    if (c->windows) frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_WINDOW, .length = 3, .step = 1 });
    return frame;
}

static void add_balance(Frame *frame, const Case *c)
{
    Arena *arena = arena_new();
    Arg items[] = { { .key = "method", .value = word(c->method) },
                    { .key = "ratio", .value = value_number(c->ratio) } };
    Args args = { items, strcmp(c->method, "tomek") ? 2 : 1 };
    const Kind *kind = kind_find(&step_kinds, "balance");
    Options options;
    assert_true(options_bind(kind, &args, arena, (Span){ 0 }, &options, NULL));
    Recipe *longer = recipe_with(frame->recipe, (const StepKind *)kind, &options);
    recipe_unref(frame->recipe);
    frame->recipe = longer;
    arena_free(arena);
}

static Net *net_for(const Case *c, const Frame *frame, uint64_t seed)
{
    Err err = { 0 };
    NetDef *def = netdef_new("m");
    if (c->windows) TOY_LAYER(def, "flatten", NULL);
    TOY_LAYER(def, "dense", c->three ? "3" : "1", c->three ? "softmax" : "sigmoid");
    Net *net = net_new(def, seed);
    Prep *prep = prep_fit(frame, "random", (ValueList){ 0 }, true, NULL, NULL, &err);
    if (!prep || !net_prepare(net, prep, &err)) fail_msg("%s", err.message);
    prep_unref(prep);
    netdef_unref(def);
    return net;
}

static TrainData *data_for(const Case *c, const Frame *frame, uint64_t seed)
{
    Err err = { 0 };
    Net *net = net_for(c, frame, seed);
    TrainData *data = traindata_from_frame(net, frame, c->dated, NULL, &err);
    if (!data) fail_msg("%s: %s", c->method, err.message);
    net_unref(net);
    return data;
}

/* ---- what must hold */

static const real *inputs_of(const TrainData *data, const TrainPart *part, size_t i)
{
    return part->x ? part->x + i * data->n_features : data->shared + part->start[i] * data->feed.width;
}

static size_t inputs_n(const TrainData *data, const TrainPart *part, size_t i)
{
    return part->x ? data->n_features : (part->end[i] - part->start[i]) * data->feed.width;
}

static void check_untouched(const TrainData *with, const TrainData *without)
{
    const TrainPart *a = &with->valid, *b = &without->valid;
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_true(a->y[i] == b->y[i] && a->row_numbers[i] == b->row_numbers[i]);
        assert_int_equal(inputs_n(with, a, i), inputs_n(without, b, i));
        assert_memory_equal(inputs_of(with, a, i), inputs_of(without, b, i),
                            inputs_n(with, a, i) * sizeof(real));
    }
}

static void check_sources(const Case *c, const TrainData *data)
{
    const TrainPart *train = &data->train;
    for (size_t i = 0; i < train->n; i++) {
        size_t row = train->row_numbers[i] - 1;
        assert_int_equal(c->part[row], PART_TRAIN);
        assert_int_equal((int)train->y[i], c->level[row]);
        if (c->weighted) assert_true(train->row_weight[i] == weight_of(row));
        for (size_t j = 0; j < inputs_n(data, train, i); j++) {
            double x = (double)inputs_of(data, train, i)[j];
            assert_true(x >= 0 && x <= 1);
        }
    }
}

static void count_levels(const TrainData *data, size_t counts[3])
{
    memset(counts, 0, 3 * sizeof *counts);
    for (size_t i = 0; i < data->train.n; i++) counts[(int)data->train.y[i]]++;
}

static void check_counts(const Case *c, const TrainData *with, const TrainData *without)
{
    size_t after[3], before[3], most = 0, least = SIZE_MAX;
    int levels = c->three ? 3 : 2;
    count_levels(with, after);
    count_levels(without, before);
    for (int k = 0; k < levels; k++) {
        most = before[k] > most ? before[k] : most;
        least = before[k] < least ? before[k] : least;
    }
    for (int k = 0; k < levels; k++) {
        double up = round(c->ratio * (double)most), down = round((double)least / c->ratio),
               n = (double)before[k];
        if (!strcmp(c->method, "over") || !strcmp(c->method, "smote"))
            assert_true((double)after[k] == fmax(n, up));
        else if (!strcmp(c->method, "under"))
            assert_true((double)after[k] == fmin(n, down));
        else if (!strcmp(c->method, "tomek"))
            assert_true(after[k] <= before[k] && (before[k] > least || after[k] == before[k]));
        else
            assert_true(fabs((double)after[k] - fmax(n, up)) <= n);
    }
}

/* Copies of a row stand on its date. */
static void check_dates(const Case *c, const TrainData *data)
{
    const TrainPart *train = &data->train;
    if (!c->dated) return;
    assert_int_equal(train->date_start[train->n_dates], train->n);
    for (size_t g = 0; g < train->n_dates; g++) {
        assert_true(train->date_start[g] < train->date_start[g + 1]);
        for (uint32_t i = train->date_start[g]; i < train->date_start[g + 1]; i++)
            assert_int_equal((train->row_numbers[i] - 1) / IDS,
                             (train->row_numbers[train->date_start[g]] - 1) / IDS);
    }
}

/* Every row as often as another of its class, give or take one. */
static void check_copies(const Case *c, const TrainData *data)
{
    size_t times[MOST] = { 0 }, low[3] = { SIZE_MAX, SIZE_MAX, SIZE_MAX }, high[3] = { 0 };
    for (size_t i = 0; i < data->train.n; i++) times[data->train.row_numbers[i] - 1]++;
    for (size_t i = 0; i < c->n; i++) {
        int k = c->level[i];
        if (times[i] == 0) continue;
        low[k] = times[i] < low[k] ? times[i] : low[k];
        high[k] = times[i] > high[k] ? times[i] : high[k];
    }
    for (int k = 0; k < 3; k++) assert_true(high[k] == 0 || high[k] <= low[k] + 1);
}

static bool same_train(const TrainData *a, const TrainData *b)
{
    size_t n = a->train.n;
    if (n != b->train.n) return false;
    if (a->train.x && memcmp(a->train.x, b->train.x, n * a->n_features * sizeof(real)) != 0) return false;
    return !memcmp(a->train.row_numbers, b->train.row_numbers, n * sizeof *a->train.row_numbers);
}

static void test_training_rows_only(void **state)
{
    (void)state;
    int differ = 0;
    for (int number = 0; number < CASES; number++) {
        Case c = random_case(number);
        Frame *frame = frame_of(&c);
        TrainData *without = data_for(&c, frame, 1);
        add_balance(frame, &c);
        TrainData *with = data_for(&c, frame, 1), *again = data_for(&c, frame, 1),
                  *other = data_for(&c, frame, 2);
        check_untouched(with, without);
        check_sources(&c, with);
        check_counts(&c, with, without);
        check_dates(&c, with);
        if (!strcmp(c.method, "over")) check_copies(&c, with);
        assert_true(same_train(with, again));
        differ += !same_train(with, other);
        TrainData *all[] = { without, with, again, other };
        for (int i = 0; i < 4; i++) traindata_free(all[i]);
        frame_unref(frame);
    }
    assert_true(differ > CASES / 3); /* tomek draws nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_training_rows_only) };
    return cmocka_run_group_tests_name("model_balance", tests, NULL, NULL);
}
