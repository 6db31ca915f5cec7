/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option tables: binding, errors, text, records. Arguments are written as defaults are and read by
 * option_initial. */
#include "base/option.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const OptionSpec sgd_options[] = {
    { .name = "momentum", .type = OPTION_NUMBER, .initial = "0", .max = 1, .flags = OPTION_OPEN_MAX },
    { .name = "nesterov", .type = OPTION_BOOL, .initial = "off" },
};
static const Kind sgd = { .name = "sgd", KIND_OPTIONS(sgd_options) };
static const Kind adam = { .name = "adam" }, relu = { .name = "relu" }, tanh_kind = { .name = "tanh" };
static const Kind *const optimizer_items[] = { &sgd, &adam }, *const activation_items[] = { &relu,
                                                                                            &tanh_kind };
static const KindList optimizers = { "optimizer", optimizer_items, 2 };
static const KindList activations = { "activation", activation_items, 2 };

static const OptionSpec dense_options[] = {
    { .name = "units", .type = OPTION_INTEGER, .flags = OPTION_POSITIONAL | OPTION_REQUIRED, .min = 1 },
    { .name = "kernel", .type = OPTION_INTEGER, .flags = OPTION_POSITIONAL, .min = 1, .initial = "3" },
    { .name = "activation", .type = OPTION_KIND, .flags = OPTION_POSITIONAL, .kinds = &activations },
    { .name = "l2", .type = OPTION_NUMBER, .flags = OPTION_OPEN_MIN, .initial = "1e-4" },
    { .name = "rate", .type = OPTION_FRACTION, .max = 1 },
    { .name = "optimizer", .type = OPTION_KIND, .kinds = &optimizers, .initial = "sgd(momentum=0.5)" },
    { .name = "view", .type = OPTION_WORD, .words = "heat|hist|table", .initial = "heat" },
    { .name = "clip", .type = OPTION_NUMBER, .flags = OPTION_OFF, .initial = "1", .max = 100 },
    { .name = "metrics", .type = OPTION_METRIC, .flags = OPTION_LIST, .initial = "auc,ks" },
    { .name = "at", .type = OPTION_RANGE, .initial = "1%..99%", .max = 1 },
    { .name = "file", .type = OPTION_FILE },
};
static const Kind dense = { .name = "dense", KIND_OPTIONS(dense_options) };

static const OptionSpec encode_options[] = {
    { .name = "frame", .type = OPTION_FRAME, .flags = OPTION_POSITIONAL | OPTION_REQUIRED },
    { .name = "columns", .type = OPTION_COLUMNS, .flags = OPTION_POSITIONAL | OPTION_LIST },
};
static const Kind encode = { .name = "encode", KIND_OPTIONS(encode_options) };

static Arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* "k(a, key=b)" read as the arguments of k. */
static const Args *args_of(const char *text)
{
    OptionSpec spec = { .type = OPTION_ANY, .initial = arena_format(arena, "k(%s)", text) };
    Value value = option_initial(arena, &spec);
    assert_int_equal(value.type, VALUE_KIND);
    return value.kind.args;
}

static Options bind(const Kind *kind, const char *text)
{
    Options options;
    Err err = { 0 };
    bool ok = options_bind(kind, args_of(text), arena, (Span){ 0 }, &options, &err);
    if (!ok) fail_msg("%s: %s", text, err.message);
    return options;
}

static void refuse(const char *text, ErrCode code, const char *message, const char *hint)
{
    Options options;
    Err err = { 0 };
    assert_false(options_bind(&dense, args_of(text), arena, (Span){ 0 }, &options, &err));
    assert_string_equal(err.message, message);
    assert_int_equal(err.code, code);
    assert_string_equal(err.hint, hint);
}

static void defaults_are_bound(void **state)
{
    (void)state;
    Options options = bind(&dense, "64");
    assert_int_equal(option_integer(&options, "units"), 64);
    assert_int_equal(option_integer(&options, "kernel"), 3);
    assert_true(option_number(&options, "l2") == 1e-4);
    assert_true(isnan(option_number(&options, "rate")));
    assert_ptr_equal(option_kind(&options, "optimizer"), &sgd);
    assert_true(option_number(option_kind_options(&options, "optimizer"), "momentum") == 0.5);
    assert_string_equal(option_text(&options, "view"), "heat");
    assert_int_equal(option_list(&options, "metrics").n, 2);
    assert_true(option_get(&options, "at")->value.range.to->number == 0.99);
    assert_false(option_given(&options, "l2"));
    assert_null(option_text(&options, "file"));
    assert_false(option_given(&options, "no such row"));
}

static void operands_pass_over_numbers(void **state)
{
    (void)state;
    Options options = bind(&dense, "64, relu");
    assert_ptr_equal(option_kind(&options, "activation"), &relu);
    assert_false(option_given(&options, "kernel"));
    options = bind(&dense, "32, 5, \"tanh\"");
    assert_int_equal(option_integer(&options, "kernel"), 5);
    assert_ptr_equal(option_kind(&options, "activation"), &tanh_kind);
    options = bind(&dense, "5, units=32");
    assert_int_equal(option_integer(&options, "kernel"), 5);
}

static void values_are_converted(void **state)
{
    (void)state;
    Options options = bind(&dense, "1, rate=20%, view=\"hist\", clip=off, metrics=auc, file=\"a.csv\"");
    assert_true(option_number(&options, "rate") == 0.2);
    assert_string_equal(option_text(&options, "view"), "hist");
    assert_true(option_given(&options, "clip"));
    assert_int_equal(option_get(&options, "clip")->value.type, VALUE_MISSING);
    assert_int_equal(option_get(&options, "metrics")->value.type, VALUE_LIST);
    assert_int_equal(option_get(&options, "file")->value.type, VALUE_TEXT);
}

static void a_list_takes_what_remains(void **state)
{
    (void)state;
    Options options = bind(&encode, "loans, purpose, dpd_*, x1..x5");
    assert_int_equal(option_list(&options, "columns").n, 3);
    assert_int_equal(option_list(&options, "columns").items[1].type, VALUE_PATTERN);
    assert_ptr_equal(option_spec(&encode, NULL, 0), &encode_options[0]);
    assert_ptr_equal(option_spec(&encode, NULL, 3), &encode_options[1]);
    assert_ptr_equal(option_spec(&encode, "columns", 0), &encode_options[1]);
    assert_null(option_spec(&encode, "nosuch", 0));
    Buf text = { 0 };
    options_write(&text, &options);
    assert_string_equal(buf_text(&text), "loans purpose dpd_* x1..x5");
    buf_free(&text);
    Value record = options_record(arena, &options);
    Options back;
    assert_true(options_from_record(&encode, record.record, arena, &back, NULL));
    assert_true(options_equal(&options, &back));
}

static void errors_name_what_is_wrong(void **state)
{
    (void)state;
    refuse("64, l3=1", CODE_unknown_option, "dense has no option 'l3'", "");
    refuse("64, kernl=1", CODE_unknown_option, "dense has no option 'kernl'", "did you mean 'kernel'?");
    refuse("l2=1", CODE_missing_argument, "dense needs units (a whole number)", "");
    refuse("3.5", CODE_bad_value, "dense units takes a whole number, not 3.5", "");
    refuse("0", CODE_out_of_range, "dense units must be at least 1, not 0", "");
    refuse("1, l2=0", CODE_out_of_range, "dense l2 must be above 0, not 0", "");
    refuse("1, rate=120%", CODE_out_of_range, "dense rate must be from 0 to 1, not 120%", "");
    refuse("1, rleu", CODE_bad_value, "dense activation takes relu or tanh, not 'rleu'",
           "did you mean 'relu'?");
    refuse("1, view=heet", CODE_bad_value, "dense view takes heat, hist or table, not 'heet'",
           "did you mean 'heat'?");
    refuse("1, optimizer=sgd(momentum=1)", CODE_out_of_range,
           "sgd momentum must be at least 0 and below 1, not 1", "");
    refuse("1, optimizer=sgd(mometum=0)", CODE_unknown_option, "sgd has no option 'mometum'",
           "did you mean 'momentum'?");
    refuse("1, 2, relu, 4", CODE_too_many, "dense takes no further operand", "");
    refuse("1, l2=1, l2=2", CODE_too_many, "l2 is given twice", "");
    refuse("1, clip=x", CODE_bad_value, "dense clip takes a number, or off, not 'x'", "");
}

static void check_round_trip(const char *text, const char *expected)
{
    Options options = bind(&dense, text), back;
    Buf out = { 0 };
    Err err = { 0 };
    options_write(&out, &options);
    assert_string_equal(buf_text(&out), expected);
    Value record = options_record(arena, &options);
    assert_true(options_from_record(&dense, record.record, arena, &back, &err));
    assert_true(options_equal(&options, &back));
    buf_clear(&out);
    options_write(&out, &back);
    assert_string_equal(buf_text(&out), expected);
    assert_true(options_equal(options_copy(arena, &options), &back));
    buf_free(&out);
}

static void options_are_written_and_read_back(void **state)
{
    (void)state;
    check_round_trip("64, relu, l2=0.0001", "64 relu l2=0.0001");
    check_round_trip("64, 5, tanh", "64 5 tanh");
    check_round_trip("rate=20%, units=8", "8 rate=20%");
    check_round_trip("1, optimizer=sgd(momentum=0.9, nesterov=on)",
                     "1 optimizer=sgd(momentum=0.9, nesterov=on)");
    check_round_trip("1, clip=off, at=..5%, file=\"a b\"", "1 clip=off at=..5% file=\"a b\"");
    Options a = bind(&dense, "1"), b = bind(&dense, "1, kernel=3"), c = bind(&dense, "1, kernel=4");
    assert_true(options_equal(&a, &b));
    assert_false(options_equal(&a, &c));
}

static void wrong_tables_are_internal_errors(void **state)
{
    static const OptionSpec rows[] = { { .name = "x", .type = OPTION_NUMBER, .initial = "abc" } };
    static const Kind wrong = { .name = "wrong", KIND_OPTIONS(rows) };
    (void)state;
    Options options;
    Err err = { 0 };
    assert_false(options_bind(&wrong, &(Args){ 0 }, arena, (Span){ 0 }, &options, &err));
    assert_int_equal(err.code, CODE_internal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_bound),
        cmocka_unit_test(operands_pass_over_numbers),
        cmocka_unit_test(values_are_converted),
        cmocka_unit_test(a_list_takes_what_remains),
        cmocka_unit_test(errors_name_what_is_wrong),
        cmocka_unit_test(options_are_written_and_read_back),
        cmocka_unit_test(wrong_tables_are_internal_errors),
    };
    return cmocka_run_group_tests_name("base_option", tests, setup, teardown);
}
