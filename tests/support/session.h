/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session on a display that keeps its text: what tests of the language run their statements in. */
#ifndef FNS_TESTS_SUPPORT_SESSION_H
#define FNS_TESTS_SUPPORT_SESSION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/source.h"
#include "lang/diagnose.h"
#include "support/display.h"

typedef struct TestSession {
    TestDisplay display;
    Session *session;
    atomic_int stop;
    Err err;       /* of the last run */
    Buf diagnosis; /* and as it is shown */
} TestSession;

static inline void test_begin(TestSession *test)
{
    memset(test, 0, sizeof *test);
    display_begin(&test->display);
    test->session = session_new(&test->display.display, &test->stop);
}

static inline void test_end(TestSession *test)
{
    session_free(test->session);
    display_end(&test->display);
    buf_free(&test->diagnosis);
}

static inline Source *test_source(TestSession *test, const char *text)
{
    test->err = (Err){ 0 };
    buf_clear(&test->display.out);
    buf_clear(&test->diagnosis);
    return source_new("test", NULL, text, strlen(text), &test->err);
}

static inline bool test_done(TestSession *test, bool ok)
{
    if (!ok) diagnose_write(&test->diagnosis, &test->err);
    return ok;
}

static inline bool test_run(TestSession *test, const char *text)
{
    Source *source = test_source(test, text);
    return test_done(test, source && session_run(test->session, source, false, &test->err));
}

/* As one entry at the prompt. */
static inline bool test_entry(TestSession *test, const char *text)
{
    Source *source = test_source(test, text);
    test->session->prompt = true;
    bool ok = source && session_run(test->session, source, true, &test->err);
    test->session->prompt = false;
    return test_done(test, ok);
}

static inline const char *test_out(const TestSession *test)
{
    return buf_text(&test->display.out);
}

/* Must run, and print just this. */
static inline void expect_prints(TestSession *test, const char *text, const char *out)
{
    if (!test_run(test, text)) fail_msg("%s\n%s", text, buf_text(&test->diagnosis));
    assert_string_equal(test_out(test), out);
}

/* Must fail with this code, and its diagnosis hold these words. */
static inline void expect_fails(TestSession *test, const char *text, const char *code, const char *words)
{
    if (test_run(test, text)) fail_msg("ran: %s", text);
    assert_string_equal(err_code_word(test->err.code), code);
    if (!strstr(buf_text(&test->diagnosis), words))
        fail_msg("%s lacks: %s", buf_text(&test->diagnosis), words);
}

#endif
