/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `fns -n`: what it finds without running anything, and what it must let pass. */
#include "support/session.h"

static TestSession check(const char *text)
{
    TestSession test;
    test_begin(&test);
    test.session->checking = true;
    Source *source = test_source(&test, text);
    test_done(&test, source && session_check(test.session, source, &test.err));
    return test;
}

static void finds(const char *text, const char *code, const char *words)
{
    TestSession test = check(text);
    if (test.err.code == CODE_none) fail_msg("passed: %s", text);
    assert_string_equal(err_code_word(test.err.code), code);
    if (!strstr(buf_text(&test.diagnosis), words)) fail_msg("%s lacks: %s", buf_text(&test.diagnosis), words);
    test_end(&test);
}

static void passes(const char *text)
{
    TestSession test = check(text);
    if (test.err.code != CODE_none) fail_msg("%s\n%s", text, buf_text(&test.diagnosis));
    assert_string_equal(test_out(&test), "");
    assert_int_equal(test.session->names.n, 0);
    test_end(&test);
}

#define TOY "simulate moons as toy rows=10\n"

static void names_must_be_made(void **state)
{
    (void)state;
    finds("train nosuch", "no_name", "nosuch");
    finds(TOY "head toi", "no_name", "did you mean 'toy'?");
    finds(TOY "net m\n input toi\n dense 1\nend", "no_name", "did you mean 'toy'?");
    finds("with nosuch\n scale\nend", "no_name", "nosuch");
    finds("let a = 1\nprint $b", "no_variable", "$b");
    finds("print \"${b:.2}\"", "no_variable", "$b");
    passes(TOY
           "net m\n input toy\n dense 1 sigmoid\nend\ntrain m\nevaluate m\nprint $last.auc $args $err.code");
    passes("for f in [\"a\", \"b\"]\n load \"$f.csv\" as $f\nend\ndescribe a");
    passes("def f x\n print $x $later\n head $x\nend\nlet later = 1\n" TOY "f toy");
    passes(
        "catch: load \"nosuch.csv\" as x\nif $err.code == \"no_file\"\n print 1\nend\ncatch: train nosuch");
}

static void options_are_checked(void **state)
{
    (void)state;
    finds(TOY "head toy part=train nn=3", "unknown_option", "nn");
    finds(TOY "net m\n input toy\n dense 1 sigmoid\nend\ntrain m epoch=3", "unknown_option",
          "did you mean 'epochs'?");
    finds(TOY "net m\n input toy\n dense 1 sigmoid\nend\nsweep m lr=1,2 epoch=3", "unknown_option", "epoch");
    finds("simulate moons as toy rows=10 sed=2", "unknown_option", "did you mean 'seed'?");
    finds("simulate moons as toy rows=-3", "out_of_range", "rows");
    finds("simulate moon as toy", "bad_value", "moon");
    finds("simulate moons", "missing_argument", "as NAME");
    finds(TOY "train toy if x1 > 3", "bad_value", "takes no `if`");
    passes(
        TOY
        "net m\n input toy\n dense 1 sigmoid\nend\nlet r = 0.1\nsweep m lr=($r),1 epochs=3 dense1.units=1,2");
    passes(TOY "with toy\n derive z = x1 + 1\n split train=50% valid=50% late=10%\n scale x1\nend");
}

static void nets_are_checked(void **state)
{
    (void)state;
    finds("net m\n input 4\n dense 3 rleu\n dense 1\nend", "bad_value", "did you mean 'relu'?");
    finds("net m\n input 4\n for i in 1..2\n  dense 3 rleu\n end\nend", "bad_value", "did you mean 'relu'?");
    finds("net m\n dense 3\nend", "missing_argument", "input");
    finds("net m\n input 20 5\n dense 3\nend", "shapes", "dense1");
    passes("let n = 3\nnet m\n input 4\n for i in 1..$n\n  dense $n\n end\n if $n > 2\n  dense 2\n end\nend");
}

static void defs_and_flow_are_checked(void **state)
{
    (void)state;
    finds("def f a\n print $a\nend\nf 1 2", "too_many", "f");
    finds("def f a\n print $a\nend\nf", "missing_argument", "a");
    finds("def f a b=1\n print $a\nend\nf 1 c=2", "unknown_option", "c");
    finds("let y = sqtr(2)", "no_function", "did you mean 'sqrt'?");
    finds(TOY "keep toy if lgo(x1) > 0", "no_function", "did you mean 'log'?");
    finds("if on\n break\nend", "syntax", "no loop");
    finds("print 1 +", "syntax", "test:1");
    passes("while on\n if on\n  break\n end\nend");
    passes("def f a b=2\n return $a\nend\nf 1\nf a=1 b=3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_must_be_made),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(nets_are_checked),
        cmocka_unit_test(defs_and_flow_are_checked),
    };
    return cmocka_run_group_tests_name("lang_check", tests, NULL, NULL);
}
