/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for any frame, recipe and split: nothing is learned from rows that do not train, no label
 * reaches over a border, forecasts depend on the row alone. Random frames; a failure prints its seed. */
#include "data_frames.h"

#include <stdlib.h>

#include "data/expr/expr.h"
#include "data/foldplan.h"
#include "data/special.h"

enum { ROUNDS = 150, MOST = 160 };

/* ---- random frames */

typedef struct World {
    uint64_t seed, state;
    Arena *arena;
    Frame *frame;
    size_t n;
    bool has_id, has_time, has_group, dates;
} World;

static double uniform(World *world)
{
    return test_random(&world->state);
}

static int below(World *world, int n)
{
    return (int)(uniform(world) * n);
}

static bool chance(World *world, double p)
{
    return uniform(world) < p;
}

static void broken(const World *world, const char *what, size_t row)
{
    fail_msg("seed %llu: %s (row %zu of %zu)", (unsigned long long)world->seed, what, row + 1, world->n);
}

static void put(World *world, const char *name, Column *column, Role role)
{
    Err err = { 0 };
    column_finish(column);
    if (!frame_put_column(world->frame, name, column, role, true, &err)) fail_msg("%s", err.message);
}

static double cell(World *world, double missing)
{
    if (chance(world, missing)) return chance(world, 0.3) ? special_make(-999) : (double)NAN;
    double x = uniform(world) + uniform(world) - 1;
    return chance(world, 0.03) ? 50 * x : x;
}

static Column *random_numbers(World *world, double missing)
{
    double x[MOST];
    for (size_t i = 0; i < world->n; i++) x[i] = cell(world, missing);
    return numbers_column(x, world->n);
}

static Column *random_levels(World *world, uint32_t n_levels, double missing)
{
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    uint32_t codes[MOST];
    for (size_t i = 0; i < world->n; i++)
        codes[i] = chance(world, missing) ? 0 : 1 + (uint32_t)below(world, (int)n_levels);
    return category_column(names, n_levels, codes, world->n);
}

/* Ids, groups and times; times may be tied, but not within an id. */
static void put_roles(World *world)
{
    int64_t id[MOST], time[MOST], end[MOST], group[MOST];
    int n_ids = 1 + below(world, 6), next[8] = { 0 }, longest = below(world, 12);
    int64_t step = world->dates ? 86400000000000 : 1;
    for (size_t i = 0; i < world->n; i++) {
        int k = below(world, n_ids);
        next[k] += 1 + below(world, 3) * below(world, 6);
        id[i] = k;
        time[i] = next[k] * step;
        end[i] = time[i] + below(world, longest + 1) * step;
        group[i] = below(world, 12);
    }
    ColumnType type = world->dates ? COLUMN_TIME : COLUMN_INTEGER;
    if (world->has_id) put(world, "id", integers_column(COLUMN_INTEGER, id, world->n), ROLE_ID);
    if (world->has_time) put(world, "t", integers_column(type, time, world->n), ROLE_TIME);
    if (world->has_time) put(world, "end", integers_column(type, end, world->n), ROLE_HELD);
    if (world->has_group) put(world, "g", integers_column(COLUMN_INTEGER, group, world->n), ROLE_GROUP);
}

static void put_target(World *world)
{
    double y[MOST], w[MOST];
    for (size_t i = 0; i < world->n; i++) {
        y[i] = chance(world, 0.04) ? (double)NAN : chance(world, 0.4);
        w[i] = below(world, 4) / 2.0 + 0.25;
    }
    put(world, "y", numbers_column(y, world->n), ROLE_TARGET);
    if (chance(world, 0.5)) put(world, "w", numbers_column(w, world->n), ROLE_WEIGHT);
}

static World world_open(uint64_t seed)
{
    World world = { .seed = seed, .state = seed * 977 + 5, .arena = arena_new() };
    for (int k = 0; k < 5; k++) uniform(&world);
    world.n = 60 + (size_t)below(&world, MOST - 60);
    world.has_time = chance(&world, 0.6);
    world.has_id = chance(&world, 0.5);
    world.has_group = chance(&world, 0.3);
    world.dates = chance(&world, 0.5);
    world.frame = frame_new(NULL, NULL, 0, world.n, "test");
    put_roles(&world);
    put_target(&world);
    int n_numbers = 1 + below(&world, 4), n_levels = below(&world, 3);
    for (int k = 0; k < n_numbers; k++)
        put(&world, arena_format(world.arena, "x%d", k), random_numbers(&world, k % 2 ? 0.15 : 0),
            ROLE_INPUT);
    for (int k = 0; k < n_levels; k++)
        put(&world, arena_format(world.arena, "c%d", k), random_levels(&world, 2 + 3 * (uint32_t)k, 0.1),
            ROLE_INPUT);
    return world;
}

static void world_close(World *world)
{
    frame_unref(world->frame);
    arena_free(world->arena);
}

/* ---- random recipes and splits */

static Value bare_kind(const char *name)
{
    Value value = { .type = VALUE_KIND };
    static Args none = { 0 };
    value.kind.name = name;
    value.kind.args = &none;
    return value;
}

static void method_step(World *world, const char *step, const char *method, bool is_kind)
{
    add_step(world->frame, world->arena, step, NULL, "method", is_kind ? bare_kind(method) : word(method));
}

/* Steps that need nothing special; whole: also those that read other rows of the id. */
static void random_recipe(World *world, bool whole)
{
    static const char *const clips[] = { "quantile", "iqr", "mad", "hampel" };
    static const char *const fills[] = { "mean", "median", "mode", "knn", "em", "ffill" };
    static const char *const codes[] = { "onehot", "ordinal", "frequency", "target", "woe", "hash" };
    static const char *const scales[] = { "standard", "minmax", "robust", "log", "rankgauss", "yeojohnson" };
    static const char *const bins[] = { "quantile", "width", "monotone" };
    if (chance(world, 0.4)) method_step(world, "winsorize", clips[below(world, whole ? 4 : 3)], true);
    bool binned = chance(world, 0.3);
    if (binned) method_step(world, "bin", bins[below(world, 3)], false);
    method_step(world, "impute", fills[below(world, whole ? 6 : 5)], true);
    method_step(world, "impute", "median", true);
    method_step(world, "encode", codes[below(world, 6)], false);
    method_step(world, "impute", "mean", true);
    if (chance(world, 0.8)) method_step(world, "scale", scales[below(world, 6)], false);
    if (!binned && chance(world, 0.2)) method_step(world, "select", "pca", false);
}

static void random_split(World *world)
{
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    plan.seed = world->seed;
    plan.order = chance(world, 0.5) ? 2 : 0;
    split_frame(world->frame, &plan);
}

static Prep *fitted(const World *world, const Frame *frame)
{
    Err err = { 0 };
    Prep *prep = prep_fit(frame, "f", (ValueList){ 0 }, true, NULL, NULL, &err);
    if (!prep) fail_msg("seed %llu: %s", (unsigned long long)world->seed, err.message);
    return prep;
}

static char *written(const Prep *prep, Arena *arena)
{
    Buf text = { 0 };
    Value record = prep_record(prep, arena);
    value_write(&text, &record);
    char *out = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return out;
}

static real *applied(const World *world, const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n)
{
    Err err = { 0 };
    real *x = mem_get(n * (size_t)prep->n_features, sizeof *x, NULL);
    if (!prep_apply(prep, frame, rows, n, x, NULL, NULL, &err))
        fail_msg("seed %llu: %s", (unsigned long long)world->seed, err.message);
    return x;
}

/* ---- what is learned comes from training rows only */

/* Other cells, other levels, other targets in every row that does not train. */
static Column *other_column(World *world, const Column *column, const Split *split)
{
    Column *out = column_new(column->type, column->n, NULL);
    for (size_t i = 0; i < column->n; i++) {
        bool keep = split->part[i] == PART_TRAIN;
        if (column->type == COLUMN_NUMBER)
            out->numbers[i] = keep ? column->numbers[i] : 100 * cell(world, 0.3);
        if (column->type != COLUMN_CATEGORY) continue;
        out->codes[i] = keep ? column->codes[i] : (uint32_t)below(world, (int)column->levels->n + 2);
    }
    if (column->type != COLUMN_CATEGORY) return out;
    const char *names[10];
    for (uint32_t k = 0; k < column->levels->n; k++) names[k] = column->levels->names[k];
    names[column->levels->n] = "zz";
    out->levels = levels_new(names, column->levels->n + 1);
    return out;
}

static Frame *other_frame(World *world)
{
    Frame *frame = frame_version(world->frame);
    for (int c = 0; c < frame->n_columns; c++) {
        const FrameColumn *column = &frame->columns[c];
        bool is_target = column->role == ROLE_TARGET;
        if (column->role != ROLE_INPUT && !is_target) continue;
        Column *other = other_column(world, column->column, frame->split);
        for (size_t i = 0; is_target && i < other->n; i++)
            if (frame->split->part[i] != PART_TRAIN) other->numbers[i] = chance(world, 0.5);
        column_finish(other);
        assert_true(frame_put_column(frame, column->name, other, column->role, true, NULL));
    }
    return frame;
}

static void test_fit_reads_training_rows_alone(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        World world = world_open(seed);
        random_split(&world);
        random_recipe(&world, true);
        Prep *prep = fitted(&world, world.frame);
        Frame *other = other_frame(&world);
        Prep *again = fitted(&world, other);
        if (strcmp(written(prep, world.arena), written(again, world.arena)) != 0)
            broken(&world, "rows that do not train change what is learned", 0);
        prep_unref(prep);
        prep_unref(again);
        frame_unref(other);
        world_close(&world);
    }
}

/* The frame cut down to its training rows learns the same, and scores the other rows alike. */
static void test_training_rows_alone_are_enough(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1001; seed <= 1000 + ROUNDS; seed++) {
        World world = world_open(seed);
        random_split(&world);
        random_recipe(&world, false);
        Prep *prep = fitted(&world, world.frame);
        Frame *train = frame_version(world.frame);
        uint8_t keep[MOST];
        for (size_t i = 0; i < world.n; i++) keep[i] = world.frame->split->part[i] == PART_TRAIN;
        assert_true(frame_filter(train, keep, NULL));
        Prep *again = fitted(&world, train);
        if (strcmp(written(prep, world.arena), written(again, world.arena)) != 0)
            broken(&world, "the training rows alone teach something else", 0);
        real *x = applied(&world, prep, world.frame, NULL, world.n);
        real *y = applied(&world, again, world.frame, NULL, world.n);
        if (memcmp(x, y, world.n * (size_t)prep->n_features * sizeof *x) != 0)
            broken(&world, "they score rows otherwise", 0);
        mem_free(x);
        mem_free(y);
        prep_unref(prep);
        prep_unref(again);
        frame_unref(train);
        world_close(&world);
    }
}

/* ---- scoring depends on the row, not on its place or its neighbours in the file */

static void shuffle(World *world, uint32_t *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) rows[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)below(world, (int)i);
        uint32_t swap = rows[i - 1];
        rows[i - 1] = rows[j];
        rows[j] = swap;
    }
}

/* The columns in the opposite order, and one more. */
static Frame *turned_columns(const World *world)
{
    Frame *frame = frame_new(NULL, NULL, 0, world->n, "turned");
    double extra[MOST] = { 0 };
    assert_true(frame_put_column(frame, "extra", numbers_column(extra, world->n), ROLE_INPUT, false, NULL));
    for (int c = world->frame->n_columns; c-- > 0;) {
        const FrameColumn *column = &world->frame->columns[c];
        assert_true(
            frame_put_column(frame, column->name, column_ref(column->column), column->role, false, NULL));
    }
    return frame;
}

static void expect_rows(const World *world, const real *x, const real *y, const uint32_t *rows, size_t n,
                        size_t width, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(x + rows[i] * width, y + i * width, width * sizeof *x) != 0) broken(world, what, rows[i]);
}

static void test_scores_do_not_depend_on_order(void **unused)
{
    (void)unused;
    for (uint64_t seed = 2001; seed <= 2000 + ROUNDS; seed++) {
        World world = world_open(seed);
        bool whole = seed % 2;
        uint32_t rows[MOST];
        random_split(&world);
        random_recipe(&world, whole);
        Prep *prep = fitted(&world, world.frame);
        size_t width = (size_t)prep->n_features, half = world.n / 2;
        real *x = applied(&world, prep, world.frame, NULL, world.n);
        shuffle(&world, rows, world.n);
        real *y = applied(&world, prep, world.frame, rows, half);
        expect_rows(&world, x, y, rows, half, width, "a row asked alone is scored otherwise");
        mem_free(y);
        /* where the id has no time its rows' own order counts */
        if (!whole || world.has_time) {
            Frame *moved = frame_version(world.frame);
            assert_true(frame_arrange(moved, rows, NULL));
            y = applied(&world, prep, moved, NULL, world.n);
            if (!whole || world.has_id) expect_rows(&world, x, y, rows, world.n, width, "order of rows");
            mem_free(y);
            frame_unref(moved);
        }
        Frame *turned = turned_columns(&world);
        for (size_t i = 0; i < world.n; i++) rows[i] = (uint32_t)i;
        Frame *plain = frame_version(world.frame);
        split_unref(plain->split);
        plain->split = NULL; /* neither frame is the one it learned from */
        y = applied(&world, prep, turned, NULL, world.n);
        real *z = applied(&world, prep, plain, NULL, world.n);
        expect_rows(&world, z, y, rows, world.n, width, "order of columns");
        mem_free(x);
        mem_free(y);
        mem_free(z);
        frame_unref(turned);
        frame_unref(plain);
        prep_unref(prep);
        world_close(&world);
    }
}

/* ---- splits */

static LabelRule rule_of(Value purge, const char *end)
{
    return (LabelRule){ .purge = purge, .embargo = value_missing(), .end = end };
}

static bool meets(const LabelTimes *times, size_t a, size_t b)
{
    return times->from[a] <= times->to[b] && times->from[b] <= times->to[a];
}

/* Rows of different parts whose labels meet. */
static void expect_apart(const World *world, const Value *purge)
{
    LabelTimes times;
    const uint8_t *part = world->frame->split->part;
    LabelRule rule = rule_of(*purge, NULL);
    assert_true(labeltimes_make(world->frame, &rule, &times, NULL));
    for (size_t i = 0; i < world->n; i++)
        for (size_t j = 0; j < world->n; j++)
            if (part[i] == PART_TRAIN && part[j] != PART_TRAIN && part[j] != PART_NONE && meets(&times, i, j))
                broken(world, "a training label meets that of another part", i);
    labeltimes_free(&times);
}

static Value random_purge(World *world)
{
    Value purge = value_number(below(world, 6));
    if (!world->dates || !world->has_time || chance(world, 0.5)) return purge;
    purge = (Value){ .type = VALUE_DURATION };
    purge.duration.ns = below(world, 10) * 86400000000000;
    return purge;
}

/* A block in the middle, taken out by time. */
static SplitRange middle_block(World *world, Value ends[2])
{
    int64_t unit = world->dates ? 86400000000000 : 1, from = 5 + below(world, 30),
            to = from + 3 + below(world, 12);
    for (int k = 0; k < 2; k++) {
        ends[k] = value_number((double)(k ? to : from));
        if (!world->dates) continue;
        ends[k] = (Value){ .type = VALUE_TIME, .unit = UNIT_DAY };
        ends[k].time = (k ? to : from) * unit;
    }
    SplitRange range = { .name = "test", .range = { .type = VALUE_RANGE } };
    range.range.range.from = &ends[0];
    range.range.range.to = &ends[1];
    return range;
}

static void count_parts(const World *world)
{
    size_t none = 0;
    const Split *split = world->frame->split;
    for (size_t i = 0; i < world->n; i++) {
        none += split->part[i] == PART_NONE;
        if (split->part[i] != PART_NONE && split->part[i] >= split->n_parts)
            broken(world, "an unknown part", i);
    }
    if (none != split->purged) broken(world, "a row is in no part and was not counted as purged", none);
}

static void expect_groups_whole(const World *world, int column)
{
    const Column *group = world->frame->columns[column].column;
    const uint8_t *part = world->frame->split->part;
    for (size_t i = 0; i < world->n; i++)
        for (size_t j = 0; j < i; j++)
            if (group->integers[i] == group->integers[j] && part[i] != part[j])
                broken(world, "a group is in two parts", i);
}

static void test_splits(void **unused)
{
    (void)unused;
    int made = 0, grouped = 0, ranged = 0;
    for (uint64_t seed = 3001; seed <= 3000 + 4 * ROUNDS; seed++) {
        World world = world_open(seed);
        Err err = { 0 };
        Value ends[2], purge = random_purge(&world);
        SplitRange range = middle_block(&world, ends);
        SplitPlan plan = fractions(0.7, 0.3, 0);
        bool by_group = world.has_group && chance(&world, 0.7);
        bool by_range = !by_group && world.has_time && chance(&world, 0.4);
        plan.seed = seed;
        plan.order = by_group ? 2 : world.has_time ? 0 : 1;
        if (by_group) plan.group = frame_find(world.frame, "g");
        if (!by_group) plan.purge = purge;
        if (!by_group && chance(&world, 0.3)) plan.embargo = value_number(below(&world, 4));
        if (by_range) {
            plan.ranges = &range;
            plan.n_ranges = 1;
        }
        world.frame->split = split_make(world.frame, &plan, NULL, &err);
        if (world.frame->split) {
            count_parts(&world);
            if (by_group) expect_groups_whole(&world, plan.group);
            if (!by_group) expect_apart(&world, &purge);
            made++;
            grouped += by_group;
            ranged += by_range;
        }
        world_close(&world);
    }
    assert_true(made > 3 * ROUNDS && grouped > 50 && ranged > 50);
}

/* ---- folds */

/* Every row that is not test is judged as often as the plan says; test rows neither train nor are judged. */
static void expect_test_untouched(const World *world, const FoldPlan *plan)
{
    size_t paths = plan->n_paths > 1 ? (size_t)plan->n_paths : 1;
    for (size_t i = 0; i < world->n; i++) {
        bool is_test = world->frame->split->part[i] == PART_TEST;
        for (size_t p = 0; p < paths; p++)
            if (is_test && plan->fold[p * world->n + i] != FOLD_NONE)
                broken(world, "a test row is in a fold", i);
        for (int k = 0; plan->part && k < plan->k; k++)
            if (is_test && plan->part[(size_t)k * world->n + i] != PART_NONE)
                broken(world, "a test row trains", i);
    }
}

static bool is_judged(const FoldPlan *plan, size_t n, size_t row, int k)
{
    for (int p = 0; p < (plan->n_paths > 1 ? plan->n_paths : 1); p++)
        if (plan->fold[(size_t)p * n + row] == k) return true;
    return false;
}

/* No training label meets one of the rows judged beside it, and no judged row trains. */
static void expect_folds_apart(const World *world, const FoldPlan *plan, const LabelRule *rule)
{
    LabelTimes times;
    assert_true(labeltimes_make(world->frame, rule, &times, NULL));
    for (int k = 0; k < plan->k; k++) {
        const uint8_t *part = plan->part + (size_t)k * world->n;
        for (size_t j = 0; j < world->n; j++) {
            if (!is_judged(plan, world->n, j, k)) continue;
            if (part[j] == PART_TRAIN) broken(world, "a judged row trains", j);
            for (size_t i = 0; i < world->n; i++)
                if (part[i] == PART_TRAIN && meets(&times, i, j))
                    broken(world, "a training label meets one that is judged", i);
        }
    }
    labeltimes_free(&times);
}

/* A block of time is one interval, from its first row to the greatest end of a label. */
static void expect_blocks_apart(const World *world, const FoldPlan *plan, const LabelRule *rule)
{
    LabelTimes times;
    assert_true(labeltimes_make(world->frame, rule, &times, NULL));
    for (int k = 0; k < plan->k; k++) {
        int64_t from = INT64_MAX, to = INT64_MIN;
        const uint8_t *part = plan->part + (size_t)k * world->n;
        for (size_t i = 0; i < world->n; i++) {
            if (plan->fold[i] != k) continue;
            from = times.from[i] < from ? times.from[i] : from;
            to = times.to[i] > to ? times.to[i] : to;
        }
        for (size_t i = 0; i < world->n; i++)
            if (part[i] == PART_TRAIN && times.from[i] <= to && times.to[i] >= from)
                broken(world, "a training label meets the block", i);
    }
    labeltimes_free(&times);
}

static void test_folds_in_time(void **unused)
{
    (void)unused;
    int made[3] = { 0 };
    for (uint64_t seed = 5001; seed <= 5000 + 3 * ROUNDS; seed++) {
        World world = world_open(seed);
        FoldPlan plan = { 0 };
        int kind = (int)(seed % 3);
        bool inner = chance(&world, 0.4);
        LabelRule rule = rule_of(random_purge(&world), world.has_time && chance(&world, 0.7) ? "end" : NULL);
        WalkRule walk = { .train = value_number(8 + below(&world, 10)),
                          .test = value_number(4 + below(&world, 6)),
                          .expanding = chance(&world, 0.5) };
        SplitPlan parts = fractions(0.6, 0.2, 0.2);
        parts.order = world.has_time ? 0 : 1;
        split_frame(world.frame, &parts);
        bool ok = kind == 0   ? foldplan_purged(world.frame, 2 + below(&world, 5), &rule, inner, &plan, NULL)
                  : kind == 1 ? foldplan_walk(world.frame, &walk, &rule, inner, &plan, NULL)
                              : foldplan_cpcv(world.frame, 4 + below(&world, 2), 1 + below(&world, 2), &rule,
                                              inner, &plan, NULL);
        if (ok) {
            expect_test_untouched(&world, &plan);
            expect_folds_apart(&world, &plan, &rule);
            if (kind < 2) expect_blocks_apart(&world, &plan, &rule);
            made[kind]++;
        }
        foldplan_free(&plan);
        world_close(&world);
    }
    assert_true(made[0] > 50 && made[1] > 50 && made[2] > 50);
}

/* phi = test / blocks C(blocks, test) forecasts of each row, by different folds. */
static void test_paths_are_whole(void **unused)
{
    (void)unused;
    static const int cases[][4] = { { 6, 2, 15, 5 }, { 5, 1, 5, 1 }, { 5, 3, 10, 6 }, { 8, 2, 28, 7 } };
    for (uint64_t seed = 6001; seed <= 6040; seed++) {
        World world = world_open(seed);
        const int *c = cases[seed % 4];
        FoldPlan plan;
        LabelRule rule = rule_of(value_missing(), NULL);
        if (foldplan_cpcv(world.frame, c[0], c[1], &rule, false, &plan, NULL)) {
            assert_int_equal(plan.k, c[2]);
            assert_int_equal(plan.n_paths, c[3]);
            for (size_t i = 0; i < world.n; i++)
                for (int p = 0; p < plan.n_paths; p++) {
                    int32_t fold = plan.fold[(size_t)p * world.n + i];
                    if (fold < 0 || fold >= plan.k) broken(&world, "a path has a gap", i);
                    for (int q = 0; q < p; q++)
                        if (plan.fold[(size_t)q * world.n + i] == fold)
                            broken(&world, "a fold is on two paths", i);
                }
        }
        foldplan_free(&plan);
        world_close(&world);
    }
}

static void test_folds_of_groups(void **unused)
{
    (void)unused;
    for (uint64_t seed = 7001; seed <= 7000 + ROUNDS; seed++) {
        World world = world_open(seed);
        int32_t fold[MOST];
        SplitPlan parts = fractions(0.6, 0.2, 0.2);
        int column = frame_find(world.frame, "g"), k = 2 + below(&world, 4);
        parts.order = 2;
        parts.group = column;
        split_frame(world.frame, &parts);
        const Column *group = column < 0 ? NULL : world.frame->columns[column].column;
        if (folds_make(world.frame, k, seed, fold, NULL)) {
            for (size_t i = 0; i < world.n; i++) {
                bool is_test = world.frame->split->part[i] == PART_TEST;
                if (is_test != (fold[i] == FOLD_NONE)) broken(&world, "folds hold what is not test", i);
                for (size_t j = 0; group && j < i; j++)
                    if (group->integers[i] == group->integers[j] && fold[i] != fold[j])
                        broken(&world, "a group is in two folds", i);
            }
        }
        world_close(&world);
    }
}

/* ---- row expressions do not look ahead */

static Expr *call(Arena *arena, const char *name, Expr *x, double rows, const char *key, Value value)
{
    Err err = { 0 };
    Value number = value_number(rows);
    Expr **args = arena_take(arena, 2 * sizeof *args);
    Record *keyed = key ? value_record(arena).record : NULL;
    args[0] = x;
    args[1] = rows > 0 ? expr_constant(arena, &number, (Span){ 0 }, &err) : NULL;
    if (key) record_set(arena, keyed, key, value);
    Expr *expr = expr_call(arena, expr_function_find(name), args, rows > 0 ? 2 : 1, keyed, (Span){ 0 }, &err);
    if (!expr) fail_msg("%s: %s", name, err.message);
    return expr;
}

static Expr *random_expr(World *world, Expr *x)
{
    static const char *const windows[] = { "mean", "std",    "sum",   "min",   "max", "median",
                                           "rank", "zscore", "count", "first", "last" };
    static const char *const shifts[] = { "lag", "diff", "ret" };
    int kind = below(world, 6);
    if (kind == 0)
        return call(world->arena, shifts[below(world, 3)], x, 1 + below(world, 3), NULL, value_missing());
    if (kind == 1) return call(world->arena, "ewma", x, 0, "decay", value_number(0.7));
    if (kind == 2)
        return call(world->arena, "fracdiff", x, 0, "d", value_number(0.5 + below(world, 3) / 4.0));
    if (kind == 3 && world->has_time)
        return call(world->arena, windows[below(world, 11)], x, 0, "across", value_word(world->arena, "t"));
    return call(world->arena, windows[below(world, 11)], x, 0, "over", value_number(1 + below(world, 6)));
}

static void test_expressions_are_causal(void **unused)
{
    (void)unused;
    for (uint64_t seed = 8001; seed <= 8000 + 2 * ROUNDS; seed++) {
        World world = world_open(seed);
        Err err = { 0 };
        Column *whole, *part;
        uint8_t keep[MOST];
        Expr *expr = random_expr(&world, random_expr(&world, expr_column(world.arena, "x0", (Span){ 0 })));
        if (!expr_eval(expr, world.frame, NULL, NULL, &whole, &err))
            fail_msg("seed %d: %s", (int)seed, err.message);
        int64_t cut = (5 + below(&world, 20)) * (world.dates ? 86400000000000 : 1);
        const Column *time =
            world.has_time ? world.frame->columns[frame_find(world.frame, "t")].column : NULL;
        for (size_t i = 0; i < world.n; i++) keep[i] = time ? time->integers[i] <= cut : i < world.n / 2;
        keep[0] |= !time;
        Frame *cut_frame = frame_version(world.frame);
        assert_true(frame_filter(cut_frame, keep, NULL));
        assert_true(expr_eval(expr, cut_frame, NULL, NULL, &part, &err));
        for (size_t i = 0; i < world.n; i++)
            if (keep[i] && memcmp(&whole->numbers[i], &part->numbers[i], sizeof(double)) != 0)
                broken(&world, "later rows change a value", i);
        column_unref(whole);
        column_unref(part);
        frame_unref(cut_frame);
        world_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit_reads_training_rows_alone),
        cmocka_unit_test(test_training_rows_alone_are_enough),
        cmocka_unit_test(test_scores_do_not_depend_on_order),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_folds_in_time),
        cmocka_unit_test(test_paths_are_whole),
        cmocka_unit_test(test_folds_of_groups),
        cmocka_unit_test(test_expressions_are_causal),
    };
    return cmocka_run_group_tests_name("data_properties", tests, NULL, NULL);
}
