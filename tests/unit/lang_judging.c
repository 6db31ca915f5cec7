/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit, evaluate and predict as scripts: what they leave in $last, which rows they judge, what they
 * refuse. The scripts check themselves with assert. */
#include "lang/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "base/source.h"

typedef struct Kept {
    Display display; /* first: the display is the whole */
    char notes[4000];
    int rows; /* of the last table */
} Kept;

static void show(Display *display, const Result *result)
{
    Kept *kept = (Kept *)display;
    if (result->notes.n) kept->notes[0] = 0;
    for (int i = 0; i < result->notes.n; i++)
        strncat(kept->notes, result->notes.texts[i], sizeof kept->notes - strlen(kept->notes) - 1);
    for (int i = 0; i < result->n_items; i++)
        if (result->items[i].kind == ITEM_TABLE) kept->rows = result->items[i].table->n_rows;
}

static void say(Display *display, const char *text)
{
    (void)display, (void)text;
}

static void warn(Display *display, const Err *err)
{
    (void)display, (void)err;
}

static const char loans[] = "simulate credit as loans rows=3000 seed=7\n"
                            "split loans train=60% valid=20% test=20%\n"
                            "scale loans\n"
                            "fit logit loans as lr\n";

/* Runs the loans and then the script. */
static ErrCode run(Kept *kept, const char *script)
{
    static atomic_int stop;
    *kept = (Kept){ .display = { .show = show, .warn = warn, .say = say } };
    Buf text = { 0 };
    buf_puts(&text, loans);
    buf_puts(&text, script);
    Err err = { 0 };
    Session *session = session_new(&kept->display, &stop);
    Source *source = source_new("test", NULL, buf_text(&text), text.length, &err);
    bool ok = source && session_run(session, source, false, &err);
    if (!ok) snprintf(kept->notes, sizeof kept->notes, "%s", err.message);
    session_free(session);
    buf_free(&text);
    return ok ? CODE_none : err.code;
}

static void succeeds(Kept *kept, const char *script)
{
    if (run(kept, script) != CODE_none) fail_msg("%s", kept->notes);
}

static void figures_stand_in_last(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr\n"
                    "assert $last.auc > 0.6 and $last.auc < 0.75\n"
                    "assert $last.auc == $last.lr.auc and $last.auc == $last.valid.auc\n"
                    "assert $last.gini == 2 * $last.auc - 1\n"
                    "assert $last.naive.auc == 0.5 and $last.naive.ks == 0\n"
                    "assert $last.attainable.auc > 0.8 and $last.attainable.auc < 0.9\n"
                    "assert $last.part == \"valid\" and $last.n == 600 and $last.training_rows == 0\n");
    succeeds(&kept, "fit logit loans as two columns=x1,x2\n"
                    "evaluate lr two metrics=auc,brier part=test\n"
                    "assert $last.lr.auc > $last.two.auc and $last.test_openings == 1\n");
    assert_int_equal(kept.rows, 1); /* the paired test of auc */
    assert_int_equal(
        run(&kept, "evaluate lr\nfit logit loans as two columns=x1\nevaluate lr two\nprint $last.auc"),
        CODE_no_member);
}

/* With expected labels the figures are free of the draw: nothing beats the truth, which attains itself. */
static void labels_are_expected(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr\nlet auc = $last.auc\nlet best = $last.attainable.auc\n"
                    "evaluate lr labels=expected\nassert $last.auc != $auc and abs($last.auc - $auc) < 0.06\n"
                    "assert $last.attainable.auc == $best and $last.attainable.brier < $last.brier\n"
                    "assert $last.naive.auc == 0.5\n");
    assert_int_equal(run(&kept, "derive loans x1 = 2 * x1 replace\nrole loans target=x2\nfit ols loans as q\n"
                                "evaluate q labels=expected"),
                     CODE_bad_target);
}

static void rows_are_selected(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr part=train\nassert $last.n == 1800 and $last.training_rows == 1800");
    assert_non_null(strstr(kept.notes, "training rows of lr"));
    succeeds(&kept, "evaluate lr part=all if x1 > 0 and x1 < 0.5\nassert $last.n > 300 and $last.n < 900");
    succeeds(&kept, "simulate credit as other rows=500 seed=9\nevaluate lr on=other\n"
                    "assert $last.n == 500 and $last.part == \"all\" and $last.training_rows == 0");
    succeeds(&kept,
             "derive loans side = ifelse(x1 > 0, \"up\", \"down\")\nrole loans hold=side\n"
             "evaluate lr metrics=auc,logloss by=side\n"
             "assert $last.lr.groups.up.n + $last.lr.groups.down.n == $last.n\n"
             "let all = $last.lr.logloss\nlet up = $last.lr.groups.up\nlet down = $last.lr.groups.down\n"
             "assert abs($up.n * $up.logloss + $down.n * $down.logloss - 600 * $all) < 1e-9\n");
    assert_int_equal(kept.rows, 9); /* two groups and all, three rows each */
    succeeds(&kept,
             "derive loans default = ifelse(x1 > 1, missing, default) replace\nrole loans target=default\n"
             "evaluate lr part=all\nassert $last.n < 3000 and $last.n > 2000");
}

static void score_columns_are_models(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "predict lr part=all as scored\nlet n = $last.n\nassert $n == 3000\n"
                    "evaluate scored.score\nlet whole = $last.auc\nevaluate lr part=all\n"
                    "assert abs($last.auc - $whole) < 1e-12\n");
    succeeds(&kept, "derive loans pts = 600 - x1\nrole loans hold=pts\nevaluate loans.pts\n"
                    "let down = $last.auc\nassert $last.brier == missing or ismissing($last.brier)\n"
                    "role loans score=pts higher=safer\nevaluate loans.pts\n"
                    "assert abs($last.auc + $down - 1) < 1e-12\n");
    assert_non_null(strstr(kept.notes, "turned round"));
    assert_int_equal(run(&kept, "evaluate loans.nothing"), CODE_no_column);
}

static void predictions_keep_rows(void **state)
{
    (void)state;
    Kept kept;
    char name[] = "fns-judging-XXXXXX";
    int file = mkstemp(name);
    assert_true(file >= 0);
    close(file);
    char script[400];
    snprintf(script, sizeof script, "predict lr part=all to=\"%s\"", name);
    assert_int_equal(run(&kept, script), CODE_file_is_there);
    snprintf(script, sizeof script,
             "predict lr part=all to=\"%s\" replace\nload \"%s\" as back format=csv\n"
             "assert $back.rows == 3000 and $back.columns == 4\n"
             "role back target=default\nevaluate back.score\nlet auc = $last.auc\nevaluate lr part=all\n"
             "assert abs($last.auc - $auc) < 1e-12",
             name, name);
    ErrCode code = run(&kept, script);
    unlink(name);
    if (code != CODE_none) fail_msg("%s", kept.notes);
    succeeds(&kept, "predict lr");
    assert_int_equal(kept.rows, 10);
    assert_int_equal(run(&kept, "predict lr as p\npredict lr part=all as p"), CODE_exists);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    Kept kept;
    assert_int_equal(run(&kept, "evaluate lr metrics=acu"), CODE_no_metric);
    assert_int_equal(run(&kept, "evaluate lr metrics=mse"), CODE_no_metric);
    assert_int_equal(run(&kept, "evaluate lr part=nothing"), CODE_no_part);
    assert_int_equal(run(&kept, "evaluate lr by=x1"), CODE_too_many_levels);
    assert_int_equal(run(&kept, "evaluate lr ci=boot(3)"), CODE_bad_value);
    assert_int_equal(run(&kept, "evaluate lr ci=yes"), CODE_bad_value);
    assert_int_equal(run(&kept, "evaluate lr cost={fn=5}"), CODE_bad_value);
    assert_int_equal(run(&kept, "evaluate lr cost={fn=5, fp=-1}"), CODE_bad_value);
    assert_int_equal(run(&kept, "evaluate lr level=100%"), CODE_out_of_range);
    assert_int_equal(run(&kept, "compare lr"), CODE_missing_argument);
    assert_int_equal(run(&kept, "plot loans x1 part=test"), CODE_bad_value);
    assert_int_equal(run(&kept, "plot lr view=hist"), CODE_bad_value);
    assert_int_equal(run(&kept, "plot loans x1 view=roc"), CODE_bad_value);
    assert_int_equal(run(&kept, "plot loans"), CODE_missing_argument);
    assert_int_equal(run(&kept, "forget loans\nevaluate lr"), CODE_missing_argument);
    assert_int_equal(run(&kept, "fit ols loans as q"), CODE_bad_target);
    assert_int_equal(run(&kept, "fit logit loans as q l3=1"), CODE_unknown_option);
    assert_int_equal(run(&kept, "fit logit loans as q l2=-1"), CODE_out_of_range);
    assert_int_equal(run(&kept, "role loans target=x1\nfit ols loans as q\nevaluate lr q"), CODE_bad_target);
}

static void intervals_surround_figures(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr ci=on metrics=auc,gini,ks,brier,accuracy,slope,spiegelhalter\n"
                    "assert $last.ci.auc.low < $last.auc and $last.auc < $last.ci.auc.high\n"
                    "assert abs($last.ci.gini.low - (2 * $last.ci.auc.low - 1)) < 1e-12\n"
                    "assert $last.ci.ks.low < $last.ks and $last.ks < $last.ci.ks.high\n"
                    "assert $last.lr.ci.brier.low == $last.valid.ci.brier.low\n"
                    "assert $last.ci.accuracy.low < $last.accuracy and $last.ci.slope.high > 1\n"
                    "let low = $last.ci.ks.low\nset threads 2\nevaluate lr ci=on metrics=ks\n"
                    "assert $last.ci.ks.low == $low\nset seed 2\nevaluate lr ci=on metrics=ks\n"
                    "assert $last.ci.ks.low != $low\n"
                    "evaluate lr ci=boot(50) metrics=auc,ks level=50%\nlet narrow = $last.ci.auc\n"
                    "evaluate lr ci=boot metrics=auc\n"
                    "assert $last.ci.auc.high - $last.ci.auc.low > $narrow.high - $narrow.low\n");
    assert_int_equal(run(&kept, "evaluate lr ci=delong metrics=auc,ks\nprint $last.ci.ks"), CODE_no_member);
}

static void parts_and_segments_are_one_table(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr part=train,valid,test metrics=auc,ks\n"
                    "assert $last.test_openings == 1 and $last.train.n == 1800 and $last.lr.test.n == 600\n"
                    "assert $last.lr.train.auc == $last.train.auc and $last.naive.test.auc == 0.5\n"
                    "let whole = $last.test.auc\nevaluate lr part=test metrics=auc\n"
                    "assert $last.auc == $whole\n");
    succeeds(&kept, "evaluate lr part=train,valid metrics=auc");
    assert_int_equal(kept.rows, 6); /* lr, base rate, attainable in each */
    assert_int_equal(run(&kept, "evaluate lr part=train,valid\nprint $last.auc"), CODE_no_member);
    assert_int_equal(run(&kept, "evaluate lr part=train,nothing"), CODE_no_part);
    succeeds(&kept, "derive loans side = ifelse(x1 > 0, \"up\", \"down\")\nrole loans hold=side\n"
                    "evaluate lr metrics=auc by=side part=train,valid\n"
                    "assert $last.lr.valid.groups.up.n + $last.lr.valid.groups.down.n == $last.lr.valid.n\n");
    assert_int_equal(kept.rows, 18);
}

static void cutoffs_decide(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr metrics=cutoff cost={fn=5, fp=1}\nlet c = $last.lr.cells\n"
                    "assert abs($last.lr.cutoff - 1 / 6) < 1e-12\n"
                    "assert $c.tp + $c.fp + $c.fn + $c.tn == 600\n"
                    "assert abs($last.cost - (5 * $c.fn + $c.fp) / 600) < 1e-12\n"
                    "assert abs($last.recall - $c.tp / ($c.tp + $c.fn)) < 1e-12\n"
                    "assert abs($last.accuracy - ($c.tp + $c.tn) / 600) < 1e-12\n"
                    "assert $last.naive.cost <= 1 and $last.naive.recall == 0\n"
                    "evaluate lr metrics=cost cost={fn=5, fp=1} cutoff=0.5\nassert $last.lr.cutoff == 0.5\n");
}

static void models_are_compared(void **state)
{
    (void)state;
    Kept kept;
    succeeds(
        &kept,
        "fit logit loans as two columns=x1,x2\nevaluate lr two metrics=auc,accuracy,ks\n"
        "let p = $last.tests.two.auc.p d = $last.tests.two.auc.difference\n"
        "assert $last.tests.two.accuracy.test == \"McNemar\"\n"
        "compare lr two metrics=auc,ks,accuracy\n"
        "assert $last.two.against.auc.p == $p and $last.two.against.auc.difference == $d\n"
        "assert $last.two.against.auc.test == \"DeLong\" and abs($d - $last.two.auc + $last.lr.auc) < 1e-12\n"
        "assert $last.two.against.ks.test == \"bootstrap\"\n"
        "assert $last.two.against.ks.low < $last.two.against.ks.difference\n"
        "compare lr lr metrics=auc,brier,accuracy\n"
        "assert $last.lr.against.auc.p == 1 and $last.lr.against.brier.p == 1\n"
        "assert $last.lr.against.accuracy.p == 1\n");
    assert_int_equal(run(&kept, "evaluate lr\nprint $last.tests"), CODE_no_member);
}

static void gains_add_up(void **state)
{
    (void)state;
    Kept kept;
    succeeds(
        &kept,
        "gains lr bins=5\nlet b = $last.bands\n"
        "assert $b.b1.n == 120 and $b.b5.captured == 1 and $b.b5.lift == 1 and $b.b5.rows == 1\n"
        "assert $b.b1.events + $b.b2.events + $b.b3.events + $b.b4.events + $b.b5.events == $last.events\n"
        "let lift = $b.b1.lift\nevaluate lr metrics=lift,capture worst=20%\n"
        "assert abs($last.lift - $lift) < 1e-12 and abs($last.capture - $lift / 5) < 1e-12\n");
    assert_int_equal(kept.rows, 2 + 1);
    assert_int_equal(run(&kept, "role loans target=x1\nfit ols loans as q\ngains q"), CODE_bad_target);
}

static void pictures_show_figures(void **state)
{
    (void)state;
    Kept kept;
    succeeds(
        &kept,
        "fit logit loans as two columns=x1,x2\nplot lr two view=roc\n"
        "assert $last.view == \"roc\" and $last.two.x[1] == 0 and $last.two.y[1] == 0\n"
        "plot lr view=ks\nlet ks = $last.ks\nevaluate lr metrics=ks\nassert abs($last.ks - $ks) < 1e-12\n"
        "plot lr view=pr part=train\nplot lr view=gains\nplot lr view=density bins=20\n"
        "plot lr view=reliability bins=5\nplot lr if x1 > 0\n");
    assert_int_equal(run(&kept, "plot lr lr view=ks"), CODE_too_many);
    assert_int_equal(run(&kept, "plot lr nothing view=roc"), CODE_no_name);
    assert_int_equal(run(&kept, "derive loans pts = 600 - x1\nrole loans hold=pts\nplot loans.pts view=roc\n"
                                "plot loans.pts view=reliability"),
                     CODE_bad_target);
}

static void levels_have_names(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "derive loans grade = ifelse(x1 < -0.5, \"A\", ifelse(x1 < 0.5, \"B\", \"C\"))\n"
                    "role loans target=grade\nnet m\n  input loans\n  dense 3 softmax\nend\n"
                    "crossvalidate m kfold(2) epochs=20 batch=64 as cv\n"
                    "evaluate cv metrics=accuracy,balanced,f1,mcc part=valid\n"
                    "let a = $last.cv.confusion.A\nassert $a.A + $a.B + $a.C > 100 and $a.A > $a.C\n"
                    "assert $last.cv.levels.B.auc > 0.5 and $last.cv.micro.f1 == $last.accuracy\n"
                    "assert abs($last.cv.macro.f1 - $last.f1) < 1e-12\n"
                    "assert abs($last.cv.macro.recall - $last.balanced) < 1e-12\n");
    assert_int_equal(run(&kept,
                         "derive loans grade = ifelse(x1 < -0.5, \"A\", ifelse(x1 < 0.5, \"B\", \"C\"))\n"
                         "role loans target=grade\nevaluate loans.x1"),
                     CODE_bad_target);
}

static void edges_are_said(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "evaluate lr ci=on if default == 0");
    assert_non_null(strstr(kept.notes, "all rows have default = 0"));
    succeeds(&kept, "derive loans same = 0.2\nrole loans hold=same\nevaluate loans.same ci=on\n"
                    "assert $last.auc == 0.5 and $last.ks == 0");
    assert_non_null(strstr(kept.notes, "the same score"));
    succeeds(&kept, "derive loans pts = 600 - 20 * x1\nrole loans hold=pts\nevaluate loans.pts part=all");
    assert_non_null(strstr(kept.notes, "role loans score=pts higher=safer"));
    assert_int_equal(run(&kept, "gains lr if default == 0"), CODE_one_class);
}

static void baselines_are_values(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, "assert $last.n == 1800 and $last.coefficients.x1 == $lr.coefficients.x1\n"
                    "assert $lr.p.x1 < 0.001 and $lr.errors.x5 > 0\n"
                    "fit logit(l2=10) loans as a\nfit logit loans as b l2=10\n"
                    "assert $a.coefficients.x1 == $b.coefficients.x1\n"
                    "assert $a.coefficients.x1 < $lr.coefficients.x1\n");
}

#define FOLDS                                                                                                \
    "derive loans fold = mod(round(abs(x1) * 1000), 4)\nrole loans hold=fold\n"                              \
    "net m\n  input loans\n  dense 1 sigmoid\nend\n"

/* Forecasts of a cross-validated set are out of sample; a fold that is test stays out of it. */
static void folds_are_judged(void **state)
{
    (void)state;
    Kept kept;
    succeeds(&kept, FOLDS "split loans folds=fold\ncrossvalidate m epochs=2 as cv\n"
                          "assert $last.auc > 0.5 and $last.sd.auc > 0\nevaluate cv\n"
                          "assert $last.part == \"all\" and $last.n == 3000 and $last.training_rows == 0\n");
    assert_null(strstr(kept.notes, "training rows"));
    succeeds(&kept, FOLDS "split loans folds=fold test=fold2\nlet held = $last.test\n"
                          "crossvalidate m epochs=2 monitor=valid.auc patience=1 as cv\n"
                          "assert $last.auc > 0.4 and $last.brier < 0.3\nevaluate cv part=test\n"
                          "assert $last.n == $held and $last.test_openings == 1\n");
    assert_int_equal(run(&kept, FOLDS "split loans folds=fold test=fold5"), CODE_bad_split);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_stand_in_last),
        cmocka_unit_test(labels_are_expected),
        cmocka_unit_test(rows_are_selected),
        cmocka_unit_test(score_columns_are_models),
        cmocka_unit_test(predictions_keep_rows),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(intervals_surround_figures),
        cmocka_unit_test(parts_and_segments_are_one_table),
        cmocka_unit_test(cutoffs_decide),
        cmocka_unit_test(models_are_compared),
        cmocka_unit_test(gains_add_up),
        cmocka_unit_test(pictures_show_figures),
        cmocka_unit_test(levels_have_names),
        cmocka_unit_test(edges_are_said),
        cmocka_unit_test(baselines_are_values),
        cmocka_unit_test(folds_are_judged),
    };
    return cmocka_run_group_tests_name("lang: judging", tests, NULL, NULL);
}
