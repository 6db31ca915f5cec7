/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preps: what is learned comes from training rows with a target alone; applying to any frame; records. */
#include "data_frames.h"

#include "data/rowprogram.h"

enum { N = 600, COLUMNS = 8 };

static const char *const levels[] = { "zinc", "iron", "tin", "lead", "gold" };
static const char *const names[COLUMNS] = { "amount", "age", "metal", "owner", "y", "when", "note", "w" };

/* Cells of row i; `noise` changes every cell of the rows that `noisy` marks. */
static Frame *sample_with(const uint8_t *noisy, uint64_t noise)
{
    double amount[N], w[N];
    int64_t age[N], when[N], y[N];
    uint32_t metal[N];
    uint8_t owner[N];
    const char *notes[N];
    for (size_t i = 0; i < N; i++) {
        uint64_t seed = i * 7919 + 13 + (noisy && noisy[i] ? noise * 1000003 : 0);
        for (int k = 0; k < 5; k++) test_random(&seed);
        double spread = noisy && noisy[i] ? 1e6 : 100;
        amount[i] = test_random(&seed) < 0.1 ? NAN : spread * test_random(&seed);
        age[i] = 18 + (int64_t)(60 * test_random(&seed));
        metal[i] = (uint32_t)(test_random(&seed) * (noisy && noisy[i] ? 6 : 4.2));
        if (metal[i] > 5) metal[i] = 5;
        owner[i] = test_random(&seed) < 0.3;
        y[i] = test_random(&seed) < 0.05 ? INTEGER_MISSING : test_random(&seed) < 0.4;
        when[i] = (int64_t)i * 86400000000000;
        notes[i] = "text";
        w[i] = 1 + test_random(&seed);
    }
    Column *bools = column_new(COLUMN_BOOL, N, NULL);
    memcpy(bools->bools, owner, N);
    column_finish(bools);
    Column *columns[COLUMNS] = { numbers_column(amount, N),
                                 integers_column(COLUMN_INTEGER, age, N),
                                 category_column(levels, 5, metal, N),
                                 bools,
                                 integers_column(COLUMN_INTEGER, y, N),
                                 integers_column(COLUMN_TIME, when, N),
                                 text_column(notes, N),
                                 numbers_column(w, N) };
    Frame *frame = frame_new(names, columns, COLUMNS, N, "sample.csv");
    frame_set_role(frame, "y", ROLE_TARGET, NULL);
    frame_set_role(frame, "w", ROLE_WEIGHT, NULL);
    return frame;
}

static Frame *sample(void)
{
    return sample_with(NULL, 0);
}

static void add_recipe(Frame *frame)
{
    Arena *arena = arena_new();
    add_step(frame, arena, "impute", NULL, NULL, value_missing());
    add_step(frame, arena, "winsorize", NULL, NULL, value_missing());
    add_step(frame, arena, "encode", NULL, NULL, value_missing());
    add_step(frame, arena, "scale", NULL, NULL, value_missing());
    arena_free(arena);
}

static Prep *fit(const Frame *frame, Notes *notes)
{
    Err err = { 0 };
    Prep *prep = prep_fit(frame, "loans", (ValueList){ 0 }, true, notes, NULL, &err);
    if (!prep) fail_msg("%s", err.message);
    return prep;
}

static real *inputs(const Prep *prep, const Frame *frame, PrepReport *report)
{
    Err err = { 0 };
    real *x = mem_get(frame->n_rows * (size_t)prep->n_features, sizeof *x, NULL);
    if (!prep_apply(prep, frame, NULL, frame->n_rows, x, report, NULL, &err)) fail_msg("%s", err.message);
    return x;
}

static void fit_split(Frame *frame)
{
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    split_frame(frame, &plan);
    add_recipe(frame);
}

static void test_features_and_notes(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Notes notes = { .arena = arena_new() };
    Prep *prep = fit(frame, &notes);
    Buf text = { 0 };
    for (int i = 0; i < prep->n_features; i++) buf_printf(&text, "%s ", prep->features[i]);
    assert_string_equal(buf_text(&text), "amount amount=missing age metal=iron metal=lead metal=tin "
                                         "metal=zinc metal=missing owner ");
    assert_string_equal(prep->feature_from[5], "metal");
    buf_clear(&text);
    for (int i = 0; i < notes.n; i++) buf_puts(&text, notes.texts[i]);
    assert_non_null(strstr(buf_text(&text), "text column 'note' is not used"));
    assert_non_null(strstr(buf_text(&text), "'when'"));
    assert_non_null(strstr(buf_text(&text), "have no target"));
    assert_int_equal(prep->target_kind, 'b');
    assert_true(fabs(prep->level_share[1] - prep->target_mean) < 1e-12);
    buf_free(&text);
    arena_free(notes.arena);
    prep_unref(prep);
    frame_unref(frame);
}

/* The record of a prep as text, in which numbers are written so that they read back exactly. */
static void write_prep(const Prep *prep, Buf *out)
{
    Arena *arena = arena_new();
    Value record = prep_record(prep, arena);
    value_write(out, &record);
    arena_free(arena);
}

static void test_only_training_rows_teach(void **state)
{
    (void)state;
    for (uint64_t noise = 1; noise < 6; noise++) {
        Frame *frame = sample();
        fit_split(frame);
        uint8_t noisy[N];
        for (size_t i = 0; i < N; i++) /* other parts, and training rows without a target */
            noisy[i] = frame->split->part[i] != PART_TRAIN;
        Frame *other = sample_with(noisy, noise);
        for (size_t i = 0; i < N; i++)
            if (column_is_missing(frame->columns[4].column, i) && !noisy[i])
                other->columns[0].column->numbers[i] = 1e9;
        fit_split(other);
        assert_memory_equal(frame->split->part, other->split->part, N);
        Prep *a = fit(frame, NULL), *b = fit(other, NULL);
        Buf left = { 0 }, right = { 0 };
        write_prep(a, &left);
        write_prep(b, &right);
        assert_string_equal(buf_text(&left), buf_text(&right));
        buf_free(&left);
        buf_free(&right);
        prep_unref(a);
        prep_unref(b);
        frame_unref(frame);
        frame_unref(other);
    }
}

/* ---- every step of the registry, with every method it has */

static Frame *ordered_sample(const uint8_t *noisy, uint64_t noise)
{
    Frame *frame = sample_with(noisy, noise);
    frame_set_role(frame, "when", ROLE_TIME, NULL);
    SplitPlan plan = fractions(0.6, 0.2, 0.2);
    split_frame(frame, &plan);
    return frame;
}

/* The step between others that make its columns fit, and what comes out of it. */
static void add_around(Frame *frame, const char *step, const char *key, Value value)
{
    Arena *arena = arena_new();
    if (strcmp(step, "impute") != 0) add_step(frame, arena, "impute", NULL, NULL, value_missing());
    add_step(frame, arena, step, NULL, key, value);
    add_step(frame, arena, "impute", NULL, NULL, value_missing());
    add_step(frame, arena, "encode", NULL, NULL, value_missing());
    add_step(frame, arena, "scale", NULL, NULL, value_missing());
    arena_free(arena);
}

typedef void (*StepCheck)(const char *step, const char *key, Value value);

static void check_words(const Kind *step, const OptionSpec *spec, StepCheck check)
{
    char words[256], *rest;
    snprintf(words, sizeof words, "%s", spec->words);
    for (char *name = strtok_r(words, "|", &rest); name; name = strtok_r(NULL, "|", &rest))
        check(step->name, spec->name, word(name));
}

static void check_kinds(const Kind *step, const OptionSpec *spec, StepCheck check)
{
    Arg one = { .value = value_number(1) };
    for (int i = 0; i < spec->kinds->n; i++) {
        const Kind *kind = spec->kinds->items[i];
        Args args = { &one, kind->n_options > 0 && (kind->options[0].flags & OPTION_REQUIRED) ? 1 : 0 };
        Value value = { .type = VALUE_KIND };
        value.kind.name = kind->name;
        value.kind.args = &args;
        check(step->name, spec->name, value);
    }
}

/* Whether a step stands without any option. */
static bool stands_alone(const Kind *step)
{
    for (int i = 0; i < step->n_options; i++)
        if (step->options[i].flags & OPTION_REQUIRED) return false;
    return true;
}

static int check_every_step(StepCheck check)
{
    int methods = 0;
    for (int i = 0; i < step_kinds.n; i++) {
        const Kind *step = step_kinds.items[i];
        for (int k = 0; k < step->n_options; k++) {
            const OptionSpec *spec = &step->options[k];
            if (strcmp(spec->name, "by") == 0) check(step->name, "by", word("when"));
            if (strcmp(spec->name, "method") != 0) continue;
            methods++;
            if (spec->kinds)
                check_kinds(step, spec, check);
            else
                check_words(step, spec, check);
        }
        if (stands_alone(step)) check(step->name, NULL, value_missing());
    }
    return methods;
}

static void expect_same_state(const Prep *a, const Prep *b, const char *step, Value method)
{
    Buf left = { 0 }, right = { 0 }, name = { 0 };
    write_prep(a, &left);
    write_prep(b, &right);
    value_write(&name, &method);
    if (strcmp(buf_text(&left), buf_text(&right)) != 0) fail_msg("%s %s", step, buf_text(&name));
    buf_free(&left);
    buf_free(&right);
    buf_free(&name);
}

static void teach_without_other_rows(const char *step, const char *key, Value value)
{
    Frame *frame = ordered_sample(NULL, 0);
    uint8_t noisy[N];
    for (size_t i = 0; i < N; i++) noisy[i] = frame->split->part[i] != PART_TRAIN;
    Frame *other = ordered_sample(noisy, 3);
    add_around(frame, step, key, value);
    add_around(other, step, key, value);
    Prep *a = fit(frame, NULL), *b = fit(other, NULL);
    expect_same_state(a, b, step, value);
    prep_unref(a);
    prep_unref(b);
    frame_unref(frame);
    frame_unref(other);
}

static void test_no_step_learns_from_other_rows(void **state)
{
    (void)state;
    assert_true(check_every_step(teach_without_other_rows) >= 6);
}

/* Rows later than the first 500 change: what the net reads of these 500 does not. */
static void look_at_no_later_row(const char *step, const char *key, Value value)
{
    enum { EARLY = 500 };
    uint8_t noisy[N];
    for (size_t i = 0; i < N; i++) noisy[i] = i >= EARLY;
    Frame *frame = ordered_sample(NULL, 0), *other = ordered_sample(noisy, 4);
    add_around(frame, step, key, value);
    Prep *prep = fit(frame, NULL);
    split_unref(other->split);
    other->split = split_ref(frame->split);
    real *x = inputs(prep, frame, NULL), *y = inputs(prep, other, NULL);
    if (memcmp(x, y, EARLY * (size_t)prep->n_features * sizeof *x) != 0) fail_msg("%s looks ahead", step);
    mem_free(x);
    mem_free(y);
    prep_unref(prep);
    frame_unref(frame);
    frame_unref(other);
}

static void test_no_step_looks_ahead(void **state)
{
    (void)state;
    check_every_step(look_at_no_later_row);
}

static void come_back_from_the_record(const char *step, const char *key, Value value)
{
    Frame *frame = ordered_sample(NULL, 0);
    add_around(frame, step, key, value);
    Prep *prep = fit(frame, NULL);
    Arena *arena = arena_new();
    Err err = { 0 };
    Prep *back = prep_from_record(prep_record(prep, arena).record, &err);
    if (!back) fail_msg("%s: %s", step, err.message);
    expect_same_state(prep, back, step, value);
    back->split = split_ref((Split *)prep->split); /* which the model file keeps beside the record */
    uint32_t some[] = { 599, 7, 300, 7 };
    size_t width = (size_t)prep->n_features;
    real *x = inputs(prep, frame, NULL), *y = inputs(back, frame, NULL);
    real *z = mem_get(4 * width, sizeof *z, NULL);
    if (memcmp(x, y, width * N * sizeof *x) != 0) fail_msg("%s differs after a round trip", step);
    assert_true(prep_apply(back, frame, some, 4, z, NULL, NULL, NULL));
    for (size_t i = 0; i < 4; i++) assert_memory_equal(z + i * width, x + some[i] * width, width * sizeof *x);
    mem_free(x);
    mem_free(y);
    mem_free(z);
    arena_free(arena);
    prep_unref(prep);
    prep_unref(back);
    frame_unref(frame);
}

static void test_every_step_comes_back(void **state)
{
    (void)state;
    check_every_step(come_back_from_the_record);
}

static void test_training_rows_do_teach(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    uint8_t noisy[N];
    for (size_t i = 0; i < N; i++) noisy[i] = frame->split->part[i] == PART_TRAIN;
    Frame *other = sample_with(noisy, 1);
    fit_split(other);
    Prep *a = fit(frame, NULL), *b = fit(other, NULL);
    Buf left = { 0 }, right = { 0 };
    write_prep(a, &left);
    write_prep(b, &right);
    assert_true(strcmp(buf_text(&left), buf_text(&right)) != 0);
    buf_free(&left);
    buf_free(&right);
    prep_unref(a);
    prep_unref(b);
    frame_unref(frame);
    frame_unref(other);
}

/* The same cells in another column order, with categories coded in another order, as a raw frame. */
static Frame *permuted(const Frame *frame)
{
    const char *other_levels[] = { "unknown", "gold", "tin", "zinc", "lead", "iron" };
    const uint32_t code[] = { 0, 4, 6, 3, 5, 2 };
    uint32_t codes[N];
    for (size_t i = 0; i < N; i++) codes[i] = code[frame->columns[2].column->codes[i]];
    const int order[] = { 3, 2, 1, 0 };
    const char *new_names[5] = { [4] = "extra" };
    Column *columns[5];
    for (int k = 0; k < 4; k++) {
        new_names[k] = names[order[k]];
        columns[k] = column_ref(frame->columns[order[k]].column);
    }
    column_unref(columns[1]);
    columns[1] = category_column(other_levels, 6, codes, N);
    columns[4] = column_ref(columns[0]);
    return frame_new(new_names, columns, 5, N, "other.csv");
}

static void test_column_order_does_not_matter(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    Frame *raw = permuted(frame);
    real *x = inputs(prep, frame, NULL), *y = inputs(prep, raw, NULL);
    assert_memory_equal(x, y, (size_t)prep->n_features * N * sizeof *x);
    uint32_t rows[] = { 599, 3, 3, 250 };
    real *some = mem_get(4 * (size_t)prep->n_features, sizeof *some, NULL);
    assert_true(prep_apply(prep, raw, rows, 4, some, NULL, NULL, NULL));
    for (int i = 0; i < 4; i++)
        assert_memory_equal(some + i * prep->n_features, x + rows[i] * (size_t)prep->n_features,
                            (size_t)prep->n_features * sizeof *x);
    mem_free(x);
    mem_free(y);
    mem_free(some);
    prep_unref(prep);
    frame_unref(raw);
    frame_unref(frame);
}

static Frame *fresh_rows(double amount, const char *metal, int64_t age)
{
    const char *fresh_names[] = { "age", "metal", "owner", "amount" };
    Column *bools = column_new(COLUMN_BOOL, 1, NULL);
    Column *columns[] = { integers_column(COLUMN_INTEGER, &age, 1),
                          category_column(&metal, 1, (uint32_t[]){ 1 }, 1), bools,
                          numbers_column(&amount, 1) };
    bools->bools[0] = 0;
    column_finish(bools);
    return frame_new(fresh_names, columns, 4, 1, "new.csv");
}

static void test_counts_of_new_rows(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    PrepReport report = { 0 };
    Frame *fresh = fresh_rows(1e7, "kryptonite", INTEGER_MISSING);
    real *x = inputs(prep, fresh, &report);
    assert_int_equal(report.unseen_levels, 1);
    assert_int_equal(report.out_of_range, 1);
    assert_int_equal(report.missing, 1);
    for (int k = 3; k < 8; k++) assert_true(x[k] == 0); /* no metal column is set */
    for (int k = 0; k < prep->n_features; k++) assert_true(isfinite((double)x[k]));
    mem_free(x);
    frame_unref(fresh);
    prep_unref(prep);
    frame_unref(frame);
}

static void test_text_is_read_by_value(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    const char *fresh_names[] = { "age", "metal", "owner", "amount" };
    Column *columns[] = { text_column((const char *const[]){ "40", "40" }, 2),
                          text_column((const char *const[]){ "tin", NULL }, 2),
                          integers_column(COLUMN_INTEGER, (int64_t[]){ 1, 0 }, 2),
                          text_column((const char *const[]){ "12.5", "x" }, 2) };
    Frame *fresh = frame_new(fresh_names, columns, 4, 2, "");
    Frame *same = fresh_rows(12.5, "tin", 40);
    same->columns[2].column->bools[0] = 1;
    real x[32], y[32];
    assert_true(prep_apply(prep, fresh, (uint32_t[]){ 0 }, 1, x, NULL, NULL, NULL));
    assert_true(prep_apply(prep, same, NULL, 1, y, NULL, NULL, NULL));
    assert_memory_equal(x, y, (size_t)prep->n_features * sizeof *x);
    Err err = { 0 };
    assert_false(prep_apply(prep, fresh, NULL, 2, x, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_bad_type);
    assert_non_null(strstr(err.message, "row 2"));
    frame_unref(fresh);
    frame_unref(same);
    prep_unref(prep);
    frame_unref(frame);
}

static void test_missing_columns_are_listed(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    Frame *fresh = fresh_rows(1, "tin", 40);
    real x[32];
    Err err = { 0 };
    frame_drop_columns(fresh, (int[]){ 0, 3 }, 2, NULL);
    assert_false(prep_apply(prep, fresh, NULL, 1, x, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_missing_columns);
    assert_non_null(strstr(err.detail, "amount, age"));
    frame_unref(fresh);
    prep_unref(prep);
    frame_unref(frame);
}

static void expect_fit_error(Frame *frame, ErrCode code, const char *words)
{
    Err err = { 0 };
    assert_null(prep_fit(frame, "loans", (ValueList){ 0 }, true, NULL, NULL, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.message, words) && !strstr(err.hint, words)) fail_msg("%s / %s", err.message, err.hint);
}

static void test_fit_errors_say_what_to_write(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Frame *frame = sample();
    expect_fit_error(frame, CODE_not_encoded, "encode loans");
    add_step(frame, arena, "encode", NULL, NULL, value_missing());
    expect_fit_error(frame, CODE_has_missing, "impute loans");
    add_step(frame, arena, "impute", "y", NULL, value_missing());
    expect_fit_error(frame, CODE_not_input, "target");
    frame_set_role(frame, "y", ROLE_INPUT, NULL);
    expect_fit_error(frame, CODE_no_target, "role loans target=");
    frame_unref(frame);
    frame = sample();
    add_step(frame, arena, "scale", "metal", NULL, value_missing());
    expect_fit_error(frame, CODE_bad_step, "metal");
    frame_unref(frame);
    frame = sample();
    add_step(frame, arena, "encode", NULL, NULL, value_missing());
    add_step(frame, arena, "scale", "metal", NULL, value_missing());
    expect_fit_error(frame, CODE_bad_step, "encoded by an earlier step");
    frame_unref(frame);
    arena_free(arena);
}

static void test_roles_and_future_never_enter(void **state)
{
    (void)state;
    Frame *frame = sample();
    add_recipe(frame);
    frame_set_role(frame, "age", ROLE_PROTECTED, NULL);
    frame->columns[0].lead = 3;
    Prep *prep = fit(frame, NULL);
    for (int i = 0; i < prep->n_features; i++) {
        assert_string_not_equal(prep->feature_from[i], "age");
        assert_string_not_equal(prep->feature_from[i], "amount");
        assert_string_not_equal(prep->feature_from[i], "y");
        assert_string_not_equal(prep->feature_from[i], "w");
    }
    prep_unref(prep);
    frame_unref(frame);
}

static void test_records_come_back(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    Arena *arena = arena_new();
    Err err = { 0 };
    Value record = prep_record(prep, arena);
    Prep *back = prep_from_record(record.record, &err);
    if (!back) fail_msg("%s", err.message);
    Buf left = { 0 }, right = { 0 };
    write_prep(prep, &left);
    write_prep(back, &right);
    assert_string_equal(buf_text(&left), buf_text(&right));
    real *x = inputs(prep, frame, NULL), *y = inputs(back, frame, NULL);
    assert_memory_equal(x, y, (size_t)prep->n_features * N * sizeof *x);
    Value *features = (Value *)record_get(record.record, "features");
    features->list.n--;
    assert_null(prep_from_record(record.record, &err));
    assert_int_equal(err.code, CODE_bad_model_file);
    assert_null(prep_from_record(value_record(arena).record, NULL));
    mem_free(x);
    mem_free(y);
    buf_free(&left);
    buf_free(&right);
    arena_free(arena);
    prep_unref(prep);
    prep_unref(back);
    frame_unref(frame);
}

static void test_targets_and_weights(void **state)
{
    (void)state;
    Frame *frame = sample();
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    double y[N], w[N];
    assert_true(prep_target(prep, frame, NULL, N, y, NULL));
    assert_true(prep_weights(prep, frame, NULL, N, w, NULL));
    for (size_t i = 0; i < N; i++) {
        bool missing = column_is_missing(frame->columns[4].column, i);
        assert_true(missing ? isnan(y[i]) : y[i] == (double)frame->columns[4].column->integers[i]);
        assert_true(w[i] == frame->columns[7].column->numbers[i]);
    }
    Err err = { 0 };
    frame->columns[4].column->integers[9] = 7;
    assert_false(prep_target(prep, frame, NULL, N, y, &err));
    assert_int_equal(err.code, CODE_bad_target);
    assert_non_null(strstr(err.message, "row 10"));
    frame->columns[7].column->numbers[3] = -1;
    err_clear(&err);
    assert_false(prep_weights(prep, frame, NULL, N, w, &err));
    assert_int_equal(err.code, CODE_bad_weight);
    prep_unref(prep);
    frame_unref(frame);
}

static Expr *logarithm(Arena *arena, const char *column)
{
    Expr *x = expr_column(arena, column, (Span){ 0 });
    return expr_call(arena, expr_function_find("log"), (Expr *[]){ x }, 1, NULL, (Span){ 0 }, NULL);
}

static void test_raw_rows_go_through_the_row_program(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    Frame *frame = sample();
    Err err = { 0 };
    if (!rowprogram_derive(frame, "log_age", logarithm(arena, "age"), NULL, false, NULL, NULL, &err) ||
        !rowprogram_derive(frame, "amount", logarithm(arena, "amount"), NULL, true, NULL, NULL, &err) ||
        !rowprogram_rename(frame, "owner", "owns", &err))
        fail_msg("%s", err.message);
    fit_split(frame);
    Prep *prep = fit(frame, NULL);
    Frame *plain = sample(), *raw = permuted(plain);
    real *x = inputs(prep, frame, NULL), *y = inputs(prep, raw, NULL);
    assert_memory_equal(x, y, (size_t)prep->n_features * N * sizeof *x);
    Value record = prep_record(prep, arena);
    Prep *back = prep_from_record(record.record, &err);
    if (!back) fail_msg("%s", err.message);
    real *z = inputs(back, raw, NULL);
    assert_memory_equal(x, z, (size_t)prep->n_features * N * sizeof *x);
    frame_drop_columns(raw, (int[]){ 0, 1, 2 }, 3, NULL); /* owner metal age */
    assert_false(prep_apply(back, raw, NULL, N, z, NULL, NULL, &err));
    assert_int_equal(err.code, CODE_missing_columns);
    assert_non_null(strstr(err.detail, "metal"));
    assert_non_null(strstr(err.detail, "owner"));
    assert_non_null(strstr(err.detail, "age"));
    mem_free(x);
    mem_free(y);
    mem_free(z);
    arena_free(arena);
    prep_unref(prep);
    prep_unref(back);
    frame_unref(plain);
    frame_unref(raw);
    frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features_and_notes),
        cmocka_unit_test(test_only_training_rows_teach),
        cmocka_unit_test(test_no_step_learns_from_other_rows),
        cmocka_unit_test(test_no_step_looks_ahead),
        cmocka_unit_test(test_every_step_comes_back),
        cmocka_unit_test(test_training_rows_do_teach),
        cmocka_unit_test(test_column_order_does_not_matter),
        cmocka_unit_test(test_counts_of_new_rows),
        cmocka_unit_test(test_text_is_read_by_value),
        cmocka_unit_test(test_missing_columns_are_listed),
        cmocka_unit_test(test_fit_errors_say_what_to_write),
        cmocka_unit_test(test_roles_and_future_never_enter),
        cmocka_unit_test(test_records_come_back),
        cmocka_unit_test(test_targets_and_weights),
        cmocka_unit_test(test_raw_rows_go_through_the_row_program),
    };
    return cmocka_run_group_tests_name("data_prep", tests, NULL, NULL);
}
