/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples: random panels. Windows never read a later row or another id, counts are right, labels that reach
 * into another part are purged, memory does not grow with the length, ragged rows are gathered in order. */
#include "data_frames.h"

#include <stdlib.h>
#include <unistd.h>

#include "data/sample.h"
#include "data/source.h"
#include "data/split.h"

enum { N = 600, IDS = 17 };

static uint64_t seed;

/* Rows in random order; some without an id or a time. x is id * 1000 + time. */
static Frame *random_panel(size_t n, int ids)
{
    int64_t id[N], time[N], next[64] = { 0 };
    double x[N], y[N];
    for (size_t i = 0; i < n; i++) {
        int k = (int)(test_random(&seed) * test_random(&seed) * ids);
        id[i] = k + 1;
        time[i] = ++next[k];
    }
    for (size_t i = n; i-- > 1;) {
        size_t j = (size_t)(test_random(&seed) * (double)(i + 1));
        int64_t a = id[i], b = time[i];
        id[i] = id[j];
        time[i] = time[j];
        id[j] = a;
        time[j] = b;
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)id[i] * 1000 + (double)time[i];
        y[i] = test_random(&seed);
        if (test_random(&seed) < 0.02) id[i] = INTEGER_MISSING;
        if (test_random(&seed) < 0.02) time[i] = INTEGER_MISSING;
    }
    const char *names[] = { "id", "t", "x", "y" };
    Column *columns[] = { integers_column(COLUMN_INTEGER, id, n), integers_column(COLUMN_INTEGER, time, n),
                          numbers_column(x, n), numbers_column(y, n) };
    Frame *frame = frame_new(names, columns, 4, n, "panel");
    frame_set_role(frame, "id", ROLE_ID, NULL);
    frame_set_role(frame, "t", ROLE_TIME, NULL);
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    return frame;
}

static int64_t id_of(const Frame *frame, uint32_t row)
{
    return frame->columns[0].column->integers[frame_physical(frame, row)];
}

static int64_t time_of(const Frame *frame, uint32_t row)
{
    return frame->columns[1].column->integers[frame_physical(frame, row)];
}

/* How many rows of the id of `row` with both cells stand before it. */
static size_t rows_before(const Frame *frame, uint32_t row)
{
    size_t before = 0;
    for (uint32_t i = 0; i < frame->n_rows; i++)
        before += id_of(frame, i) == id_of(frame, row) && time_of(frame, i) != INTEGER_MISSING &&
                  time_of(frame, i) < time_of(frame, row);
    return before;
}

static void check_range(const Frame *frame, const Samples *samples, size_t k)
{
    uint32_t target = samples->target[k];
    assert_true(samples->start[k] < samples->end[k]);
    assert_true(samples->end[k] <= samples->n_order);
    assert_int_equal(samples->order[samples->end[k] - 1], target);
    for (uint32_t i = samples->start[k]; i < samples->end[k]; i++) {
        uint32_t row = samples->order[i];
        assert_int_equal(id_of(frame, row), id_of(frame, target));
        assert_true(time_of(frame, row) <= time_of(frame, target));
        if (i > samples->start[k]) assert_true(time_of(frame, samples->order[i - 1]) < time_of(frame, row));
    }
}

static void check_windows(Frame *frame, SampleRule rule)
{
    frame_set_sample(frame, rule);
    SampleBy by = frame_samples(frame);
    Samples *samples = samples_new(frame, &by, NULL, frame->n_rows, NULL);
    size_t expected = 0, shorts = 0, k = 0;
    for (uint32_t row = 0; row < frame->n_rows; row++) {
        if (id_of(frame, row) == INTEGER_MISSING || time_of(frame, row) == INTEGER_MISSING) continue;
        size_t before = rows_before(frame, row);
        bool whole = before + 1 >= (size_t)rule.length;
        shorts += !whole;
        if (!whole || (before + 1 - (size_t)rule.length) % (size_t)rule.step) continue;
        assert_int_equal(samples->target[k], row);
        assert_int_equal(samples->end[k] - samples->start[k], rule.length);
        check_range(frame, samples, k++);
        expected++;
    }
    assert_int_equal(samples->n, expected);
    assert_int_equal(samples->n_short, shorts);
    assert_int_equal(samples->n + samples->n_short + samples->n_other, frame->n_rows);
    samples_free(samples);
}

static void test_windows(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        Frame *frame = random_panel(N, 1 + round);
        for (long length = 1; length < 20; length += 6)
            for (long step = 1; step < 4; step++)
                check_windows(frame, (SampleRule){ SAMPLE_WINDOW, length, step, 0, 0, 0, 0 });
        frame_unref(frame);
    }
}

/* Rows that keep left out are not there for windows either. */
static void test_filtered(void **state)
{
    (void)state;
    uint8_t keep[N];
    Frame *frame = random_panel(N, IDS);
    for (size_t i = 0; i < N; i++) keep[i] = test_random(&seed) < 0.7;
    frame_filter(frame, keep, NULL);
    check_windows(frame, (SampleRule){ SAMPLE_WINDOW, 5, 1, 0, 0, 0, 0 });
    frame_unref(frame);
}

static void test_sequences(void **state)
{
    (void)state;
    Frame *frame = random_panel(N, IDS);
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_SEQUENCE });
    SampleBy by = frame_samples(frame);
    Samples *last = samples_new(frame, &by, NULL, N, NULL);
    for (size_t k = 0; k < last->n; k++) {
        check_range(frame, last, k);
        assert_int_equal(last->end[k] - last->start[k], rows_before(frame, last->target[k]) + 1);
        for (uint32_t row = 0; row < N; row++)
            if (id_of(frame, row) == id_of(frame, last->target[k]))
                assert_true(time_of(frame, row) <= time_of(frame, last->target[k]));
    }
    by.rule.every = true;
    Samples *every = samples_new(frame, &by, NULL, N, NULL);
    assert_int_equal(every->n + every->n_other, N);
    assert_int_equal(every->n, last->n_order);
    for (size_t k = 0; k < every->n; k++) {
        check_range(frame, every, k);
        assert_int_equal(every->end[k] - every->start[k], rows_before(frame, every->target[k]) + 1);
    }
    samples_free(every);
    samples_free(last);
    frame_unref(frame);
}

/* A few rows asked for: only what they read is in `order`, whatever the length of the frame. */
static void test_asked(void **state)
{
    (void)state;
    Frame *frame = random_panel(N, 3);
    SampleBy by = { .rule = { SAMPLE_WINDOW, 7, 1, 0, 0, 0, 0 } };
    uint32_t rows[] = { 500, 3, 77, 3 };
    Samples *samples = samples_new(frame, &by, rows, 4, NULL);
    assert_true(samples->n_order <= 7 * samples->n);
    for (size_t k = 0; k < samples->n; k++) {
        assert_int_equal(samples->target[k], rows[samples->asked[k]]);
        check_range(frame, samples, k);
    }
    samples_free(samples);
    frame_unref(frame);
}

/* Numbers of rows are all there is, one range a sample. */
static void test_memory(void **state)
{
    (void)state;
    Frame *frame = random_panel(N, 2);
    SampleBy by = { .rule = { SAMPLE_WINDOW, 1, 1, 0, 0, 0, 0 } };
    Samples *rows = samples_new(frame, &by, NULL, N, NULL);
    by.rule.length = 100;
    Samples *windows = samples_new(frame, &by, NULL, N, NULL);
    assert_true(windows->n > 100 && windows->n_order <= rows->n_order);
    samples_free(windows);
    samples_free(rows);
    frame_unref(frame);
}

static void test_gather(void **state)
{
    (void)state;
    Frame *frame = random_panel(N, IDS);
    SampleBy by = { .rule = { .kind = SAMPLE_SEQUENCE } };
    Samples *samples = samples_new(frame, &by, NULL, N, NULL);
    const double *value = frame->columns[2].column->numbers;
    real *x = mem_get(samples->n_order * 2, sizeof *x, NULL);
    for (size_t i = 0; i < samples->n_order; i++) {
        x[2 * i] = (real)value[samples->order[i]];
        x[2 * i + 1] = -x[2 * i];
    }
    for (size_t steps = 1; steps <= samples->longest + 3; steps += 5) {
        real *out = mem_get(samples->n * steps * 2, sizeof *out, NULL);
        uint32_t ids[64], lengths[64];
        for (uint32_t k = 0; k < samples->n; k++) ids[k] = (uint32_t)samples->n - 1 - k;
        memset(out, 0xff, samples->n * steps * 2 * sizeof *out);
        samples_gather(samples, x, 2, ids, samples->n, steps, out, lengths);
        for (size_t k = 0; k < samples->n; k++) {
            size_t end = samples->end[ids[k]], whole = end - samples->start[ids[k]];
            size_t length = whole < steps ? whole : steps;
            assert_int_equal(lengths[k], length);
            for (size_t s = 0; s < steps; s++) {
                double wanted = s < length ? value[samples->order[end - length + s]] : 0;
                assert_true((double)out[(k * steps + s) * 2] == wanted);
                assert_true((double)out[(k * steps + s) * 2 + 1] == -wanted);
            }
        }
        mem_free(out);
    }
    mem_free(x);
    samples_free(samples);
    frame_unref(frame);
}

/* A split by time; a label is that of `horizon` rows later, and of the same part all the way. */
static void test_horizon(void **state)
{
    (void)state;
    for (long horizon = 1; horizon < 9; horizon += 3) {
        Frame *frame = random_panel(N, IDS);
        uint32_t labels[N];
        SplitPlan plan = { .train = 0.5,
                           .valid = 0.2,
                           .test = 0.3,
                           .given_train = true,
                           .given_valid = true,
                           .given_test = true,
                           .order = 2,
                           .stratify = -1,
                           .group = -1,
                           .fold_column = -1 };
        Err err = { 0 };
        frame->split = split_make(frame, &plan, NULL, &err);
        for (size_t i = 0; i < N; i++) { /* by time, and some rows in no part */
            int64_t t = time_of(frame, (uint32_t)i);
            frame->split->part[i] = t < 30 ? PART_TRAIN : t < 50 ? PART_VALID : PART_TEST;
            if (t == 40) frame->split->part[i] = PART_NONE;
        }
        SampleBy by = { .rule = { SAMPLE_WINDOW, 3, 1, horizon, 0, 0, 0 } };
        SampleLabels lost = { 0 };
        size_t none = 0;
        assert_true(sample_labels(frame, &by, NULL, N, labels, &lost, &err));
        for (uint32_t row = 0; row < N; row++) {
            none += labels[row] == SAMPLE_NO_ROW;
            if (labels[row] == SAMPLE_NO_ROW) continue;
            assert_int_equal(id_of(frame, row), id_of(frame, labels[row]));
            assert_int_equal(rows_before(frame, labels[row]), rows_before(frame, row) + (size_t)horizon);
            uint8_t a = frame->split->part[row], b = frame->split->part[labels[row]];
            assert_true(a == b || a == PART_NONE || b == PART_NONE);
        }
        assert_int_equal(none, lost.beyond + lost.purged);
        assert_true(lost.purged > 0 && lost.beyond >= IDS);
        frame_unref(frame);
    }
}

/* Whole ids in one part. */
static void test_split(void **state)
{
    (void)state;
    Frame *frame = random_panel(N, 40);
    SplitPlan plan = { .train = 0.6,
                       .valid = 0.2,
                       .test = 0.2,
                       .given_train = true,
                       .given_valid = true,
                       .given_test = true,
                       .stratify = -1,
                       .group = -1,
                       .fold_column = -1,
                       .seed = 1 };
    Err err = { 0 };
    uint32_t *owners = mem_get(N, sizeof *owners, NULL);
    int32_t *fold = mem_get(N, sizeof *fold, NULL);
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_SEQUENCE });
    assert_int_equal(split_taint(frame, &plan), TAINT_NONE);
    frame->split = split_make(frame, &plan, NULL, &err);
    if (!frame->split) fail_msg("%s", err.message);
    assert_true(sample_owners(frame, owners, &err));
    size_t counts[256] = { 0 }, ids = 0;
    for (size_t i = 0; i < N; i++) {
        if (owners[i] == SAMPLE_NO_ROW) continue;
        assert_int_equal(frame->split->part[i], frame->split->part[owners[i]]);
        counts[frame->split->part[i]] += owners[i] == i;
        ids += owners[i] == i;
    }
    assert_int_equal(counts[PART_TRAIN] + counts[PART_VALID] + counts[PART_TEST], ids);
    assert_true(fabs((double)counts[PART_TRAIN] - 0.6 * (double)ids) <= 1);
    assert_true(folds_make(frame, 4, 1, fold, &err));
    for (size_t i = 0; i < N; i++)
        if (owners[i] != SAMPLE_NO_ROW) assert_int_equal(fold[i], fold[owners[i]]);
    mem_free(fold);
    mem_free(owners);
    frame_unref(frame);
}

/* ---- trees */

/* A random forest, an id a tree; rows in random order; nodes have names or numbers. */
static Frame *random_forest(bool names, int64_t *above)
{
    static const char *const words[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
    enum { SIZE = 12 };
    int64_t id[N], node[N], parent[N], place[N];
    uint32_t nodes[N], parents[N];
    for (size_t i = 0; i < N; i++) place[i] = (int64_t)i;
    for (size_t i = N; i-- > 1;) {
        size_t j = (size_t)(test_random(&seed) * (double)(i + 1));
        int64_t old = place[i];
        place[i] = place[j];
        place[j] = old;
    }
    for (size_t i = 0; i < N; i++) {
        size_t at = (size_t)place[i], k = i % SIZE, up = (size_t)(test_random(&seed) * (double)k);
        id[at] = (int64_t)(i / SIZE);
        node[at] = (int64_t)k + 1;
        parent[at] = k ? (int64_t)up + 1 : INTEGER_MISSING;
        above[at] = k ? place[i - k + up] : -1;
        nodes[at] = (uint32_t)k + 1;
        parents[at] = k ? (uint32_t)(12 - up) : 0;
    }
    const char *reversed[SIZE], *titles[] = { "id", "n", "p" };
    for (int i = 0; i < SIZE; i++) reversed[i] = words[SIZE - 1 - i];
    Column *columns[] = {
        integers_column(COLUMN_INTEGER, id, N),
        names ? category_column(words, SIZE, nodes, N) : integers_column(COLUMN_INTEGER, node, N),
        names ? category_column(reversed, SIZE, parents, N) : integers_column(COLUMN_INTEGER, parent, N)
    };
    Frame *frame = frame_new(titles, columns, 3, N, "forest");
    frame_set_role(frame, "id", ROLE_ID, NULL);
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_TREE, .parent = "p", .node = "n" });
    return frame;
}

static size_t size_below(const int64_t *above, int64_t row)
{
    size_t size = 1;
    for (int64_t i = 0; i < N; i++)
        if (above[i] == row) size += size_below(above, i);
    return size;
}

static void check_trees(const Frame *frame, const int64_t *above, bool every)
{
    SampleBy by = frame_samples(frame);
    Err err = { 0 };
    by.rule.every = every;
    Samples *samples = samples_new(frame, &by, NULL, N, &err);
    if (!samples) fail_msg("%s", err.message);
    assert_int_equal(samples->n, every ? N : N / 12);
    assert_int_equal(samples->n_order, N);
    for (size_t k = 0; k < samples->n; k++) {
        size_t size = samples->end[k] - samples->start[k];
        assert_int_equal(samples->order[samples->end[k] - 1], samples->target[k]);
        assert_int_equal(size, size_below(above, samples->target[k]));
        for (uint32_t i = samples->start[k]; i + 1 < samples->end[k]; i++) {
            assert_true(samples->up[i] > 0 && i + samples->up[i] < samples->end[k]);
            assert_int_equal(above[samples->order[i]], samples->order[i + samples->up[i]]);
        }
    }
    samples_free(samples);
}

static void test_trees(void **state)
{
    (void)state;
    for (int round = 0; round < 6; round++) {
        int64_t above[N];
        Frame *frame = random_forest(round % 2, above);
        check_trees(frame, above, false);
        check_trees(frame, above, true);
        frame_unref(frame);
    }
}

/* Without node= rows count from 1; a chain as long as the frame is no danger. */
static void test_chain(void **state)
{
    (void)state;
    enum { LONG = 200000 };
    int64_t *parent = mem_get(LONG, sizeof *parent, NULL);
    for (int64_t i = 0; i < LONG; i++) parent[i] = i ? i : INTEGER_MISSING;
    const char *name = "p";
    Column *column = integers_column(COLUMN_INTEGER, parent, LONG);
    Frame *frame = frame_new(&name, &column, 1, LONG, "chain");
    SampleBy by = { .rule = { .kind = SAMPLE_TREE, .parent = "p" } };
    Samples *samples = samples_new(frame, &by, NULL, LONG, NULL);
    assert_int_equal(samples->n, 1);
    assert_int_equal(samples->longest, LONG);
    assert_int_equal(samples->order[0], LONG - 1);
    assert_int_equal(samples->up[0], 1);
    samples_free(samples);
    frame_unref(frame);
    mem_free(parent);
}

static void expect_bad(const int64_t *parent, size_t n, const char *words)
{
    const char *name = "p";
    Err err = { 0 };
    Column *column = integers_column(COLUMN_INTEGER, parent, n);
    Frame *frame = frame_new(&name, &column, 1, n, "bad");
    SampleBy by = { .rule = { .kind = SAMPLE_TREE, .parent = "p" } };
    assert_null(samples_new(frame, &by, NULL, n, &err));
    assert_int_equal(err.code, CODE_bad_tree);
    if (!strstr(err.message, words)) fail_msg("%s", err.message);
    frame_unref(frame);
}

static void test_bad_trees(void **state)
{
    (void)state;
    expect_bad((int64_t[]){ INTEGER_MISSING, 3, 2, 1 }, 4, "row 2 is its own ancestor");
    expect_bad((int64_t[]){ INTEGER_MISSING, 1, 9 }, 3, "row 3 has a parent");
    expect_bad((int64_t[]){ 1 }, 1, "own ancestor");
}

/* ---- trees from a file */

static Frame *read_text(const char *text, Err *err)
{
    char path[] = "/tmp/fns-trees-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    Frame *frame = frame_load(path, "trees", NULL, NULL, NULL, NULL, err);
    unlink(path);
    return frame;
}

static void expect_row(const Frame *frame, size_t row, int64_t tree, int64_t node, int64_t parent,
                       const char *token, const char *label)
{
    Buf text = { 0 };
    assert_int_equal(frame->columns[0].column->integers[row], tree);
    assert_int_equal(frame->columns[1].column->integers[row], node);
    assert_int_equal(frame->columns[2].column->integers[row], parent ? parent : INTEGER_MISSING);
    column_text(frame->columns[3].column, row, &text);
    assert_string_equal(buf_text(&text), token);
    buf_clear(&text);
    column_text(frame->columns[4].column, row, &text);
    assert_string_equal(buf_text(&text), label);
    buf_free(&text);
}

static void test_reader(void **state)
{
    (void)state;
    Err err = { 0 };
    Frame *frame = read_text("7\t( ( [MAX 2 ) ] )\n\n(3 (2 It) (4 (1 really) (2 works)))\n", &err);
    if (!frame) fail_msg("%s", err.message);
    assert_int_equal(frame->n_rows, 10);
    expect_row(frame, 0, 1, 1, 0, "(", "7");
    expect_row(frame, 1, 1, 2, 1, "(", "");
    expect_row(frame, 2, 1, 3, 2, "[MAX", "");
    expect_row(frame, 4, 1, 5, 1, "]", "");
    expect_row(frame, 5, 2, 1, 0, "(", "3");
    expect_row(frame, 6, 2, 2, 1, "It", "2");
    expect_row(frame, 9, 2, 5, 3, "works", "2");
    SampleBy by = frame_samples(frame);
    Samples *samples = samples_new(frame, &by, NULL, frame->n_rows, &err);
    assert_int_equal(samples->n, 2);
    assert_int_equal(samples->longest, 5);
    samples_free(samples);
    frame_unref(frame);
    assert_null(read_text("1\t( a b\n", &err));
    assert_non_null(strstr(err.message, "line 1: a bracket is not closed"));
    err_clear(&err);
    assert_null(read_text("( a b ) )\n", &err));
    err_clear(&err);
    assert_null(read_text("1\t( )\n", &err));
    err_clear(&err);
    assert_null(read_text("1\ta b\n", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows), cmocka_unit_test(test_filtered),  cmocka_unit_test(test_sequences),
        cmocka_unit_test(test_asked),   cmocka_unit_test(test_memory),    cmocka_unit_test(test_gather),
        cmocka_unit_test(test_horizon), cmocka_unit_test(test_split),     cmocka_unit_test(test_trees),
        cmocka_unit_test(test_chain),   cmocka_unit_test(test_bad_trees), cmocka_unit_test(test_reader),
    };
    return cmocka_run_group_tests_name("data: samples", tests, NULL, NULL);
}
