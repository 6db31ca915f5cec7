/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reasons of a file: the same bits for any number of threads, sorted, above 0, and those that explain shows;
 * importance with any number of threads; the change that flip finds does turn the decision. */
#include "lang/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "base/source.h"

static void show(Display *display, const Result *result)
{
    (void)display, (void)result;
}

static void say(Display *display, const char *text)
{
    (void)display, (void)text;
}

static void warn(Display *display, const Err *err)
{
    (void)display, (void)err;
}

static Display silent = { .show = show, .warn = warn, .say = say };

static Session *run(const char *script)
{
    static atomic_int stop;
    Err err = { 0 };
    Session *session = session_new(&silent, &stop);
    Source *source = source_new("test", NULL, script, strlen(script), &err);
    if (!source || !session_run(session, source, false, &err)) fail_msg("%s\n%s", err.message, err.detail);
    return session;
}

#define WIDE                                                                                                 \
    "simulate uniform as wide rows=120 columns=14 seed=3\nsplit wide train=60% valid=40%\n"                  \
    "net w\n  input wide\n  dense 6 relu\n  dense 1 sigmoid\nend\nsummary w\n"

static const Column *column(const Session *session, const char *frame, const char *name)
{
    Err err = { 0 };
    const Frame *there = session_frame(session, frame, &err);
    if (!there) fail_msg("%s", err.message);
    int c = frame_find(there, name);
    assert_true(c >= 0);
    return there->columns[c].column;
}

static void assert_same(const Column *a, const Column *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->numbers, b->numbers, a->n * sizeof *a->numbers);
}

static void threads_change_no_reason(void **state)
{
    (void)state;
    Session *session = run(WIDE "set threads 1\npredict w part=all reasons=3 as one\n"
                                "set threads 3\npredict w part=all reasons=3 as three\n");
    assert_int_equal(column(session, "one", "reason1_by")->n, 120);
    assert_same(column(session, "one", "reason1_by"), column(session, "three", "reason1_by"));
    assert_same(column(session, "one", "reason3_by"), column(session, "three", "reason3_by"));
    session_free(session);
}

static void threads_change_no_importance(void **state)
{
    (void)state;
    session_free(run(WIDE "set threads 1\nimportance w repeats=3\nlet one = $last.importance.x1\n"
                          "let high = $last.high.x7\nset threads 3\nimportance w repeats=3\n"
                          "assert $last.importance.x1 == $one and $last.high.x7 == $high\n"));
}

static void reasons_fall_and_raise_the_score(void **state)
{
    (void)state;
    Session *session = run(WIDE "predict w part=all reasons=4 as told\n");
    const Column *by[3] = { column(session, "told", "reason1_by"), column(session, "told", "reason2_by"),
                            column(session, "told", "reason3_by") };
    const Column *what = column(session, "told", "reason1");
    size_t known = 0;
    for (size_t i = 0; i < by[0]->n; i++) {
        if (isnan(by[2]->numbers[i])) continue;
        known++;
        assert_true(by[0]->numbers[i] >= by[1]->numbers[i] && by[1]->numbers[i] >= by[2]->numbers[i]);
        assert_true(by[2]->numbers[i] > 0);
        assert_true(what->codes[i] >= 1 && what->codes[i] <= what->levels->n);
    }
    assert_true(known > 60);
    session_free(session);
}

static void explain_shows_the_same(void **state)
{
    (void)state;
    Session *session = run(WIDE "predict w part=all reasons=1 as told\nexplain w row=9 permutations=16\n");
    const Column *what = column(session, "told", "reason1"), *by = column(session, "told", "reason1_by");
    const Value *parts = record_get(session->last, "parts");
    assert_non_null(parts);
    const Value *part = record_get(parts->record, what->levels->names[what->codes[8] - 1]);
    assert_non_null(part);
    assert_true(part->number == by->numbers[8]);
    session_free(session);
}

static void the_change_turns_the_decision(void **state)
{
    (void)state;
    session_free(run("simulate credit as loans rows=800 seed=7\ndrop loans x5 x6\n"
                     "split loans train=60% valid=40%\nscale loans\nfit logit loans as lr\n"
                     "explain lr row=4 flip=on cutoff=15% keep=x3,x4,macro,x2\n"
                     "assert $last.flip.found\nlet score = $last.flip.score\n"
                     "assert ($last.score < 0.15) != ($score < 0.15)\n"
                     "let to = $last.flip.changes.x1\ncopy loans as other\n"
                     "derive other x1 = 0 * x2 + $to replace\nexplain lr row=4 on=other\n"
                     "assert abs($last.score - $score) < 1e-9\n"));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_no_reason),         cmocka_unit_test(threads_change_no_importance),
        cmocka_unit_test(reasons_fall_and_raise_the_score), cmocka_unit_test(explain_shows_the_same),
        cmocka_unit_test(the_change_turns_the_decision),
    };
    return cmocka_run_group_tests_name("lang_explaining", tests, NULL, NULL);
}
