/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits: exact counts, classes, groups, time order, purging, ranges, folds. */
#include "data_frames.h"

enum { N = 997 };

/* y: classes 1..n_classes (uneven), g: groups of uneven size, t: days with ties, id: two series. */
static Frame *sample(uint32_t n_classes, uint64_t seed)
{
    const char *levels[] = { "a", "b", "c", "d", "e" };
    uint32_t y[N];
    int64_t g[N], t[N], id[N];
    double x[N];
    for (size_t i = 0; i < N; i++) {
        double u = test_random(&seed);
        y[i] = 1 + (uint32_t)(u * u * n_classes);
        g[i] = (int64_t)(test_random(&seed) * 60);
        t[i] = (int64_t)(test_random(&seed) * 200) * 86400000000000;
        id[i] = test_random(&seed) < 0.5;
        x[i] = test_random(&seed);
    }
    const char *names[] = { "y", "g", "t", "id", "x" };
    Column *columns[] = { category_column(levels, n_classes, y, N), integers_column(COLUMN_INTEGER, g, N),
                          integers_column(COLUMN_TIME, t, N), integers_column(COLUMN_INTEGER, id, N),
                          numbers_column(x, N) };
    columns[2]->unit = UNIT_DAY;
    return frame_new(names, columns, 5, N, "");
}

static void count(const Split *split, size_t counts[256])
{
    memset(counts, 0, 256 * sizeof *counts);
    for (size_t i = 0; i < split->n; i++) counts[split->part[i]]++;
}

static void test_counts_are_exact(void **state)
{
    (void)state;
    size_t counts[256];
    for (int order = 1; order <= 2; order++) {
        Frame *frame = sample(3, 1);
        SplitPlan plan = fractions(0.6, 0.2, 0.2);
        plan.order = order;
        split_frame(frame, &plan);
        count(frame->split, counts);
        assert_int_equal(counts[PART_TRAIN], 598); /* 598.2 199.4 199.4 */
        assert_int_equal(counts[PART_VALID] + counts[PART_TEST], 399);
        assert_int_equal(counts[PART_NONE], 0);
        frame_unref(frame);
    }
    Frame *frame = sample(3, 1);
    SplitPlan plan = fractions(0.5, 0.2, 0);
    split_frame(frame, &plan);
    count(frame->split, counts);
    assert_int_equal(counts[PART_NONE], 299); /* what the fractions leave */
    frame_unref(frame);
    frame = sample(3, 1);
    plan = fractions(0, 0, 0.25);
    split_frame(frame, &plan);
    count(frame->split, counts);
    assert_int_equal(counts[PART_TRAIN], 748); /* the rest trains */
    frame_unref(frame);
}

static void test_seed_decides(void **state)
{
    (void)state;
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    Frame *frame = sample(2, 1);
    Split *a = split_make(frame, &plan, NULL, NULL), *b = split_make(frame, &plan, NULL, NULL);
    plan.seed = 2;
    Split *c = split_make(frame, &plan, NULL, NULL);
    assert_memory_equal(a->part, b->part, N);
    assert_true(memcmp(a->part, c->part, N) != 0);
    split_unref(a);
    split_unref(b);
    split_unref(c);
    frame_unref(frame);
}

static void test_classes_keep_their_shares(void **state)
{
    (void)state;
    double shares[][3] = { { 0.6, 0.2, 0.2 }, { 0.7, 0.15, 0.1 }, { 1 / 3.0, 1 / 3.0, 1 / 3.0 } };
    for (uint64_t seed = 1; seed < 40; seed++) {
        const double *share = shares[seed % 3];
        Frame *frame = sample(2 + (uint32_t)(seed % 4), seed);
        SplitPlan plan = fractions(share[0], share[1], share[2]);
        plan.stratify = 0;
        split_frame(frame, &plan);
        double cells[6][4] = { { 0 } }, rows[6] = { 0 }, columns[4] = { 0 };
        for (size_t i = 0; i < N; i++) {
            uint8_t part = frame->split->part[i];
            int p = part == PART_NONE ? 3 : part;
            cells[frame->columns[0].column->codes[i]][p]++;
            rows[frame->columns[0].column->codes[i]]++;
            columns[p]++;
        }
        for (int c = 1; c < 6; c++)
            for (int p = 0; p < 3; p++) assert_true(fabs(cells[c][p] - rows[c] * share[p]) < 1);
        for (int p = 0; p < 3; p++) assert_true(fabs(columns[p] - N * share[p]) < 1);
        frame_unref(frame);
    }
}

static void test_groups_stay_whole(void **state)
{
    (void)state;
    Frame *frame = sample(2, 3);
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    plan.group = 1;
    split_frame(frame, &plan);
    int part_of[60];
    memset(part_of, -1, sizeof part_of);
    double counts[3] = { 0 };
    for (size_t i = 0; i < N; i++) {
        int *part = &part_of[frame->columns[1].column->integers[i]];
        if (*part < 0) *part = frame->split->part[i];
        assert_int_equal(*part, frame->split->part[i]);
        counts[*part]++;
    }
    assert_true(fabs(counts[0] / N - 0.6) < 0.05 && fabs(counts[1] / N - 0.2) < 0.05);
    frame_unref(frame);
}

static void test_time_order(void **state)
{
    (void)state;
    Frame *frame = sample(2, 4);
    assert_true(frame_set_role(frame, "t", ROLE_TIME, NULL));
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    assert_int_equal(split_taint(frame, &plan), TAINT_NONE);
    split_frame(frame, &plan);
    const int64_t *t = frame->columns[2].column->integers;
    int64_t first[3] = { INT64_MAX, INT64_MAX, INT64_MAX }, last[3] = { 0 };
    for (size_t i = 0; i < N; i++) {
        int part = frame->split->part[i];
        if (t[i] < first[part]) first[part] = t[i];
        if (t[i] > last[part]) last[part] = t[i];
    }
    assert_true(last[0] < first[1] && last[1] < first[2]); /* equal times never straddle */
    plan.order = 2;
    assert_int_equal(split_taint(frame, &plan), TAINT_SHUFFLED_TIME);
    frame_unref(frame);
}

/* No label interval [row, row + lead of the same id] of one part meets one of another. */
static void expect_no_overlap(const Frame *frame, long lead, int64_t purge_ns)
{
    const int64_t *t = frame->columns[2].column->integers, *id = frame->columns[3].column->integers;
    const uint8_t *part = frame->split->part;
    for (size_t i = 0; i < N; i++) {
        if (part[i] == PART_NONE) continue;
        long later = 0; /* rows of this id between i and the first one of another part */
        size_t nearest = N;
        for (size_t j = 0; j < N; j++) {
            bool other = part[j] != PART_NONE && part[j] != part[i] && t[j] > t[i];
            if (other && purge_ns) assert_true(t[j] > t[i] + purge_ns);
            if (other && id[j] == id[i] && (nearest == N || t[j] < t[nearest])) nearest = j;
        }
        for (size_t j = 0; nearest < N && j < N; j++)
            later += id[j] == id[i] && (t[j] > t[i] || (t[j] == t[i] && j > i)) && t[j] < t[nearest];
        if (nearest < N) assert_true(later + 1 > lead);
    }
}

static void test_lead_and_purge_leave_gaps(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 12; seed++) {
        Frame *frame = sample(2, seed);
        frame_set_role(frame, "t", ROLE_TIME, NULL);
        frame_set_role(frame, "id", ROLE_ID, NULL);
        long lead = (long)(seed % 7);
        frame->columns[4].lead = (int)lead;
        SplitPlan plan = fractions(0.5, 0.3, 0.2);
        int64_t days = seed % 3 ? 0 : 4;
        if (days) plan.purge = (Value){ .type = VALUE_DURATION };
        if (days) plan.purge.duration.ns = days * 86400000000000;
        split_frame(frame, &plan);
        expect_no_overlap(frame, lead, days * 86400000000000);
        assert_true((lead > 0 || days > 0) == (frame->split->purged > 0));
        frame_unref(frame);
    }
}

static void test_embargo_holds_training_back(void **state)
{
    (void)state;
    Frame *frame = sample(2, 5);
    frame_set_role(frame, "t", ROLE_TIME, NULL);
    Value from = value_time(0, UNIT_DAY), to = value_time(0, UNIT_DAY);
    time_make(1970, 3, 1, 0, 0, 0, &from.time);
    time_make(1970, 3, 31, 0, 0, 0, &to.time);
    SplitRange range = { "test", { .type = VALUE_RANGE, .range = { &from, &to } } };
    SplitPlan plan = fractions(0, 0, 0);
    plan.ranges = &range;
    plan.n_ranges = 1;
    plan.embargo = (Value){ .type = VALUE_DURATION };
    plan.embargo.duration.ns = 10 * 86400000000000;
    split_frame(frame, &plan);
    for (size_t i = 0; i < N; i++) {
        int64_t day = frame->columns[2].column->integers[i] / 86400000000000;
        int expected = day >= 59 && day <= 89 ? PART_TEST : day > 89 && day <= 99 ? PART_NONE : 0;
        assert_int_equal(frame->split->part[i], expected);
    }
    frame_unref(frame);
}

static void test_named_ranges(void **state)
{
    (void)state;
    Frame *frame = sample(2, 6);
    frame_set_role(frame, "t", ROLE_TIME, NULL);
    Value june = value_time(0, UNIT_MONTH);
    time_make(1970, 6, 1, 0, 0, 0, &june.time);
    SplitRange ranges[] = { { "summer", june }, { "recent", value_number(0.1) } };
    SplitPlan plan = fractions(0.8, 0.2, 0);
    plan.ranges = ranges;
    plan.n_ranges = 2;
    split_frame(frame, &plan);
    assert_string_equal(frame->split->names[3], "summer");
    for (size_t i = 0; i < N; i++) {
        int64_t day = frame->columns[2].column->integers[i] / 86400000000000;
        assert_int_equal(frame->split->part[i] == 3, day >= 151 && day < 181);
    }
    uint32_t *rows;
    size_t n, n_all;
    assert_true(frame_part(frame, "recent", &rows, &n, NULL));
    mem_free(rows);
    assert_true(n > 80 && n < 120);
    assert_true(frame_part(frame, "all", &rows, &n_all, NULL));
    mem_free(rows);
    assert_int_equal(n_all, N);
    Err err = { 0 };
    assert_false(frame_part(frame, "winter", &rows, &n, &err));
    assert_int_equal(err.code, CODE_no_part);
    assert_non_null(strstr(err.detail, "summer"));
    frame_unref(frame);
}

static void test_errors(void **state)
{
    (void)state;
    Frame *frame = sample(2, 7);
    SplitPlan over = fractions(0.7, 0.2, 0.2), tiny = fractions(0.9, 0.0001, 0.0999);
    SplitPlan order = fractions(0.6, 0.2, 0.2);
    Err err = { 0 };
    assert_null(split_make(frame, &over, NULL, &err));
    assert_int_equal(err.code, CODE_bad_split);
    err_clear(&err);
    assert_null(split_make(frame, &tiny, NULL, &err));
    assert_int_equal(err.code, CODE_empty_part);
    err_clear(&err);
    order.order = 1;
    order.stratify = 0;
    assert_null(split_make(frame, &order, NULL, &err));
    assert_int_equal(err.code, CODE_bad_split);
    order.stratify = -1;
    order.order = 2;
    order.purge = value_number(5);
    err_clear(&err);
    assert_null(split_make(frame, &order, NULL, &err));
    assert_int_equal(err.code, CODE_bad_split);
    frame_unref(frame);
}

static void test_fold_column(void **state)
{
    (void)state;
    Frame *frame = sample(5, 8);
    SplitPlan plan = fractions(0, 0, 0);
    plan.fold_column = 0;
    split_frame(frame, &plan);
    assert_true(frame->split->folds);
    assert_int_equal(frame->split->n_parts, 8);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(frame->split->part[i], 2 + frame->columns[0].column->codes[i]);
    frame_unref(frame);
}

/* The second of five folds is test; the others keep their names. */
static void test_fold_as_test(void **state)
{
    (void)state;
    Frame *frame = sample(5, 8);
    SplitPlan plan = fractions(0, 0, 0);
    plan.fold_column = 0;
    plan.test_fold = 2;
    split_frame(frame, &plan);
    assert_int_equal(frame->split->n_parts, 7);
    assert_string_equal(frame->split->names[3], "fold1");
    assert_string_equal(frame->split->names[4], "fold3");
    for (size_t i = 0; i < N; i++) {
        int fold = (int)frame->columns[0].column->codes[i];
        int part = fold == 2 ? PART_TEST : fold < 2 ? 2 + fold : 1 + fold;
        assert_int_equal(frame->split->part[i], part);
    }
    Err err = { 0 };
    plan.test_fold = 6;
    assert_null(split_make(frame, &plan, NULL, &err));
    assert_int_equal(err.code, CODE_bad_split);
    frame_unref(frame);
}

static void test_folds(void **state)
{
    (void)state;
    Frame *frame = sample(3, 9);
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    SplitPlan plan = fractions(0.8, 0, 0.2);
    split_frame(frame, &plan);
    int32_t fold[N];
    assert_true(folds_make(frame, 5, 1, fold, NULL));
    double sizes[5] = { 0 }, cells[4][5] = { { 0 } }, classes[4] = { 0 };
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(fold[i] < 0, frame->split->part[i] == PART_TEST);
        if (fold[i] < 0) continue;
        uint32_t code = frame->columns[0].column->codes[i];
        sizes[fold[i]]++;
        cells[code][fold[i]]++;
        classes[code]++;
    }
    for (int f = 0; f < 5; f++) {
        assert_true(fabs(sizes[f] - sizes[0]) <= 1);
        for (int c = 1; c < 4; c++) assert_true(fabs(cells[c][f] - classes[c] / 5) < 1);
    }
    Split *second = split_from_folds(frame, fold, 1, NULL);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(second->part[i], fold[i] < 0 ? PART_TEST : fold[i] == 1 ? PART_VALID : PART_TRAIN);
    split_unref(second);
    frame_set_role(frame, "g", ROLE_GROUP, NULL);
    assert_true(folds_make(frame, 5, 1, fold, NULL));
    int fold_of[60];
    memset(fold_of, -1, sizeof fold_of);
    for (size_t i = 0; i < N; i++) {
        int *known = &fold_of[frame->columns[1].column->integers[i]];
        if (fold[i] < 0) continue;
        if (*known < 0) *known = fold[i];
        assert_int_equal(*known, fold[i]);
    }
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_exact),
        cmocka_unit_test(test_seed_decides),
        cmocka_unit_test(test_classes_keep_their_shares),
        cmocka_unit_test(test_groups_stay_whole),
        cmocka_unit_test(test_time_order),
        cmocka_unit_test(test_lead_and_purge_leave_gaps),
        cmocka_unit_test(test_embargo_holds_training_back),
        cmocka_unit_test(test_named_ranges),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_fold_column),
        cmocka_unit_test(test_fold_as_test),
        cmocka_unit_test(test_folds),
    };
    return cmocka_run_group_tests_name("data_split", tests, NULL, NULL);
}
