/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purge and embargo against their definition, and folds in time order: no training label interval meets a
 * test one, whatever their lengths. */
#include "data/foldplan.h"
#include "data_frames.h"

enum { ROWS = 300 };

typedef struct Labels {
    size_t n;
    int64_t from[ROWS], to[ROWS], edge[ROWS];
    uint8_t tests[ROWS], trains[ROWS];
} Labels;

/* Labels of random lengths at random times, ties among them; the test rows are one block or many. */
static Labels random_labels(uint64_t *seed, bool one_block, int64_t embargo)
{
    Labels out = { .n = 20 + (size_t)(test_random(seed) * (ROWS - 20)) };
    int64_t span = 1 + (int64_t)(test_random(seed) * 2 * (double)out.n);
    int64_t longest = (int64_t)(test_random(seed) * 40);
    int64_t low = (int64_t)(test_random(seed) * (double)span), high = low + span / 5;
    for (size_t i = 0; i < out.n; i++) {
        out.from[i] = (int64_t)(test_random(seed) * (double)span);
        out.to[i] = out.from[i] + (int64_t)(test_random(seed) * (double)(longest + 1));
        out.edge[i] = out.to[i] + embargo;
        out.tests[i] = one_block ? out.from[i] >= low && out.from[i] <= high : test_random(seed) < 0.2;
        out.trains[i] = !out.tests[i];
    }
    return out;
}

static void test_no_interval_meets(void **state)
{
    (void)state;
    uint64_t seed = 5;
    size_t purged = 0;
    for (int round = 0; round < 400; round++) {
        Labels labels = random_labels(&seed, round % 2, 0);
        LabelSpans spans = { labels.n, labels.from, labels.to, NULL };
        assert_true(purge_training(&spans, labels.tests, labels.trains, &purged, NULL));
        for (size_t i = 0; i < labels.n; i++)
            for (size_t j = 0; labels.trains[i] && j < labels.n; j++)
                if (labels.tests[j])
                    assert_true(labels.to[i] < labels.from[j] || labels.from[i] > labels.to[j]);
    }
    assert_true(purged > 1000);
}

/* One block: exactly those that FINANCE a5.5 names, with the greatest end, not the end of the last. */
static void test_one_block_is_exact(void **state)
{
    (void)state;
    uint64_t seed = 6;
    for (int round = 0; round < 400; round++) {
        int64_t embargo = round % 3 ? (int64_t)(test_random(&seed) * 20) : 0;
        Labels labels = random_labels(&seed, true, embargo), before = labels;
        LabelSpans spans = { labels.n, labels.from, labels.to, labels.edge };
        size_t purged = 0, expected = 0;
        int64_t low = INT64_MAX, high = INT64_MIN;
        for (size_t j = 0; j < labels.n; j++) {
            if (!labels.tests[j]) continue;
            if (labels.from[j] < low) low = labels.from[j];
            if (labels.to[j] > high) high = labels.to[j];
        }
        assert_true(purge_training(&spans, labels.tests, labels.trains, &purged, NULL));
        for (size_t i = 0; i < labels.n; i++) {
            bool meets = low <= high && labels.from[i] <= high && labels.to[i] >= low;
            bool follows = low <= high && labels.from[i] > high && labels.from[i] <= high + embargo;
            bool drops = before.trains[i] && (meets || follows);
            expected += drops;
            assert_int_equal(labels.trains[i], before.trains[i] && !drops);
        }
        assert_int_equal(purged, expected);
    }
}

/* Two series of days; the label of row i lives `life` days, in the column end. */
static Frame *panel(uint64_t seed)
{
    int64_t t[ROWS], id[ROWS], end[ROWS];
    double x[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        t[i] = (int64_t)(test_random(&seed) * 250) * 86400000000000;
        id[i] = (int64_t)(i % 2);
        end[i] = t[i] + (int64_t)(test_random(&seed) * 15) * 86400000000000;
        x[i] = test_random(&seed);
    }
    const char *names[] = { "t", "id", "end", "x" };
    Column *columns[] = { integers_column(COLUMN_TIME, t, ROWS), integers_column(COLUMN_INTEGER, id, ROWS),
                          integers_column(COLUMN_TIME, end, ROWS), numbers_column(x, ROWS) };
    columns[0]->unit = columns[2]->unit = UNIT_DAY;
    Frame *frame = frame_new(names, columns, 4, ROWS, "");
    assert_true(frame_set_role(frame, "t", ROLE_TIME, NULL) && frame_set_role(frame, "id", ROLE_ID, NULL));
    return frame;
}

/* Whether rows i and j of a panel have labels that meet, by the days in t and end. */
static bool overlap(const Frame *frame, size_t i, size_t j)
{
    const int64_t *t = frame->columns[0].column->integers, *end = frame->columns[2].column->integers;
    return t[i] <= end[j] && t[j] <= end[i];
}

static void expect_apart(const Frame *frame, const FoldPlan *plan)
{
    for (int k = 0; k < plan->k; k++) {
        const uint8_t *part = plan->part + (size_t)k * ROWS;
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < ROWS; j++) {
                bool judged = plan->fold[j] == k, validates = part[j] == PART_VALID && !judged;
                if (part[i] == PART_TRAIN && (judged || validates)) assert_false(overlap(frame, i, j));
                if (part[i] == PART_VALID && plan->fold[i] != k && judged) assert_false(overlap(frame, i, j));
            }
    }
}

static void test_purged_folds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 9; seed++) {
        Frame *frame = panel(seed);
        LabelRule rule = { .purge = value_missing(), .embargo = value_missing(), .end = "end" };
        FoldPlan plan;
        int64_t last = INT64_MIN;
        assert_true(foldplan_purged(frame, 5, &rule, seed % 2, &plan, NULL));
        expect_apart(frame, &plan);
        assert_true(plan.purged > 0);
        for (int k = 0; k < 5; k++) { /* blocks of time that do not divide a day, and cover every row */
            int64_t low = INT64_MAX, high = INT64_MIN;
            for (size_t i = 0; i < ROWS; i++) {
                int64_t t = frame->columns[0].column->integers[i];
                assert_in_range(plan.fold[i], 0, 4);
                if (plan.fold[i] != k) continue;
                if (t < low) low = t;
                if (t > high) high = t;
            }
            assert_true(low > last && high >= low);
            last = high;
        }
        foldplan_free(&plan);
        frame_unref(frame);
    }
}

static void test_leads_are_labels(void **state)
{
    (void)state;
    Frame *frame = panel(3);
    frame->columns[3].lead = 6; /* x looks six rows of its id ahead */
    LabelRule rule = { .purge = value_missing(), .embargo = value_missing() };
    LabelTimes times;
    assert_true(labeltimes_make(frame, &rule, &times, NULL));
    const int64_t *t = frame->columns[0].column->integers, *id = frame->columns[1].column->integers;
    for (size_t i = 0; i < ROWS; i++) {
        int64_t end = times.times[times.to[i]];
        size_t between = 0, rest = 0;
        for (size_t j = 0; j < ROWS; j++) {
            bool later = id[j] == id[i] && (t[j] > t[i] || (t[j] == t[i] && j > i));
            between += later && t[j] < end;
            rest += later;
        }
        assert_true(between <= 5 && (rest < 6 || end > t[i] || between == 0));
        if (rest >= 6) {
            size_t upto = 0;
            for (size_t j = 0; j < ROWS; j++)
                upto += id[j] == id[i] && (t[j] > t[i] || (t[j] == t[i] && j > i)) && t[j] <= end;
            assert_true(upto >= 6);
        }
    }
    labeltimes_free(&times);
    frame_unref(frame);
}

static Value months(int64_t n)
{
    Value value = { .type = VALUE_DURATION };
    value.duration.months = n;
    return value;
}

static void test_walk_forward(void **state)
{
    (void)state;
    for (int round = 0; round < 8; round++) {
        Frame *frame = panel((uint64_t)round + 20);
        const int64_t *t = frame->columns[0].column->integers;
        bool dates = round % 2;
        WalkRule walk = { .train = dates ? months(3) : value_number(60),
                          .test = dates ? months(1) : value_number(20),
                          .valid = round & 2 ? value_number(10) : value_missing(),
                          .gap = value_missing(),
                          .expanding = round & 4 };
        LabelRule rule = { .purge = value_missing(), .embargo = value_missing(), .end = "end" };
        FoldPlan plan;
        assert_true(foldplan_walk(frame, &walk, &rule, round == 5, &plan, NULL));
        assert_true(plan.k > 2);
        expect_apart(frame, &plan);
        for (int k = 0; k < plan.k; k++)
            for (size_t i = 0; i < ROWS; i++)
                for (size_t j = 0; j < ROWS; j++) {
                    bool trains = plan.part[(size_t)k * ROWS + i] == PART_TRAIN;
                    if (trains && plan.fold[j] == k) assert_true(t[i] < t[j]); /* the past alone */
                }
        for (size_t i = 0; i < ROWS; i++) /* every row from the first test on is judged once */
            for (size_t j = 0; j < ROWS; j++)
                if (plan.fold[i] >= 0 && t[j] > t[i]) assert_true(plan.fold[j] >= plan.fold[i]);
        foldplan_free(&plan);
        frame_unref(frame);
    }
}

static void test_walk_errors(void **state)
{
    (void)state;
    Frame *frame = panel(1);
    WalkRule walk = { .train = value_number(1000),
                      .test = value_number(20),
                      .valid = value_missing(),
                      .gap = value_missing() };
    LabelRule rule = { .purge = value_missing(), .embargo = value_missing() };
    FoldPlan plan;
    Err err = { 0 };
    assert_false(foldplan_walk(frame, &walk, &rule, false, &plan, &err));
    assert_int_equal(err.code, CODE_bad_split);
    foldplan_free(&plan);
    err_clear(&err);
    rule.end = "nothing";
    assert_false(foldplan_purged(frame, 5, &rule, false, &plan, &err));
    assert_int_equal(err.code, CODE_no_column);
    foldplan_free(&plan);
    frame_unref(frame);
}

/* Test rows and named parts never come into a fold. */
static void test_split_stays(void **state)
{
    (void)state;
    Frame *frame = panel(4);
    SplitPlan split = fractions(0.6, 0.2, 0.2);
    split_frame(frame, &split);
    LabelRule rule = { .purge = value_missing(), .embargo = value_missing() };
    FoldPlan plan;
    assert_true(foldplan_purged(frame, 4, &rule, true, &plan, NULL));
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(plan.fold[i] == FOLD_NONE, frame->split->part[i] == PART_TEST);
    Split *first = split_from_parts(frame, plan.part, NULL);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(first->part[i] == PART_TEST, frame->split->part[i] == PART_TEST);
        if (plan.fold[i] == 0) assert_int_equal(first->part[i], PART_NONE);
    }
    split_unref(first);
    foldplan_free(&plan);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_interval_meets), cmocka_unit_test(test_one_block_is_exact),
        cmocka_unit_test(test_purged_folds),      cmocka_unit_test(test_leads_are_labels),
        cmocka_unit_test(test_walk_forward),      cmocka_unit_test(test_walk_errors),
        cmocka_unit_test(test_split_stays),
    };
    return cmocka_run_group_tests_name("data_purge", tests, NULL, NULL);
}
